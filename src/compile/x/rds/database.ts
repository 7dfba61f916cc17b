import { join, type Properties, ref, type Value } from "../../../model/template.ts";
import { hashedId } from "../../ids.ts";
import {
  asIs,
  boolean,
  isMapping,
  list,
  mapOf,
  notBuilt,
  object,
  type Read,
  text,
} from "../../read.ts";
import type { Scope } from "../../scope.ts";
import { propertiesOf } from "../../values.ts";
import { type Definition, type Given, kept } from "../x-resource.ts";

const readMacros = object({
  Engine: text,
  EngineVersion: text,
  UseServerless: boolean,
  UseMultiAz: boolean,
  Instances: list(asIs),
  ParametersGroups: object({ Description: text, Family: text, Parameters: mapOf(text) }, [
    "Family",
  ]),
  RdsFeatures: notBuilt,
  PermissionsBoundary: notBuilt,
});
const readSettings = object({ Subnets: text, SecretsMappings: notBuilt });

type Macros = NonNullable<Read<typeof readMacros>>;

/** A database as CloudFormation has it: who it is, what guards it, where it is. */
export function databaseOf(definition: Definition, scope: Scope) {
  const { id, path, given, properties } = definition;
  const engine = engineOf(given);
  const at = [...path, "MacroParameters"];
  const macros = readMacros(given.MacroParameters ?? null, at, scope.report) ?? {};
  const settings = readSettings(given.Settings ?? null, [...path, "Settings"], scope.report);
  if (engine === "") {
    const help = "Add MacroParameters: {Engine: aurora-postgresql, EngineVersion: …}.";
    scope.report.error({ code: "missing-key", path, message: "Engine is missing", help });
  }
  for (const key of ["MasterUsername", "MasterUserPassword"]) {
    if (properties[key] === undefined) continue;
    const message = `${key} is not used: Secrets Manager makes the credentials`;
    scope.report.warn({ code: "overruled", path: [...path, "Properties", key], message });
  }
  const group = settings?.Subnets ?? "StorageSubnets";
  const subnets = scope.network().subnets(group);
  if (subnets === undefined)
    scope.report.error({ code: "unknown-subnets", path, message: `there are no subnets ${group}` });
  return [
    secretOf(id),
    {
      id: securityGroupOf(definition, scope),
      type: "AWS::EC2::SecurityGroup",
      properties: groupProperties(definition, scope),
    },
    {
      id: `${id}Subnets`,
      type: "AWS::RDS::DBSubnetGroup",
      properties: {
        DBSubnetGroupDescription: `Database ${definition.name}`,
        SubnetIds: subnets ?? [],
      },
    },
    ...parametersOf(id, engine, macros),
    ...(isCluster(engine)
      ? clusterOf(definition, macros, scope)
      : instanceOf(definition, macros, scope)),
    {
      id: `${id}SecretAttachment`,
      type: "AWS::SecretsManager::SecretTargetAttachment",
      properties: {
        SecretId: ref(`${id}Secret`),
        TargetId: ref(id),
        TargetType: isCluster(engine) ? "AWS::RDS::DBCluster" : "AWS::RDS::DBInstance",
      },
    },
  ];
}

/** The engine, wherever the file names it; empty: nowhere. */
export function engineOf({ MacroParameters, Properties }: Given): string {
  const macro = isMapping(MacroParameters) ? MacroParameters.Engine : undefined;
  const own = isMapping(Properties) ? Properties.Engine : undefined;
  return String(own ?? macro ?? "");
}

export const isCluster = (engine: string): boolean => engine.startsWith("aurora");

const ports: readonly (readonly [RegExp, number])[] = [
  [/postgres/, 5432],
  [/^oracle/, 1521],
  [/^sqlserver/, 1433],
];

/** The port that clients connect to. */
export function portOf(given: Given): number {
  const own = isMapping(given.Properties) ? given.Properties.Port : undefined;
  if (own !== undefined) return Number(own);
  const engine = engineOf(given);
  return ports.find(([name]) => name.test(engine))?.[1] ?? 3306;
}

