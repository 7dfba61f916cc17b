import { getAtt, join, type Properties, ref } from "../../model/template.ts";
import { pascal } from "../ids.ts";
import { asList, boolean, integer, mapOf, number, object, type Read } from "../read.ts";
import type { Path, Report } from "../report.ts";
import { propertiesIn, type Scope } from "../scope.ts";
import { type Definition, type Given, type Grant, kept, type XResource } from "./x-resource.ts";

const read = [
  "dynamodb:BatchGetItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DescribeTable",
  "dynamodb:GetItem",
  "dynamodb:Query",
  "dynamodb:Scan",
];
const write = [
  "dynamodb:BatchWriteItem",
  "dynamodb:DeleteItem",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
];
const stream = [
  "dynamodb:DescribeStream",
  "dynamodb:GetRecords",
  "dynamodb:GetShardIterator",
  "dynamodb:ListStreams",
];

/** On the table and its indexes. */
const table = (...actions: readonly string[]): readonly Grant[] => [
  { actions, on: (arn) => [arn, join([arn, "/index/*"])] },
];
const streams: readonly Grant[] = [{ actions: stream, on: (arn) => [join([arn, "/stream/*"])] }];

const readCapacity = object(
  {
    MinCapacity: integer,
    MaxCapacity: integer,
    TargetValue: number,
    ScaleInCooldown: integer,
    ScaleOutCooldown: integer,
    DisableScaleIn: boolean,
  },
  ["MinCapacity", "MaxCapacity"],
);
const readCapacities = object({
  ReadCapacityUnits: readCapacity,
  WriteCapacityUnits: readCapacity,
});
const readScaling = object({
  Table: readCapacities,
  Indexes: mapOf(readCapacities),
  CopyToIndexes: boolean,
});

/** `x-dynamodb`: tables, paid by the request unless the file says how much they provision. */
export const dynamodb: XResource = {
  key: "x-dynamodb",
  suffix: "Table",
  reads: ["Scaling"],

  returnValues: {
    TableName: (id) => ref(id),
    Arn: (id) => getAtt(id, "Arn"),
    StreamArn: (id, given) => (hasStream(given) ? getAtt(id, "StreamArn") : undefined),
  },

  access: {
    RO: table(...read),
    RW: table(...read, ...write),
    PowerUser: [
      ...table(
        ...read,
        ...write,
        "dynamodb:PartiQLDelete",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLSelect",
        "dynamodb:PartiQLUpdate",
        "dynamodb:UpdateTimeToLive",
      ),
      ...streams,
    ],
    KinesisKCL: [...table(...read, ...write), ...streams],
    DynamoDBCrudPolicy: table(...read, ...write),
    DynamoDBReadPolicy: table(...read),
    DynamoDBWritePolicy: table(...write),
    DynamoDBStreamReadPolicy: streams,
  },

  lookup: {
    type: "AWS::DynamoDB::Table",
    standIn: (name, { account, region }) => ({
      TableName: name,
      Arn: `arn:aws:dynamodb:${region}:${account}:table/${name}`,
      StreamArn: `arn:aws:dynamodb:${region}:${account}:table/${name}/stream/2026-01-01T00:00:00.000`,
    }),
  },

  encryptedWith: ({ SSESpecification }) =>
    isProperties(SSESpecification) ? SSESpecification.KMSMasterKeyId : undefined,

  resources: (definition, scope) => {
    const { id, path, properties } = definition;
    for (const key of ["AttributeDefinitions", "KeySchema"]) {
      if (properties[key] !== undefined) continue;
      const message = `Properties.${key} is missing`;
      scope.report.error({ code: "missing-key", path, message });
    }
    const billing =
      properties.BillingMode === undefined && properties.ProvisionedThroughput === undefined
        ? { BillingMode: "PAY_PER_REQUEST" }
        : {};
    const table: Properties = { ...billing, ...properties };
    return [
      {
        id,
        type: "AWS::DynamoDB::Table",
        properties: table,
        ...kept,
      },
      ...(table.BillingMode === "PAY_PER_REQUEST"
        ? unscaled(definition, scope)
        : scaling(definition, scope)),
    ];
  },
};

