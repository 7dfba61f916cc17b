import { allowing, arn, type Statement } from "../iam.ts";
import { boolean, booleanOr, list, mapOf, object, open, type Read, text } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { familiesNamed } from "../services/unknown-service.ts";
import type { Definition } from "./x-resource.ts";

const readConsumer = booleanOr(
  object({
    CloudWatchPutMetricData: boolean,
    DynamoDB: booleanOr(object({ EnableCreateDeleteTables: boolean, TableNames: list(text) })),
  }),
);

const readConsumers = mapOf(readConsumer);

const readMacros = open({
  SetupIAMForKCL: (data, path, report) =>
    data === false ? undefined : readConsumers(data, path, report),
});

type Consumer = Read<typeof readConsumer>;

const use = [
  "dynamodb:DeleteItem",
  "dynamodb:DescribeTable",
  "dynamodb:GetItem",
  "dynamodb:PutItem",
  "dynamodb:Query",
  "dynamodb:Scan",
  "dynamodb:UpdateItem",
];

const make = ["dynamodb:CreateTable", "dynamodb:DeleteTable", "dynamodb:UpdateTable"];

/**
 * `SetupIAMForKCL`: what consumers by the Kinesis Client Library may do beside reading the stream.
 * ComposeX lets those that name no table use every table of the account.
 */
export function allowConsumers({ given, path }: Definition, scope: Scope): void {
  const at = [...path, "MacroParameters"];
  const { SetupIAMForKCL = {} } = readMacros(given.MacroParameters ?? null, at, scope.report) ?? {};
  for (const [service, consumer] of Object.entries(SetupIAMForKCL)) {
    if (consumer === false) continue;
    const where = [...at, "SetupIAMForKCL", service];
    const statements = statementsOf(consumer, where, scope.report);
    for (const { taskStatements } of familiesNamed(service, where, scope))
      taskStatements.push(...statements);
  }
}

function statementsOf(consumer: Consumer, path: Path, report: Report): readonly Statement[] {
  const { CloudWatchPutMetricData = true, DynamoDB = true } =
    typeof consumer === "boolean" ? {} : consumer;
  return [
    ...(CloudWatchPutMetricData
      ? // Metrics have no resources to narrow this to.
        [allowing(["cloudwatch:PutMetricData"], ["*"])]
      : []),
    ...(DynamoDB === false ? [] : tablesOf(DynamoDB, path, report)),
  ];
}

function tablesOf(
  tables:
    | true
    | { readonly EnableCreateDeleteTables?: boolean; readonly TableNames?: readonly string[] },
  path: Path,
  report: Report,
): readonly Statement[] {
  const { EnableCreateDeleteTables = false, TableNames = [] } = tables === true ? {} : tables;
  if (TableNames.length > 0)
    return [
      allowing(
        [...use, ...(EnableCreateDeleteTables ? make : [])].sort(),
        TableNames.flatMap((name) => [
          arn("dynamodb", [`table/${name}`]),
          arn("dynamodb", [`table/${name}/index/*`]),
        ]),
      ),
    ];
  const message = "nothing says in which tables consumers share the work out";
  const help = "Add DynamoDB: {TableNames: […], EnableCreateDeleteTables: true}.";
  report.error({ code: "cannot-honour", path, message, help });
  return [];
}
