import type { Data } from "../../../compose/project.ts";
import { join, ref, type Value } from "../../../model/template.ts";
import { allowing, type Statement } from "../../iam.ts";
import { suggestion } from "../../nearest.ts";
import {
  asMapping,
  boolean,
  booleanOr,
  list,
  mapOf,
  object,
  type Read,
  type Reader,
  text,
} from "../../read.ts";
import type { Path, Report } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import type { Family } from "../../services/family.ts";
import { inject } from "../../services/inject.ts";
import { letIn } from "../../services/rules.ts";
import type { Connection } from "../x-resource.ts";
import { engineOf, guardOf, isCluster, portOf } from "./database.ts";
import { connectionStringId, databaseName, secretId, secretKeys } from "./secret.ts";

/** Keys of a secret and the variables with what they hold: a list may have a key more than once. */
const readPairs: Reader<readonly (readonly [key: string, variable: string])[]> = (
  data,
  path,
  report,
) => {
  if (!Array.isArray(data)) return Object.entries(mapOf(text)(data, path, report) ?? {});
  const pairs = list(object({ SecretKey: text, VarName: text }, ["SecretKey"]))(data, path, report);
  return (pairs ?? []).map(({ SecretKey = "", VarName = SecretKey }) => [SecretKey, VarName]);
};

const readPrefix: Reader<boolean | string> = (data, path, report) =>
  typeof data === "boolean" ? boolean(data, path, report) : text(data, path, report);

const readMappings = object({ PrefixWithDbName: readPrefix, Mappings: readPairs });

const readWants = object({
  SecretsMappings: readMappings,
  GrantTaskAccess: booleanOr(object({ SecretEnvName: text }, ["SecretEnvName"])),
  GenerateConnectionStringSecret: text,
  DoNotExposeMappings: boolean,
});

type Wants = Read<typeof readWants>;

/** What `connect` reads of an entry under `Services`. */
export const wanted = [
  "DoNotExposeMappings",
  "GenerateConnectionStringSecret",
  "GrantTaskAccess",
  "SecretsMappings",
] as const;

/** Lets a service reach a database: the way, the credentials as variables, the right to read them. */
export function connect(connection: Connection, scope: Scope): void {
  const { definition, families, members, path } = connection;
  const wants = wantsOf(connection, scope);
  const secret = credentialsOf(definition, path, scope);
  const secrets = secret === undefined ? [] : secretsOf(definition, secret, wants);
  const help = "Rename one, or tell them apart by SecretsMappings: {PrefixWithDbName: true}.";
  for (const member of members) {
    for (const [name, value] of secrets)
      inject({ name, value, path, help }, member, "secrets", scope.report);
    const { GrantTaskAccess: grant = false } = wants;
    if (grant === false || secret === undefined) continue;
    const variable = grant !== true && grant.SecretEnvName;
    member.environment.set(variable || `${definition.name}_SECRET`, { value: secret, path });
  }
  for (const family of families) {
    open(connection, family, scope);
    if (secret !== undefined) allow(definition.id, secret, wants, family);
  }
}

/** The secret with the database's credentials; undefined, and said so: nothing tells which it is. */
function credentialsOf(
  { found, id, name }: Connection["definition"],
  path: Path,
  { report }: Scope,
): Value | undefined {
  if (found === undefined) return ref(secretId(id));
  if (found.SecretArn !== undefined) return found.SecretArn;
  const message = `nothing tells where the credentials of ${name} are: services get none`;
  const help = "Add secret to its Lookup.";
  report.warn({ code: "no-source", path, message, help });
  return undefined;
}

/** What one entry wants, and where it says nothing of names, what `Settings` says for all. */
function wantsOf({ definition, wants, path }: Connection, { report }: Scope): Wants {
  const own = Object.fromEntries(
    wanted.flatMap((key) => (wants[key] === undefined ? [] : [[key, wants[key] as Data]])),
  );
  const read: Wants = readWants(own, path, report) ?? {};
  const { Settings } = definition.given;
  const forAll = asMapping(Settings).SecretsMappings;
  const at = [...definition.path, "Settings", "SecretsMappings"];
  const usual = forAll === undefined ? undefined : readMappings(forAll, at, report);
  const mapped: Wants = usual === undefined ? read : { SecretsMappings: usual, ...read };
  const where = read.SecretsMappings === undefined ? at : [...path, "SecretsMappings"];
  if (definition.found === undefined) checkKeys(definition, mapped, [...where, "Mappings"], report);
  else checkFound(mapped, path, report);
  return mapped;
}

