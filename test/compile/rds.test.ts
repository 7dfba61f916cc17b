import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

/** A database that two services of a kind may use: what a test says of it comes last. */
const database = (lines: string, rest = ""): string => `
services:
  web: { image: "web:1" }
  jobs: { image: "jobs:1" }
x-vpc: { Properties: { SingleNat: true } }
x-rds:
  main:
${lines.replaceAll(/^/gm, "    ")}
${rest}`;

const aurora = "MacroParameters: { Engine: aurora-postgresql }";

describe("a secret", () => {
  test("is read by the execution role of who uses it, and by nobody else", () => {
    const graph = graphOf(database(`${aurora}\nServices: { web: { Access: RW } }`));
    const readers = [...graph.nodes.values()].filter(
      ({ type, properties }) =>
        type.startsWith("AWS::IAM::") &&
        JSON.stringify(properties).includes("secretsmanager:GetSecretValue"),
    );
    expect(readers.map(({ id }) => id)).toEqual(["WebExecutionPolicy"]);
  });

  test("is the task's to read where the file grants it", () => {
    const graph = graphOf(database(`${aurora}\nServices: { web: { GrantTaskAccess: true } }`));
    expect(JSON.stringify(graph.nodes.get("WebTaskPolicy")?.properties)).toContain(
      "secretsmanager:GetSecretValue",
    );
  });

  test("never stands in a template", () => {
    const text = database(
      `${aurora}\nProperties: { MasterUserPassword: swordfish }\nServices: { web: { GenerateConnectionStringSecret: URL } }`,
    );
    expect(JSON.stringify([...graphOf(text).nodes.values()])).not.toContain("swordfish");
    expect(saidOf(text)).toEqual(["warning overruled x-rds.main.Properties.MasterUserPassword"]);
  });

  test("has the keys it has, and the nearest is told", () => {
    const text = `${aurora}\nServices: { web: { SecretsMappings: { Mappings: { hots: PGHOST } } } }`;
    expect(saidOf(database(text))).toEqual([
      "error unknown-key x-rds.main.Services.web.SecretsMappings.Mappings.hots",
    ]);
  });

  test("of two databases needs two names", () => {
    const services =
      "Services: { web: { SecretsMappings: { Mappings: { host: PGHOST } } } }, MacroParameters: { Engine: mysql }";
    const text = database(services.replace("}, Macro", "}\nMacro"), `  other: { ${services} }\n`);
    expect(saidOf(text)).toEqual(["error same-name x-rds.other.Services.web"]);
  });

  test("with the connection string is one for all who ask for it", () => {
    const asks = "{ GenerateConnectionStringSecret: DATABASE_URL }";
    const graph = graphOf(database(`${aurora}\nServices: { web: ${asks}, jobs: ${asks} }`));
    const secrets = nodesOf(graph, "AWS::SecretsManager::Secret").map(({ id }) => id);
    expect(secrets).toEqual(["MainDatabaseSecret", "MainDatabaseConnectionString"]);
  });
});

describe("a database", () => {
  test.for(["aurora-mysql", "postgres"])("of %s leaves a snapshot, and is encrypted", (engine) => {
    const graph = graphOf(database(`MacroParameters: { Engine: ${engine} }`));
    const node = graph.nodes.get("MainDatabase");
    expect(node).toMatchObject({ deletionPolicy: "Snapshot", updateReplacePolicy: "Snapshot" });
    expect(node?.properties.StorageEncrypted).toBe(true);
  });

  test("has no rules in its group: each is its user's", () => {
    const graph = graphOf(database(`${aurora}\nServices: { web: { Access: RO } }`));
    const group = nodesOf(graph, "AWS::EC2::SecurityGroup").find(({ id }) => id.startsWith("Main"));
    expect(Object.keys(group?.properties ?? {})).toEqual(["GroupDescription", "VpcId"]);
    const [rule] = nodesOf(graph, "AWS::EC2::SecurityGroupIngress");
    expect(rule?.layer).toEqual({ layer: "family", family: "web" });
    expect(rule?.properties.FromPort).toBe(5432);
  });

  test("restored from a snapshot keeps its user", () => {
    const text = `${aurora}\nProperties: { SnapshotIdentifier: before, MasterUsername: shop }`;
    const graph = graphOf(database(text));
    const cluster = only(graph, "AWS::RDS::DBCluster");
    expect([cluster.MasterUsername, cluster.StorageEncrypted]).toEqual([undefined, undefined]);
    const secret = only(graph, "AWS::SecretsManager::Secret");
    expect(secret.GenerateSecretString.SecretStringTemplate).toBe('{"username":"shop"}');
  });

  test.for([
    ["Properties: {}", "error missing-key x-rds.main"],
    [`${aurora}\nSettings: { Subnets: Nowhere }`, "error unknown-subnets x-rds.main"],
    [
      `${aurora}\nServices: { web: { Access: Admin } }`,
      "error unknown-access x-rds.main.Services.web.Access",
    ],
    [`${aurora}\nServices: { wbe: {} }`, "error unknown-service x-rds.main.Services.wbe"],
    [
      "MacroParameters: { Engine: mysql, UseServerless: true }",
      "error cannot-honour x-rds.main.MacroParameters.UseServerless",
    ],
    [
      "MacroParameters: { Engine: aurora-mysql, RdsFeatures: [{ Name: s3Improt, Resources: [] }] }",
      "error unknown-value x-rds.main.MacroParameters.RdsFeatures[0].Name",
    ],
  ])("%s is refused", ([lines = "", said]) => {
    expect(saidOf(database(lines))).toContain(said);
  });
});