const groupProperties = ({ name }: Pick<Definition, "name">, scope: Scope): Properties => ({
  GroupDescription: `Database ${name}`,
  VpcId: scope.network().vpc,
});

export const securityGroupOf = (
  definition: Pick<Definition, "id" | "name">,
  scope: Scope,
): string => hashedId(`${definition.id}SecurityGroup`, groupProperties(definition, scope));

/** Without punctuation, so that it can stand in a connection string as it is. */
const secretOf = (id: string) => ({
  id: `${id}Secret`,
  type: "AWS::SecretsManager::Secret",
  properties: {
    GenerateSecretString: {
      SecretStringTemplate: '{"username":"dbadmin"}',
      GenerateStringKey: "password",
      PasswordLength: 32,
      ExcludePunctuation: true,
    },
  },
  ...kept,
});

/** A key of a database's secret, resolved by CloudFormation as it makes what needs it. */
export const resolved = (id: string, key: string): Value =>
  join(["{{resolve:secretsmanager:", ref(`${id}Secret`), `:SecretString:${key}}}`]);

function parametersOf(id: string, engine: string, { ParametersGroups: group }: Macros) {
  if (group === undefined) return [];
  const { Description = "Parameters", Family = "", Parameters = {} } = group;
  return [
    {
      id: `${id}Parameters`,
      type: isCluster(engine) ? "AWS::RDS::DBClusterParameterGroup" : "AWS::RDS::DBParameterGroup",
      properties: { Description, Family, Parameters },
    },
  ];
}

const snapshot = { deletionPolicy: "Snapshot", updateReplacePolicy: "Snapshot" } as const;

/** What a cluster and an instance have alike. */
const common = ({ id, given, properties }: Definition, macros: Macros): Properties => ({
  ...(macros.EngineVersion === undefined ? {} : { EngineVersion: macros.EngineVersion }),
  StorageEncrypted: true,
  ...properties,
  Engine: engineOf(given),
  MasterUsername: resolved(id, "username"),
  MasterUserPassword: resolved(id, "password"),
  DBSubnetGroupName: ref(`${id}Subnets`),
});

function clusterOf(definition: Definition, macros: Macros, scope: Scope) {
  const { id, path } = definition;
  const isServerless = macros.UseServerless === true;
  const parameters = macros.ParametersGroups && {
    DBClusterParameterGroupName: ref(`${id}Parameters`),
  };
  const instances = (macros.Instances ?? [{}]).map((instance, index) =>
    propertiesOf(instance, [...path, "MacroParameters", "Instances", index], scope),
  );
  return [
    {
      id,
      type: "AWS::RDS::DBCluster",
      properties: {
        ...(isServerless
          ? { ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 2 } }
          : {}),
        ...common(definition, macros),
        ...parameters,
        VpcSecurityGroupIds: [ref(securityGroupOf(definition, scope))],
      },
      ...snapshot,
    },
    // The data is the cluster's: an instance of it holds none.
    ...instances.map(({ DBAllocatedStorage: _, ...instance }, index) => ({
      id: `${id}Instance${index + 1}`,
      type: "AWS::RDS::DBInstance",
      properties: {
        DBInstanceClass: isServerless ? "db.serverless" : "db.t4g.medium",
        PubliclyAccessible: false,
        ...instance,
        DBClusterIdentifier: ref(id),
        Engine: engineOf(definition.given),
      },
      deletionPolicy: "Delete" as const,
      updateReplacePolicy: "Delete" as const,
    })),
  ];
}

function instanceOf(definition: Definition, macros: Macros, scope: Scope) {
  const parameters = macros.ParametersGroups && {
    DBParameterGroupName: ref(`${definition.id}Parameters`),
  };
  return [
    {
      id: definition.id,
      type: "AWS::RDS::DBInstance",
      properties: {
        DBInstanceClass: "db.t4g.micro",
        AllocatedStorage: "20",
        StorageType: "gp3",
        PubliclyAccessible: false,
        ...(macros.UseMultiAz === undefined ? {} : { MultiAZ: macros.UseMultiAz }),
        ...common(definition, macros),
        ...parameters,
        VPCSecurityGroups: [ref(securityGroupOf(definition, scope))],
      },
      ...snapshot,
    },
  ];
}
