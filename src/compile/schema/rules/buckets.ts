import type { Properties } from "../../../model/template.ts";
import { type Breach, below, itemsIn, listIn, numberIn, type Rule, textIn } from "../literal.ts";

const statusOf = ({ VersioningConfiguration: given }: Properties) =>
  typeof given === "object" && below(given).Status === undefined
    ? undefined
    : (textIn(below(given).Status) ?? "Suspended");

/** What copies versions, or keeps them, needs them. */
const versions: Rule = (bucket) => {
  const status = statusOf(bucket);
  const path = [bucket.VersioningConfiguration === undefined ? "" : "VersioningConfiguration"];
  const help = "Add VersioningConfiguration: {Status: Enabled}.";
  if (bucket.ReplicationConfiguration !== undefined && status === "Suspended")
    return [
      {
        path: ["ReplicationConfiguration"],
        message: "only a bucket that keeps versions is replicated",
        help,
      },
    ];
  return textIn(bucket.ObjectLockEnabled)?.toLowerCase() === "true" &&
    bucket.VersioningConfiguration !== undefined &&
    status === "Suspended"
    ? [{ path, message: "a bucket that locks objects keeps versions", help }]
    : [];
};

const rulesOf = (bucket: Properties) =>
  itemsIn(below(bucket.LifecycleConfiguration), "Rules").map(({ item, path }) => ({
    item,
    path: ["LifecycleConfiguration", ...path],
  }));

const does = [
  "AbortIncompleteMultipartUpload",
  "ExpirationDate",
  "ExpirationInDays",
  "ExpiredObjectDeleteMarker",
  "NoncurrentVersionExpiration",
  "NoncurrentVersionExpirationInDays",
  "NoncurrentVersionTransition",
  "NoncurrentVersionTransitions",
  "Transition",
  "Transitions",
];

const lifecycle: Rule = (bucket) => {
  const all = rulesOf(bucket);
  const ids = all.map(({ item: { Id } }) => textIn(Id));
  return all.flatMap(({ item, path }, at): readonly Breach[] => [
    ...(does.some((key) => item[key] !== undefined) || Object.keys(item).length === 0
      ? []
      : [
          {
            path,
            message: "a rule of a lifecycle does something to objects, and this one does nothing",
            help: `It takes ${does.join(", ")}.`,
          },
        ]),
    ...(ids[at] !== undefined && ids.indexOf(ids[at]) < at
      ? [{ path: [...path, "Id"], message: `another rule is called ${ids[at]}` }]
      : []),
    ...transitionsOf(item).flatMap(({ class: to, days, path: own }) =>
      tooEarly(to, days, item, [...path, ...own]),
    ),
  ]);
};

function transitionsOf(rule: Properties) {
  const one =
    rule.Transition === undefined ? [] : [{ item: below(rule.Transition), path: ["Transition"] }];
  return [...one, ...itemsIn(rule, "Transitions")].map(({ item, path }) => ({
    class: textIn(item.StorageClass),
    days: numberIn(item.TransitionInDays),
    path,
  }));
}

/** Objects are kept for thirty days before they go to what is read seldom, and go nowhere once they are gone. */
function tooEarly(
  to: string | undefined,
  days: number | undefined,
  { ExpirationInDays }: Properties,
  path: readonly (string | number)[],
): readonly Breach[] {
  if (days === undefined) return [];
  const gone = numberIn(ExpirationInDays);
  if (gone !== undefined && gone <= days) {
    const message = `objects go to ${to} after ${days} days, and are gone after ${gone}`;
    return [{ path, message, help: "Make ExpirationInDays more, or TransitionInDays less." }];
  }
  return /^(?:STANDARD|ONEZONE)_IA$/.test(to ?? "") && days < 30
    ? [
        {
          path: [...path, "TransitionInDays"],
          message: `objects go to ${to} after 30 days at the earliest`,
        },
      ]
    : [];
}

/** A key is KMS's, and AES256 has none. */
const encryption: Rule = ({ BucketEncryption: given }) =>
  itemsIn(below(given), "ServerSideEncryptionConfiguration").flatMap(({ item, path }) => {
    const { KMSMasterKeyID, SSEAlgorithm } = below(item.ServerSideEncryptionByDefault);
    if (KMSMasterKeyID === undefined || textIn(SSEAlgorithm) !== "AES256") return [];
    return [
      {
        path: ["BucketEncryption", ...path, "ServerSideEncryptionByDefault", "KMSMasterKeyID"],
        message: "a key goes with SSEAlgorithm: aws:kms, and not with AES256",
      },
    ];
  });

const website: Rule = ({ WebsiteConfiguration: given }) => {
  const { RedirectAllRequestsTo, ...others } = below(given);
  const [other] = Object.keys(others);
  return RedirectAllRequestsTo !== undefined && other !== undefined
    ? [
        {
          path: ["WebsiteConfiguration", other],
          message: `where all requests are sent on (RedirectAllRequestsTo) there is no ${other}`,
        },
      ]
    : [];
};

const dots: Rule = ({ AccelerateConfiguration, BucketName }) =>
  AccelerateConfiguration !== undefined && textIn(BucketName)?.includes(".")
    ? [{ path: ["BucketName"], message: "a bucket with a dot in its name is not accelerated" }]
    : [];

const leastDays: Readonly<Record<string, number>> = {
  ARCHIVE_ACCESS: 90,
  DEEP_ARCHIVE_ACCESS: 180,
};

const tierings: Rule = (bucket) =>
  itemsIn(bucket, "IntelligentTieringConfigurations").flatMap(({ item, path }) =>
    itemsIn(item, "Tierings").flatMap(({ item: tier, path: own }) => {
      const least = leastDays[textIn(tier.AccessTier) ?? ""];
      const days = numberIn(tier.Days);
      if (least === undefined || days === undefined || (days >= least && days <= 730)) return [];
      const message = `objects go to ${textIn(tier.AccessTier)} after ${least} to 730 days`;
      return [{ path: [...path, ...own, "Days"], message }];
    }),
  );

const origins: Rule = ({ CorsConfiguration: given }) =>
  itemsIn(below(given), "CorsRules").flatMap(({ item, path }) =>
    listIn(item.AllowedOrigins).flatMap((origin, at) =>
      (textIn(origin) ?? "").split("*").length > 2
        ? [
            {
              path: ["CorsConfiguration", ...path, "AllowedOrigins", at],
              message: "an origin has one * at most",
            },
          ]
        : [],
    ),
  );

export const bucketRules: readonly Rule[] = [
  versions,
  lifecycle,
  encryption,
  website,
  dots,
  tierings,
  origins,
];
