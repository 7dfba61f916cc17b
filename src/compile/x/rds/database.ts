import { type Properties, ref, type Value } from "../../../model/template.ts";
import { pascal } from "../../ids.ts";
import { asIs, asList, boolean, list, mapOf, object, open, type Read, text } from "../../read.ts";
import { propertiesIn, type Scope } from "../../scope.ts";
import { securityGroup } from "../../security-group.ts";
import { propertiesOf } from "../../values.ts";
import { engineIn } from "../macros.ts";
import { storageSubnets } from "../storage-subnets.ts";
import type { Definition, Given } from "../x-resource.ts";
import { auroraClass, ofFirstServerless, serverlessOf } from "./capacity.ts";
import { checkProperties, overruled, versionOf } from "./checks.ts";
import { exportedLogs } from "./exported-logs.ts";
import { featuresOf, readFeatures } from "./features.ts";
import { type Group, groupOf, parametersOf } from "./parameters.ts";
import {
  connectionStringOf,
  resolved,
  secretId,
  secretOf,
  snapshotKeys,
  userOf,
} from "./secret.ts";

const readMacros = open({
  Engine: text,
  EngineVersion: text,
  UseServerless: boolean,
  UseMultiAz: boolean,
  Instances: list(asIs),
  ParametersGroups: object({ Description: text, Family: text, Parameters: mapOf(text) }, [
    "Family",
  ]),
  RdsFeatures: readFeatures,
  PermissionsBoundary: text,
});

const readSettings = open({ Subnets: text, SecretsMappings: asIs });

type Macros = Omit<Read<typeof readMacros>, "EngineVersion" | "ParametersGroups"> & {
  readonly EngineVersion: Value | undefined;
  readonly ParametersGroups: Group | undefined;
};

/** A database as CloudFormation has it: who it is, what guards it, where it is. */
export function databaseOf(definition: Definition, scope: Scope) {
  const { id, path, given } = definition;
  const engine = engineOf(given);
  const at = [...path, "MacroParameters"];
  const read = readMacros(given.MacroParameters ?? null, at, scope.report) ?? {};
  const settings = readSettings(given.Settings ?? null, [...path, "Settings"], scope.report);
  const own = propertiesIn(given).Engine;
  if (own !== undefined) text(own, [...path, "Properties", "Engine"], scope.report);
  if (engine === "") {
    const help = "Add MacroParameters: {Engine: aurora-postgresql, EngineVersion: …}.";
    scope.report.error({ code: "missing-key", path, message: "Engine is missing", help });
  }
  checkProperties(definition, scope.report);
  const { RdsFeatures: features = [], PermissionsBoundary: boundary } = read;
  const asked = { engine, features, boundary };
  const { roles, associated, parameters } = featuresOf(definition, asked, scope);
  const macros = {
    ...read,
    EngineVersion: versionOf(definition, { engine, version: read.EngineVersion }, scope.report),
    ParametersGroups: groupOf(definition, read, parameters, scope),
  };
  const subnets = storageSubnets(settings?.Subnets, path, scope);
  return [
    secretOf(definition, scope),
    guardOf(definition, scope),
    {
      id: `${id}Subnets`,
      type: "AWS::RDS::DBSubnetGroup",
      properties: {
        DBSubnetGroupDescription: `Database ${definition.name}`,
        SubnetIds: subnets,
      },
    },
    ...parametersOf(id, isCluster(engine) ? "cluster" : "instance", macros.ParametersGroups),
    ...roles,
    ...(isCluster(engine)
      ? clusterOf(definition, macros, associated, scope)
      : instanceOf(definition, macros, associated, scope)),
    ...connectionStringOf(definition, engine),
    {
      id: `${id}SecretAttachment`,
      type: "AWS::SecretsManager::SecretTargetAttachment",
      properties: {
        SecretId: ref(secretId(id)),
        TargetId: ref(id),
        TargetType: isCluster(engine) ? "AWS::RDS::DBCluster" : "AWS::RDS::DBInstance",
      },
    },
  ];
}

/** The engine, wherever the file names it; empty: nowhere. */
export const engineOf = (given: Given): string => String(engineIn(given) ?? "");

export const isCluster = (engine: string): boolean => engine.startsWith("aurora");

const ports: readonly (readonly [RegExp, number])[] = [
  [/postgres/, 5432],
  [/^oracle/, 1521],
  [/^sqlserver/, 1433],
];

/** The port that clients connect to. */
export function portOf(given: Given): number {
  const own = propertiesIn(given).Port;
  if (own !== undefined) return Number(own);
  const engine = engineOf(given);
  return ports.find(([name]) => name.test(engine))?.[1] ?? 3306;
}

/** The security group that lets clients in. */
export const guardOf = ({ id, name }: Pick<Definition, "id" | "name">, scope: Scope) =>
  securityGroup(`${id}SecurityGroup`, `Database ${name}`, scope);

const snapshot = { deletionPolicy: "Snapshot", updateReplacePolicy: "Snapshot" } as const;