/** CloudFormation would read the password with the deployer's rights, whatever the file may. */
function checkFound(wants: Wants, path: Path, report: Report): void {
  if (wants.GenerateConnectionStringSecret === undefined) return;
  const message = "a connection string is made only for a database that is made here";
  const help = "Map the keys of its secret: SecretsMappings.";
  const at = [...path, "GenerateConnectionStringSecret"];
  report.error({ code: "cannot-honour", path: at, message, help });
}

/** ECS starts no task whose secret lacks the key it is asked for. */
function checkKeys(
  { properties }: Connection["definition"],
  { SecretsMappings }: Wants,
  path: Path,
  report: Report,
): void {
  for (const [key] of SecretsMappings?.Mappings ?? []) {
    const at = [...path, key];
    if (!secretKeys.some((known) => known === key)) {
      const message = `the secret of a database has no key ${key}`;
      report.error({ code: "unknown-key", path: at, message, help: suggestion(key, secretKeys) });
    } else if (key === "dbname" && databaseName(properties) === undefined) {
      const message = "dbname is in the secret only where the database has a name";
      const help = "Add Properties: {DatabaseName: …}, or DBName of an instance.";
      report.warn({ code: "no-database", path: at, message, help });
    }
  }
}

/** Variables and where their values are: keys of the secret, all of it, the connection string. */
function secretsOf(
  { name, id }: Connection["definition"],
  secret: Value,
  { SecretsMappings, DoNotExposeMappings, GenerateConnectionStringSecret: variable }: Wants,
): readonly (readonly [string, Value])[] {
  const { PrefixWithDbName: prefix = false, Mappings = [] } = SecretsMappings ?? {};
  const before = prefix === false ? "" : `${prefix === true ? name : prefix}_`;
  const mapped = Mappings.map(
    ([key, as]) => [`${before}${as}`, join([secret, `:${key}::`])] as const,
  );
  const whole = [[name, secret] as const];
  const exposed = mapped.length > 0 ? mapped : whole;
  return [
    ...(DoNotExposeMappings === true ? [] : exposed),
    ...(variable === undefined ? [] : [[variable, ref(connectionStringId(id))] as const]),
  ];
}

/** The execution role reads what containers are given; the task itself only where it is granted. */
function allow(
  id: string,
  secret: Value,
  { GrantTaskAccess = false, GenerateConnectionStringSecret, DoNotExposeMappings }: Wants,
  { executionStatements, taskStatements }: Family,
): void {
  const reading = (secrets: readonly Value[]): Statement =>
    allowing(["secretsmanager:GetSecretValue"], secrets);
  const given = [
    ...(DoNotExposeMappings === true ? [] : [secret]),
    ...(GenerateConnectionStringSecret === undefined ? [] : [ref(connectionStringId(id))]),
  ];
  if (given.length > 0) executionStatements.push(reading(given));
  if (GrantTaskAccess !== false) taskStatements.push(reading([secret]));
}

function open({ definition, path }: Connection, family: Family, scope: Scope): void {
  const { found } = definition;
  const port = found === undefined ? portOf(definition.given) : Number(found["Endpoint.Port"]);
  const [group = ""] = (found?.SecurityGroups ?? "").split(",");
  if (found !== undefined && (group === "" || !Number.isInteger(port))) {
    const message = `nothing tells who guards ${definition.name}, so nothing lets ${family.name} in`;
    scope.report.warn({ code: "no-way", path, message });
    return;
  }
  const guard = found === undefined ? ref(guardOf(definition, scope).id) : group;
  letIn(family, { name: definition.name, group: guard, port }, { path, report: scope.report });
  if (found !== undefined) return;
  // Before this the secret has no host in it, and a cluster nobody who answers.
  family.waitsFor.push(`${definition.id}SecretAttachment`);
  if (isCluster(engineOf(definition.given))) family.waitsFor.push(`${definition.id}Instance1`);
}
