import type { Data } from "../../../compose/project.ts";
import { getAtt, join, ref } from "../../../model/template.ts";
import { describe } from "../../extensions/ingress.ts";
import { base } from "../../graph.ts";
import { hashedId, pascal } from "../../ids.ts";
import {
  boolean,
  booleanOr,
  isMapping,
  list,
  mapOf,
  object,
  type Reader,
  text,
} from "../../read.ts";
import type { Path } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { groupOf } from "../../services/families.ts";
import type { Family, Member } from "../../services/family.ts";
import type { Connection } from "../x-resource.ts";
import { engineOf, portOf, resolved, securityGroupOf } from "./database.ts";

const readPairs: Reader<Readonly<Record<string, string>>> = (data, path, report) => {
  if (!Array.isArray(data)) return mapOf(text)(data, path, report);
  const pairs = list(object({ SecretKey: text, VarName: text }, ["SecretKey", "VarName"]))(
    data,
    path,
    report,
  );
  return Object.fromEntries(
    (pairs ?? []).map(({ SecretKey = "", VarName = "" }) => [SecretKey, VarName]),
  );
};

const readPrefix: Reader<boolean | string> = (data, path, report) =>
  typeof data === "boolean" ? boolean(data, path, report) : text(data, path, report);

const readWants = object({
  SecretsMappings: object({ PrefixWithDbName: readPrefix, Mappings: readPairs }),
  GrantTaskAccess: booleanOr(object({ SecretEnvName: text }, ["SecretEnvName"])),
  GenerateConnectionStringSecret: text,
});

type Wants = NonNullable<ReturnType<typeof readWants>>;

/** Lets a service reach a database: the way, the credentials as variables, the right to read them. */
export function connect(connection: Connection, scope: Scope): void {
  const { definition, wants, targets, path } = connection;
  const own = Object.fromEntries(
    ["SecretsMappings", "GrantTaskAccess", "GenerateConnectionStringSecret"].flatMap((key) =>
      wants[key] === undefined ? [] : [[key, wants[key] as Data]],
    ),
  );
  const read: Wants = readWants(own, path, scope.report) ?? {};
  const connectionString = addConnectionString(connection, read, scope);
  for (const { member } of targets) giveSecrets(connection, read, connectionString, member);
  for (const family of new Set(targets.map((target) => target.family))) {
    open(connection, family, scope);
    const secrets = [ref(`${definition.id}Secret`)];
    if (connectionString !== undefined) secrets.push(ref(connectionString));
    const statement = {
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue"],
      Resource: secrets,
    } as const;
    family.executionStatements.push(statement);
    if (read.GrantTaskAccess !== undefined && read.GrantTaskAccess !== false)
      family.taskStatements.push(statement);
  }
}

function giveSecrets(
  { definition: { name, id }, path }: Connection,
  { SecretsMappings, GrantTaskAccess, GenerateConnectionStringSecret: variable }: Wants,
  connectionString: string | undefined,
  { secrets, environment }: Member,
): void {
  const secret = ref(`${id}Secret`);
  const { PrefixWithDbName: prefix = false, Mappings = {} } = SecretsMappings ?? {};
  const upper = name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
  const before = prefix === false ? "" : `${prefix === true ? upper : prefix}_`;
  for (const [key, as] of Object.entries(Mappings))
    secrets.set(`${before}${as}`, { value: join([secret, `:${key}::`]), path });
  if (Object.keys(Mappings).length === 0) secrets.set(name, { value: secret, path });
  if (connectionString !== undefined && variable !== undefined)
    secrets.set(variable, { value: ref(connectionString), path });
  if (GrantTaskAccess === undefined || GrantTaskAccess === false) return;
  const where = isNamed(GrantTaskAccess) ? GrantTaskAccess.SecretEnvName : `${name}_SECRET`;
  environment.set(where ?? `${name}_SECRET`, { value: secret, path });
}

const isNamed = (
  grant: NonNullable<Wants["GrantTaskAccess"]>,
): grant is { readonly SecretEnvName?: string } => typeof grant === "object";

function open({ definition, path }: Connection, family: Family, scope: Scope): void {
  const port = portOf(definition.given);
  const createOnly = {
    GroupId: ref(securityGroupOf(definition, scope)),
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    SourceSecurityGroupId: groupOf(family),
  };
  const id = hashedId(`${family.id}To${pascal(definition.name)}Tcp${port}`, createOnly);
  const Description = describe(`${family.name} to ${definition.name}`);
  family.rules.set(id, { properties: { ...createOnly, Description }, path });
  // Before this the secret has no host in it.
  family.waitsFor.push(`${definition.id}SecretAttachment`, `${definition.id}Instance1`);
}

/** `GenerateConnectionStringSecret`: `engine://user:password@host:port/database`, as a secret. */
function addConnectionString(
  { definition, path }: Connection,
  { GenerateConnectionStringSecret: variable }: Wants,
  scope: Scope,
): string | undefined {
  if (variable === undefined) return undefined;
  const { id, given } = definition;
  const secret = `${id}${pascal(variable.toLowerCase())}Secret`;
  const properties = isMapping(given.Properties) ? given.Properties : {};
  const database = properties.DatabaseName ?? properties.DBName;
  scope.add({
    id: secret,
    type: "AWS::SecretsManager::Secret",
    layer: base,
    properties: {
      SecretString: join([
        `${schemeOf(engineOf(given))}://`,
        resolved(id, "username"),
        ":",
        resolved(id, "password"),
        "@",
        getAtt(id, "Endpoint.Address"),
        ":",
        getAtt(id, "Endpoint.Port"),
        ...(typeof database === "string" ? [`/${database}`] : []),
      ]),
    },
    path: path as Path,
  });
  return secret;
}

const schemeOf = (engine: string): string =>
  engine.includes("postgres") ? "postgresql" : engine.replace(/^aurora-/, "");
