import { digestOf } from "../../../model/digest.ts";
import type { Properties } from "../../../model/template.ts";
import { pascal } from "../../ids.ts";
import type { Scope } from "../../scope.ts";
import type { Definition } from "../x-resource.ts";

type Kind = "cluster" | "instance";

const identifiers = { cluster: "DBClusterIdentifier", instance: "DBInstanceIdentifier" } as const;

/**
 * The log groups that RDS makes by itself for `EnableCloudwatchLogsExports`, declared, so that they
 * go with an environment that is made to be deleted. They are there before the database, whose
 * name has to be known for that.
 */
export function exportedLogs(
  { id, name, properties }: Definition,
  kind: Kind,
  { settings }: Pick<Scope, "settings">,
) {
  const { EnableCloudwatchLogsExports: exports } = properties;
  if (settings.ephemeral !== true || !Array.isArray(exports))
    return { identifier: {}, groups: [], dependsOn: {} };
  const key = identifiers[kind];
  const { application, environment, prefix = "trueup" } = settings;
  const own = properties[key] ?? identifierOf([prefix, application, environment, name]);
  const groups = exports.map((log) => ({
    id: `${id}${pascal(String(log))}LogGroup`,
    type: "AWS::Logs::LogGroup",
    properties: {
      LogGroupName: `/aws/rds/${kind}/${String(own)}/${String(log)}`,
      RetentionInDays: 1,
    },
  }));
  const identifier: Properties = { [key]: own };
  return { identifier, groups, dependsOn: { dependsOn: groups.map((group) => group.id) } };
}

/** Letters, digits and single hyphens, at most 63, and another for every environment. */
const identifierOf = (parts: readonly string[]): string =>
  `${parts
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 54)
    .replace(/-$/, "")}-${digestOf(parts).slice(0, 8)}`;
