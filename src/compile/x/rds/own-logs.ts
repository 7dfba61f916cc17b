import { shown } from "../../../compose/shown.ts";
import type { Value } from "../../../model/template.ts";
import type { Report } from "../../report.ts";
import type { Definition } from "../x-resource.ts";

const ofMysql = ["audit", "error", "general", "iam-db-auth-error", "slowquery"];

/** What an engine writes that may go to CloudWatch Logs (CreateDBInstance, CreateDBCluster). */
const logsOf: Readonly<Record<string, readonly string[]>> = {
  "aurora-mysql": [...ofMysql, "instance"],
  "aurora-postgresql": ["iam-db-auth-error", "instance", "postgresql"],
  mariadb: ofMysql,
  mysql: ofMysql,
  postgres: ["iam-db-auth-error", "postgresql", "upgrade"],
};

const known = new Set(Object.values(logsOf).flat());

/** A database that sends what its engine writes: RDS makes none that is to send another's logs. */
export function withOwnLogs(definition: Definition, engine: string, report: Report): Definition {
  const { path, properties } = definition;
  const { EnableCloudwatchLogsExports: given, ...others } = properties;
  const own = Object.hasOwn(logsOf, engine) ? logsOf[engine] : undefined;
  if (own === undefined || !Array.isArray(given)) return definition;
  const isOwn = (log: Value): boolean => typeof log !== "string" || own.includes(log);
  const help = `It has ${own.join(", ")}.`;
  for (const [index, log] of given.entries()) {
    if (isOwn(log)) continue;
    const at = [...path, "Properties", "EnableCloudwatchLogsExports", index];
    const message = `${engine} has no log ${shown(log)}`;
    if (known.has(log))
      report.warn({ code: "no-effect", path: at, message: `${message}: it is left out`, help });
    else report.error({ code: "unknown-value", path: at, message, help });
  }
  const left = given.filter(isOwn);
  const sent = left.length === 0 ? {} : { EnableCloudwatchLogsExports: left };
  return { ...definition, properties: { ...others, ...sent } };
}
