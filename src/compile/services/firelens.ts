import { type Properties, pseudo, ref } from "../../model/template.ts";
import type { Statement } from "../iam.ts";
import { asMapping, boolean, object, type Read } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { textValue } from "../values.ts";
import type { Family, Member } from "./family.ts";
import { rightsFor } from "./log-destination.ts";
import { addRouter, readAdvanced, readConfiguration } from "./log-router.ts";

const shorthands = object({ ReplaceAwsLogs: boolean, FirelensConfiguration: readConfiguration });

const readFireLens = object({
  Shorthands: shorthands,
  // As its documentation has it.
  ShortHands: shorthands,
  Advanced: readAdvanced,
});

/** Where a container's logs go, as its definition has it. */
export interface Logging {
  readonly driver: string;
  readonly options: Properties;
}

/** `x-logging.FireLens`: where a container's logs go by way of a log router. */
export function routed(member: Member, logging: Logging, scope: Scope): Logging {
  const path = [...member.path, "x-logging", "FireLens"];
  const data = asMapping(member.service["x-logging"]).FireLens;
  const given = data === undefined ? undefined : readFireLens(data, path, scope.report);
  if (given === undefined) return logging;
  const { driver, options } = routeOf(given, member, logging, scope);
  const { LogDriverBufferLimit: most } = given.Advanced ?? {};
  if (most === undefined || driver !== "awsfirelens") return { driver, options };
  if (most < 0 || most > largestBuffer) {
    const message = `LogDriverBufferLimit is 0 to ${largestBuffer} bytes`;
    const at = [...path, "Advanced", "LogDriverBufferLimit"];
    scope.report.error({ code: "out-of-bounds", path: at, message });
  }
  return { driver, options: { ...options, "log-driver-buffer-limit": String(most) } };
}

const largestBuffer = 536_870_912;

type FireLens = Read<typeof readFireLens>;

function routeOf(
  { Shorthands, ShortHands, Advanced }: FireLens,
  member: Member,
  logging: Logging,
  scope: Scope,
): Logging {
  const path = [...member.path, "x-logging", "FireLens"];
  const destinations = Advanced?.ComposeXManagedAwsDestinations ?? [];
  const at = [...path, "Advanced", "ComposeXManagedAwsDestinations"];
  const [destination] = destinations;
  if (destinations.length > 1) {
    const message = "a container's logs go to one destination here, the first: to no other";
    const help = "Subscribe others to that log group or stream.";
    scope.report.warn({ code: "no-effect", path: at, message, help });
  }
  if (destination !== undefined) {
    warnOfOverruled(member, logging, scope);
    return awsDestination(destination, member, [...at, 0], scope);
  }
  if (logging.driver !== "awslogs") return logging;
  if ((Shorthands ?? ShortHands)?.ReplaceAwsLogs === true) return asRouted(logging.options);
  if (Advanced?.SourceFile === undefined) return logging;
  // Its own configuration says where they go.
  warnOfOverruled(member, logging, scope);
  return { driver: "awsfirelens", options: {} };
}

/** Says where `logging` has logs go elsewhere. What it says of a driver that ECS has not is told already. */
function warnOfOverruled({ service, path }: Member, { driver }: Logging, { report }: Scope): void {
  const written = asMapping(service.logging);
  const isOther = driver !== "awslogs" && driver !== "awsfirelens";
  const isTold = Object.keys(asMapping(written.options)).length > 0;
  if (!isOther && !(isTold && (written.driver ?? driver) === driver)) return;
  const message = "x-logging.FireLens says where the logs go, so this is not used";
  report.warn({ code: "overruled", path: [...path, "logging"], message });
}

/** Says whose `FireLens` does nothing, where no container's logs go by way of a router. */
export function warnOfUnrouted({ members }: Family, { report }: Scope): void {
  for (const { service, path } of members) {
    const { Advanced, Shorthands, ShortHands } = asMapping(
      asMapping(service["x-logging"]).FireLens,
    );
    const replaces = [Shorthands, ShortHands].some(
      (one) => String(asMapping(one).ReplaceAwsLogs) === "true",
    );
    if (!replaces && Advanced === undefined) continue;
    const message = "no logs go to a log router, so there is none";
    const help = "Write logging: {driver: awsfirelens}, or leave this out.";
    report.warn({ code: "no-effect", path: [...path, "x-logging", "FireLens"], message, help });
  }
}

/** The options of the driver awslogs, as the log router's plugin calls them. */
const asRouted = ({
  "awslogs-group": group = "",
  "awslogs-region": region = pseudo.region,
  "awslogs-stream-prefix": prefix = "",
  "awslogs-create-group": creates = "false",
}: Properties): Logging => ({
  driver: "awsfirelens",
  options: {
    Name: "cloudwatch_logs",
    region,
    log_group_name: group,
    log_stream_prefix: typeof prefix === "string" ? `${prefix}/` : prefix,
    auto_create_group: creates,
  },
});

/** By the key that names where logs go: the plugin that brings them there. */
const plugins: Readonly<Record<string, string>> = {
  delivery_stream: "kinesis_firehose",
  stream: "kinesis_streams",
  log_group_name: "cloudwatch_logs",
};

function awsDestination(
  given: Readonly<Record<string, string>>,
  member: Member,
  path: Path,
  scope: Scope,
): Logging {
  const named = Object.keys(plugins).filter((key) => given[key] !== undefined);
  const [name = ""] = named;
  if (named.length !== 1) {
    const message = `exactly one of ${Object.keys(plugins).join(", ")} says where logs go`;
    scope.report.error({ code: "missing-key", path, message });
  }
  const options = Object.entries(given).map(([key, value]) => [
    key,
    textValue(value, [...path, key], scope),
  ]);
  return {
    driver: "awsfirelens",
    options: {
      Name: plugins[name] ?? "",
      region: pseudo.region,
      ...(name === "log_group_name" ? { log_stream_prefix: `${member.container}/` } : {}),
      ...Object.fromEntries(options),
    },
  };
}

/** Adds the log router, and the right to write where it is told to: its rights are the task's. */
export function route(options: Properties, family: Family, scope: Scope): void {
  const id = `${family.id}LogGroup`;
  for (const statement of rightsFor(options, { id, group: ref(id) })) {
    const isKnown = (known: Statement) => JSON.stringify(known) === JSON.stringify(statement);
    if (!family.taskStatements.some(isKnown)) family.taskStatements.push(statement);
  }
  addRouter(family, scope);
}
