import type { Properties } from "../../../model/template.ts";
import {
  type Breach,
  below,
  isOn,
  itemsIn,
  listIn,
  numberIn,
  type Rule,
  textIn,
} from "../literal.ts";

const statusOf = ({ VersioningConfiguration: given }: Properties) =>
  typeof given === "object" && below(given).Status === undefined
    ? undefined
    : (textIn(below(given).Status) ?? "Suspended");

/** What copies versions, or keeps them, needs them. */
const versions: Rule = (bucket) => {
  const status = statusOf(bucket);
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
    ? [
        {
          path: ["VersioningConfiguration"],
          message: "a bucket that locks objects keeps versions",
          help,
        },
      ]
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

/** Since 2023 a bucket refuses to be everybody's unless it is told not to. */
const access: Rule = ({ AccessControl, PublicAccessBlockConfiguration: block }) =>
  /^PublicRead(?:Write)?$/.test(textIn(AccessControl) ?? "") &&
  (block === undefined || isOn(below(block).BlockPublicAcls))
    ? [
        {
          path: ["AccessControl"],
          message: `S3 makes no bucket that is ${textIn(AccessControl)} and blocks public access, as all do by themselves`,
          help: "Allow it by a policy, or write PublicAccessBlockConfiguration: {BlockPublicAcls: false}.",
        },
      ]
    : [];

const kinds = ["Lambda", "Queue", "Topic"];

/** What a notification is about: an event, and objects whose names begin and end so. */
function notificationsOf(bucket: Properties) {
  const given = below(bucket.NotificationConfiguration);
  return kinds.flatMap((kind) =>
    itemsIn(given, `${kind}Configurations`).map(({ item, path }) => {
      const rules = itemsIn(below(below(item.Filter).S3Key), "Rules");
      const givenAs = (name: string) => {
        const rule = rules.find(({ item: one }) => textIn(one.Name)?.toLowerCase() === name);
        return rule === undefined ? "" : textIn(rule.item.Value);
      };
      const [prefix, suffix] = [givenAs("prefix"), givenAs("suffix")];
      return { event: textIn(item.Event), path, prefix, suffix };
    }),
  );
}

type Notification = ReturnType<typeof notificationsOf>[number];

/** Whether one object could do what both tell of. */
function isSame(one: Notification, other: Notification): boolean {
  const [first, second] = [one, other].map(({ event = "" }) => event.replace(/:\*$/, ":"));
  const isWithin = (a = "", b = ""): boolean => a === b || (b.endsWith(":") && a.startsWith(b));
  const known = [one.event, other.event, one.prefix, other.prefix, one.suffix, other.suffix];
  if (known.includes(undefined)) return false;
  const [prefix = "", before = "", suffix = "", after = ""] = known.slice(2);
  const isEvent = isWithin(first, second) || isWithin(second, first);
  const isName =
    (prefix.startsWith(before) || before.startsWith(prefix)) &&
    (suffix.endsWith(after) || after.endsWith(suffix));
  return isEvent && isName;
}

const notifications: Rule = (bucket) => {
  const all = notificationsOf(bucket);
  return all.flatMap((one, at) =>
    all.slice(0, at).some((other) => isSame(one, other))
      ? [
          {
            path: ["NotificationConfiguration", ...one.path],
            message:
              "another notification of the bucket tells of the same event of the same objects",
            help: "S3 tells one: have a topic that tells all who want to know, or Filter by prefix.",
          },
        ]
      : [],
  );
};

export const bucketRules: readonly Rule[] = [
  versions,
  lifecycle,
  encryption,
  website,
  dots,
  tierings,
  origins,
  access,
  notifications,
];