const hasStream = (given: Given): boolean => propertiesIn(given).StreamSpecification !== undefined;

const isProperties = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is paid by the request provisions nothing that could follow its use. */
function unscaled({ given, path }: Definition, { report }: Scope): readonly never[] {
  if ((given.Scaling ?? null) === null) return [];
  const message = "Scaling does nothing: the table is paid by the request, and provisions nothing";
  const help = "Add Properties.ProvisionedThroughput, and no BillingMode, to have it provision.";
  report.warn({ code: "no-effect", path: [...path, "Scaling"], message, help });
  return [];
}

/** `Scaling`: what a table and its indexes provision follows their use. */
function scaling(definition: Definition, { report }: Scope) {
  const path = [...definition.path, "Scaling"];
  const {
    Table,
    Indexes = {},
    CopyToIndexes,
  } = readScaling(definition.given.Scaling ?? null, path, report) ?? {};
  const indexes = indexesOf(definition.properties);
  const copied = CopyToIndexes === true && Table !== undefined ? indexes : [];
  const byIndex = { ...Object.fromEntries(copied.map((name) => [name, Table ?? {}])), ...Indexes };
  for (const name of Object.keys(Indexes)) {
    if (indexes.includes(name)) continue;
    const message = `the table has no index ${name}`;
    report.error({ code: "unknown-value", path: [...path, "Indexes", name], message });
  }
  checkRanges(Table ?? {}, [...path, "Table"], report);
  for (const [name, capacities] of Object.entries(Indexes))
    checkRanges(capacities, [...path, "Indexes", name], report);
  return [
    ...targets(definition, "table", [], Table ?? {}),
    ...Object.entries(byIndex).flatMap(([name, capacities]) =>
      targets(definition, "index", [name], capacities),
    ),
  ];
}

/** From the fewest units to the most, of which there is one. */
function checkRanges(capacities: Read<typeof readCapacities>, path: Path, report: Report): void {
  for (const [key, { MinCapacity: least = 1, MaxCapacity: most = 1 }] of Object.entries(
    capacities,
  )) {
    if (least >= 1 && least <= most) continue;
    const message = `from ${least} to ${most} there is nothing: 1 is the least, and MaxCapacity as much as MinCapacity`;
    report.error({ code: "out-of-bounds", path: [...path, key], message });
  }
}

const indexesOf = ({ GlobalSecondaryIndexes }: Properties): readonly string[] =>
  asList(GlobalSecondaryIndexes).map((index) => String((index as Properties).IndexName));

function targets(
  { id }: Definition,
  scalable: "table" | "index",
  index: readonly string[],
  capacities: Read<typeof readCapacities>,
) {
  return (["Read", "Write"] as const).flatMap((use) => {
    const capacity = capacities[`${use}CapacityUnits`];
    if (capacity === undefined) return [];
    const target = `${id}${index.map(pascal).join("")}${use}Capacity`;
    const { MinCapacity = 1, MaxCapacity = 1, TargetValue = 70, ...rest } = capacity;
    return [
      {
        id: target,
        type: "AWS::ApplicationAutoScaling::ScalableTarget",
        properties: {
          ServiceNamespace: "dynamodb",
          ScalableDimension: `dynamodb:${scalable}:${use}CapacityUnits`,
          ResourceId: join(["table/", ref(id), ...index.map((name) => `/index/${name}`)]),
          MinCapacity,
          MaxCapacity,
        },
      },
      {
        id: `${target}Policy`,
        type: "AWS::ApplicationAutoScaling::ScalingPolicy",
        properties: {
          PolicyName: `${target}Policy`,
          PolicyType: "TargetTrackingScaling",
          ScalingTargetId: ref(target),
          TargetTrackingScalingPolicyConfiguration: {
            PredefinedMetricSpecification: {
              PredefinedMetricType: `DynamoDB${use}CapacityUtilization`,
            },
            TargetValue,
            ScaleInCooldown: 60,
            ScaleOutCooldown: 60,
            ...rest,
          },
        },
      },
    ];
  });
}