/** What a cluster and an instance have alike. */
function common({ id, given, properties }: Definition, macros: Macros): Properties {
  const without = new Set([
    ...overruled.keys(),
    "EngineVersion",
    "MasterUsername",
    ...ofFirstServerless(properties),
  ]);
  const own = Object.fromEntries(Object.entries(properties).filter(([key]) => !without.has(key)));
  // What is restored keeps who it belongs to, and whether it is encrypted.
  const isRestored = snapshotKeys.some((key) => own[key]);
  const version = macros.EngineVersion === undefined ? {} : { EngineVersion: macros.EngineVersion };
  return {
    ...version,
    ...(isRestored ? {} : { StorageEncrypted: true }),
    ...own,
    Engine: engineOf(given),
    // Not taken from the secret: CloudFormation has to see that another one is another database.
    ...(isRestored ? {} : { MasterUsername: userOf(properties) }),
    MasterUserPassword: resolved(id, "password"),
    DBSubnetGroupName: ref(`${id}Subnets`),
  };
}

function clusterOf(definition: Definition, macros: Macros, associated: Properties, scope: Scope) {
  const { id, properties } = definition;
  const serverless = serverlessOf(definition, macros.UseServerless, scope);
  const parameters = macros.ParametersGroups && {
    DBClusterParameterGroupName: ref(`${id}Parameters`),
  };
  const groups = asList(properties.VpcSecurityGroupIds);
  const logs = exportedLogs(definition, "cluster", scope);
  return [
    ...logs.groups,
    {
      id,
      type: "AWS::RDS::DBCluster",
      ...logs.dependsOn,
      properties: {
        ...serverless.properties,
        ...common(definition, macros),
        ...logs.identifier,
        ...parameters,
        ...associated,
        VpcSecurityGroupIds: [ref(guardOf(definition, scope).id), ...groups],
      },
      ...snapshot,
    },
    ...instancesOf(definition, macros, serverless.is, scope),
  ];
}

/** The data is the cluster's: an instance of it holds none. */
function instancesOf(
  { id, path, given }: Definition,
  macros: Macros,
  isServerless: boolean,
  scope: Scope,
) {
  const { Instances: own = [] } = macros;
  const usual = macros.UseMultiAz === true ? [{}, {}] : [{}];
  // A cluster without instances answers nobody.
  return (own.length > 0 ? own : usual).map((instance, index) => {
    const at = [...path, "MacroParameters", "Instances", index];
    const { DBAllocatedStorage: storage, ...own } = propertiesOf(instance, at, scope);
    if (storage !== undefined) {
      const message = "DBAllocatedStorage does nothing: Aurora's storage grows by itself";
      const where = [...at, "DBAllocatedStorage"];
      scope.report.warn({ code: "no-effect", path: where, message });
    }
    return {
      id: instanceId(id, own.DBInstanceIdentifier, index),
      type: "AWS::RDS::DBInstance",
      properties: {
        DBInstanceClass: isServerless ? "db.serverless" : "db.t4g.medium",
        PubliclyAccessible: false,
        ...own,
        ...(typeof own.DBInstanceClass === "string"
          ? {
              DBInstanceClass: auroraClass(
                own.DBInstanceClass,
                [...at, "DBInstanceClass"],
                scope.report,
              ),
            }
          : {}),
        DBClusterIdentifier: ref(id),
        Engine: engineOf(given),
      },
      deletionPolicy: "Delete" as const,
      updateReplacePolicy: "Delete" as const,
      written: at,
    };
  });
}

/** By the name that the file gives it, which another instance cannot have while this one is there. */
const instanceId = (id: string, name: Value | undefined, index: number): string =>
  typeof name === "string" ? `${id}${pascal(name)}Instance` : `${id}Instance${index + 1}`;

function instanceOf(definition: Definition, macros: Macros, associated: Properties, scope: Scope) {
  const { id, properties, given } = definition;
  const parameters = macros.ParametersGroups && { DBParameterGroupName: ref(`${id}Parameters`) };
  for (const key of ["Instances", "UseServerless"] as const) {
    const asked = macros[key] ?? false;
    if (asked === false || (asked !== true && asked.length === 0)) continue;
    const path = [...definition.path, "MacroParameters", key];
    const message = `${key} does nothing: it is for clusters, and ${engineOf(given)} is one instance`;
    scope.report.warn({ code: "no-effect", path, message, help: "Take an aurora engine." });
  }
  const logs = exportedLogs(definition, "instance", scope);
  return [
    ...logs.groups,
    {
      id,
      type: "AWS::RDS::DBInstance",
      ...logs.dependsOn,
      properties: {
        // Oracle and SQL Server run on no Graviton.
        DBInstanceClass: /^(?:oracle|sqlserver)/.test(engineOf(given))
          ? "db.t3.small"
          : "db.t4g.micro",
        AllocatedStorage: "20",
        StorageType: "gp3",
        PubliclyAccessible: false,
        ...(macros.UseMultiAz === undefined ? {} : { MultiAZ: macros.UseMultiAz }),
        ...common(definition, macros),
        ...logs.identifier,
        ...parameters,
        ...associated,
        VPCSecurityGroups: [
          ref(guardOf(definition, scope).id),
          ...asList(properties.VPCSecurityGroups),
        ],
      },
      ...snapshot,
    },
  ];
}
