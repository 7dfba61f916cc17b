import type { Data } from "../../../compose/project.ts";
import type { Answer } from "../../../model/lookup.ts";
import { lookUp } from "../../lookups.ts";
import { asIs, isMapping, object, text } from "../../read.ts";
import type { Scope } from "../../scope.ts";

const readLookup = object({
  cluster: asIs,
  db: asIs,
  // As ComposeX's documentation calls it.
  instance: asIs,
  secret: asIs,
  RoleArn: text,
});

/**
 * `Lookup: {cluster | db, secret}`: a database that is there already, what guards it, and the
 * secret with its credentials: the one that is named, else the one that RDS keeps by itself.
 */
export function existingDatabase(name: string, data: Data, scope: Scope): Answer | undefined {
  const path = ["x-rds", name, "Lookup"];
  const given = readLookup(data, path, scope.report) ?? {};
  const [key, ...others] = (["cluster", "db", "instance"] as const).filter(
    (part) => given[part] !== undefined,
  );
  if (key === undefined || others.length > 0) {
    const message = "a database is looked up either as a cluster or as a db";
    const help = "For example Lookup: {cluster: {Tags: {…}}, secret: {Tags: {…}}}.";
    scope.report.error({ code: "missing-key", path, message, help });
    return undefined;
  }
  const part = key === "cluster" ? clusterPart : instancePart;
  const find = (asked: Part, at: keyof typeof given): Answer => {
    const by = given[at] ?? null;
    const own = isMapping(by) && given.RoleArn ? { RoleArn: given.RoleArn, ...by } : by;
    const standIn = asked.standIn(name.toLowerCase(), scope.settings.target);
    return lookUp(`x-rds.${name}.${asked.key}`, asked.type, standIn)(own, [...path, at], scope);
  };
  const database = withOwnArn(find(part, key), part);
  if (given.secret === undefined) return database;
  return { ...database, SecretArn: find(secretPart, "secret").Arn ?? "" };
}

/** The ARN by the name that CloudFormation gives it, too. */
const withOwnArn = (database: Answer, { type }: Part): Answer => {
  const { Arn } = database;
  const name = type === clusterPart.type ? "DBClusterArn" : "DBInstanceArn";
  return Arn === undefined ? database : { ...database, [name]: Arn };
};

/** One thing of several that make up a database. */
interface Part {
  readonly key: string;
  readonly type: string;
  readonly standIn: (name: string, at: Scope["settings"]["target"]) => Answer;
}

type StandIn = Part["standIn"];

const instance: StandIn = (name, { account, region }) => ({
  Identifier: name,
  Arn: `arn:aws:rds:${region}:${account}:db:${name}`,
  "Endpoint.Address": `${name}.000000000000.${region}.rds.amazonaws.com`,
  "Endpoint.Port": "5432",
  SecurityGroups: "sg-00000000000000000",
});

const instancePart: Part = { key: "db", type: "AWS::RDS::DBInstance", standIn: instance };

const clusterPart: Part = {
  key: "cluster",
  type: "AWS::RDS::DBCluster",
  standIn: (name, at) => ({
    ...instance(name, at),
    DBCluster: name,
    Arn: `arn:aws:rds:${at.region}:${at.account}:cluster:${name}`,
    "ReadEndpoint.Address": `${name}-ro.000000000000.${at.region}.rds.amazonaws.com`,
  }),
};

const secretPart: Part = {
  key: "secret",
  type: "AWS::SecretsManager::Secret",
  standIn: (name, { account, region }) => ({
    Arn: `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`,
  }),
};
