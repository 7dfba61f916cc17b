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

  test("is of a user whose name is known", () => {
    const user = (name: string): string =>
      database(`${aurora}\nProperties: { MasterUsername: ${name} }`);
    expect(saidOf(user("anna"))).toEqual([]);
    for (const name of ["{ Ref: 'AWS::Region' }", "''"])
      expect(saidOf(user(name))).toEqual(["error wrong-type x-rds.main.Properties.MasterUsername"]);
  });

  test("with the connection string names a database that CloudFormation alone knows", () => {
    const name = "{ Ref: 'AWS::Region' }";
    const graph = graphOf(
      database(
        `${aurora}\nProperties: { DatabaseName: ${name} }\nServices: { web: { GenerateConnectionStringSecret: URL } }`,
      ),
    );
    const texts = nodesOf(graph, "AWS::SecretsManager::Secret").map(({ properties }) =>
      JSON.stringify(properties.SecretString),
    );
    expect(texts.join()).toMatch(/"\/",\{"Ref":"AWS::Region"\}/);
  });

  test("with the connection string is one for all who ask for it", () => {
    const asks = "{ GenerateConnectionStringSecret: DATABASE_URL }";
    const graph = graphOf(database(`${aurora}\nServices: { web: ${asks}, jobs: ${asks} }`));
    const secrets = nodesOf(graph, "AWS::SecretsManager::Secret").map(({ id }) => id);
    expect(secrets).toEqual(["MainDatabaseSecret", "MainDatabaseConnectionString"]);
  });
});

describe("SecretsMappings", () => {
  const secretsOf = (mappings: string) => {
    const text = database(`${aurora}\nServices: { web: { SecretsMappings: ${mappings} } }`);
    const definition = JSON.stringify(graphOf(text).nodes.get("WebTaskDefinition")?.properties);
    return [...definition.matchAll(/"Name":"(\w+)","ValueFrom"/g)].map(([, name]) => name);
  };

  test("as a list may give one key two names, or its own", () => {
    const keys = ["SecretKey: host, VarName: A", "SecretKey: host, VarName: B", "SecretKey: port"];
    expect(secretsOf(`{ Mappings: [${keys.map((key) => `{ ${key} }`)}] }`)).toEqual([
      "A",
      "B",
      "port",
    ]);
  });

  test("may have the name of the database before each, as it is written, or another", () => {
    const mappings = "Mappings: { host: HOST }";
    expect(secretsOf(`{ PrefixWithDbName: true, ${mappings} }`)).toEqual(["main_HOST"]);
    expect(secretsOf(`{ PrefixWithDbName: OWN, ${mappings} }`)).toEqual(["OWN_HOST"]);
    expect(secretsOf(`{ PrefixWithDbName: false, ${mappings} }`)).toEqual(["HOST"]);
  });
});

describe("a database", () => {
  test.for([
    ["aurora-mysql", "MainDatabase"],
    ["postgres", "MainDatabaseInstance"],
  ] as const)("of %s leaves a snapshot, and is encrypted", ([engine, id]) => {
    const graph = graphOf(database(`MacroParameters: { Engine: ${engine} }`));
    const node = graph.nodes.get(id);
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

  test("of another user is another one for CloudFormation too, and not only another password", () => {
    const graph = graphOf(database(`${aurora}\nProperties: { MasterUsername: shop }`));
    expect(only(graph, "AWS::RDS::DBCluster").MasterUsername).toBe("shop");
    const secret = only(graph, "AWS::SecretsManager::Secret");
    expect(secret.GenerateSecretString.SecretStringTemplate).toBe('{"username":"shop"}');
  });

  test("restored from a snapshot keeps its user", () => {
    const text = `${aurora}\nProperties: { SnapshotIdentifier: before, MasterUsername: shop }`;
    const graph = graphOf(database(text));
    const cluster = only(graph, "AWS::RDS::DBCluster");
    expect([cluster.MasterUsername, cluster.StorageEncrypted]).toEqual([undefined, undefined]);
    const secret = only(graph, "AWS::SecretsManager::Secret");
    expect(secret.GenerateSecretString.SecretStringTemplate).toBe('{"username":"shop"}');
  });

  test("restored from a snapshot has to say that user: the secret cannot know it", () => {
    const said = (own: string) =>
      saidOf(database(`${aurora}\nProperties: { ${own} }`)).filter((line) => /user/.test(line));
    const warning = "warning unknown-user x-rds.main.Properties.SnapshotIdentifier";
    expect(said("SnapshotIdentifier: before")).toEqual([warning]);
    expect(said("SnapshotIdentifier: before, MasterUsername: shop")).toEqual([]);
    expect(said("")).toEqual([]);
  });

  test.for([
    ["Properties: {}", "error missing-key x-rds.main"],
    [
      "MacroParameters: { Engine: postgres }\nProperties: { SourceDBInstanceIdentifier: shop }",
      "error cannot-honour x-rds.main.Properties.SourceDBInstanceIdentifier",
    ],
    [
      `${aurora}\nProperties: { ReplicationSourceIdentifier: shop }`,
      "error cannot-honour x-rds.main.Properties.ReplicationSourceIdentifier",
    ],
    [`${aurora}\nSettings: { Subnets: Nowhere }`, "error unknown-subnets x-rds.main"],
    [
      `${aurora}\nServices: { web: { Access: Admin } }`,
      "error unknown-access x-rds.main.Services.web.Access",
    ],
    [`${aurora}\nServices: { wbe: {} }`, "error unknown-service x-rds.main.Services.wbe"],
    [
      "MacroParameters: { Engine: aurora-mysql, RdsFeatures: [{ Name: s3Improt, Resources: [] }] }",
      "error unknown-value x-rds.main.MacroParameters.RdsFeatures[0].Name",
    ],
  ])("%s is refused", ([lines = "", said]) => {
    expect(saidOf(database(lines))).toContain(said);
  });
});

describe("a database that is there already", () => {
  const looked = (lookup: string, wants = "Access: { DBCluster: RO }") =>
    database(`Lookup: ${lookup}\nServices: { web: { ${wants} } }`);
  const both = "{ cluster: { Tags: { a: b } }, secret: { Tags: { a: b } } }";

  test("is only made a way to: nothing of it is declared", () => {
    const graph = graphOf(looked(both), { lookups: "placeholder" });
    const made = [...graph.nodes.values()].filter(({ origin }) => origin.path.startsWith("x-rds"));
    expect(made.map(({ type }) => type)).toEqual(["AWS::EC2::SecurityGroupIngress"]);
    expect(made[0]?.properties).toMatchObject({
      FromPort: 5432,
      GroupId: expect.stringMatching(/^sg-/),
    });
  });

  test.for([
    ["its secret", "{ cluster: shop, secret: { Tags: { a: b } } }", "secret:main-AbCdEf"],
    ["the secret that RDS keeps", "{ cluster: shop }", "secret:rds!cluster-1"],
  ])("gives what is in %s", ([, lookup = "", secret]) => {
    const answers = new Map([
      ["x-rds.main.cluster", { SecurityGroups: "sg-1", SecretArn: "arn:secret:rds!cluster-1" }],
      ["x-rds.main.secret", { Arn: "arn:secret:main-AbCdEf" }],
    ]);
    const graph = graphOf(looked(lookup), { lookups: answers });
    expect(JSON.stringify(graph.nodes.get("WebExecutionPolicy")?.properties)).toContain(secret);
  });

  test.for([
    ["{ cluster: a, db: b, secret: c }", "", "error missing-key x-rds.main.Lookup"],
    ["{ secret: { Arn: 'arn:x' } }", "", "error missing-key x-rds.main.Lookup"],
    ["{ cluser: a }", "", "error unknown-key x-rds.main.Lookup.cluser"],
    ["{ db: b }", "", "warning no-source x-rds.main.Services.web"],
    [
      both,
      "GenerateConnectionStringSecret: URL",
      "error cannot-honour x-rds.main.Services.web.GenerateConnectionStringSecret",
    ],
  ])("asked for as %s %s is told of", ([lookup = "", wants, said]) => {
    expect(saidOf(looked(lookup, wants), { lookups: "placeholder" })).toContain(said);
  });

  test("has no properties to be set", () => {
    const text = database(`Lookup: ${both}\nProperties: { Port: 5433 }`);
    expect(saidOf(text, { lookups: "placeholder" })).toEqual([
      "warning no-effect x-rds.main.Properties",
    ]);
  });
});

test.for([
  ["MacroParameters: { Engine: mysql, EngineVersion: 8.0 }", "8.0", "MacroParameters"],
  ["Properties: { Engine: aurora-mysql, EngineVersion: 8.0 }", "8.0", "Properties"],
  ['MacroParameters: { Engine: mysql, EngineVersion: "8.0" }', "8.0", undefined],
  ["MacroParameters: { Engine: aurora-mysql, EngineVersion: 8.4 }", "8.4", undefined],
  ["MacroParameters: { Engine: aurora-postgresql, EngineVersion: 16 }", "16", undefined],
] as const)("a version of MySQL is more than one number: %s", ([text, version, at]) => {
  const [made] = ["AWS::RDS::DBCluster", "AWS::RDS::DBInstance"].flatMap((type) =>
    nodesOf(graphOf(database(text)), type),
  );
  expect(made?.properties.EngineVersion).toBe(version);
  const said = at === undefined ? [] : [`warning no-such-version x-rds.main.${at}.EngineVersion`];
  expect(saidOf(database(text))).toEqual(said);
});

describe("an Aurora cluster", () => {
  const engine = "MacroParameters: { Engine: aurora-mysql";

  test.for([
    ["db.m5a.xlarge", "db.r6g.xlarge"],
    ["db.m5.24xlarge", "db.r6g.large"],
    ["db.t2.micro", "db.t4g.medium"],
    ["db.r5.large", "db.r5.large"],
    ["db.t3.medium", "db.t3.medium"],
  ])("has no instances of other classes than Aurora's: %s is %s", ([given, used]) => {
    const text = database(`${engine}, Instances: [{ DBInstanceClass: ${given} }] }`);
    expect(only(graphOf(text), "AWS::RDS::DBInstance").DBInstanceClass).toBe(used);
    const said = given === used ? [] : ["warning no-such-class"];
    expect(saidOf(text).map((line) => line.split(" x-")[0])).toEqual(said);
  });

  test("of which the file lists no instances has those that one without the list has", () => {
    const made = (macros: string) =>
      nodesOf(graphOf(database(`${engine}${macros} }`)), "AWS::RDS::DBInstance").length;
    expect([", Instances: []", ", UseMultiAz: true, Instances: []"].map(made)).toEqual([1, 2]);
  });

  test("of Serverless v1 is one of v2, with the same bounds", () => {
    const text = database(
      `${engine} }\nProperties: { EngineMode: serverless, ScalingConfiguration: { MinCapacity: 2, MaxCapacity: 8, AutoPause: true } }`,
    );
    const cluster = only(graphOf(text), "AWS::RDS::DBCluster");
    expect(cluster.ServerlessV2ScalingConfiguration).toEqual({ MinCapacity: 2, MaxCapacity: 8 });
    expect([cluster.EngineMode, cluster.ScalingConfiguration]).toEqual([undefined, undefined]);
    expect(only(graphOf(text), "AWS::RDS::DBInstance").DBInstanceClass).toBe("db.serverless");
    expect(saidOf(text)).toEqual(["warning ended x-rds.main.Properties.EngineMode"]);
  });

  test.for(["", ", UseServerless: true"])(
    "is one of v2 too where only the bounds are v1's: %s",
    (macro) => {
      const text = database(
        `${engine}${macro} }\nProperties: { ScalingConfiguration: { MinCapacity: 2, MaxCapacity: 8 } }`,
      );
      const cluster = only(graphOf(text), "AWS::RDS::DBCluster");
      expect(cluster.ServerlessV2ScalingConfiguration).toEqual({ MinCapacity: 2, MaxCapacity: 8 });
      expect(cluster.ScalingConfiguration).toBeUndefined();
      expect(saidOf(text)).toEqual(["warning ended x-rds.main.Properties.ScalingConfiguration"]);
    },
  );
});

describe("RdsFeatures", () => {
  const bucket = `x-s3: { dumps: { Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: x-kms::key } }] } } } }
x-kms: { key: {} }
`;
  const with_ = (macros: string, more = "") =>
    database(
      `MacroParameters: { ${macros}, RdsFeatures: [{ Name: s3Import, Resources: [x-s3::dumps] }, { Name: s3Export, Resources: [x-s3::dumps] }] }${more}`,
      bucket,
    );
  const roles = (text: string) =>
    nodesOf(graphOf(text), "AWS::IAM::Role").filter(({ id }) => id.startsWith("Main"));

  test("leave alone what Properties have a role for already", () => {
    const own = "{ FeatureName: s3Import, RoleArn: theirs }";
    const text = with_("Engine: aurora-postgresql", `\nProperties: { AssociatedRoles: [${own}] }`);
    expect(roles(text).map(({ id }) => id)).toEqual(["MainDatabaseS3ExportRole"]);
    expect(only(graphOf(text), "AWS::RDS::DBCluster").AssociatedRoles).toEqual([
      { FeatureName: "s3Export", RoleArn: { "Fn::GetAtt": ["MainDatabaseS3ExportRole", "Arn"] } },
      { FeatureName: "s3Import", RoleArn: "theirs" },
    ]);
    expect(saidOf(text)).toEqual(["warning overruled x-rds.main.MacroParameters.RdsFeatures[0]"]);
  });

  test("use the key of a bucket that has one", () => {
    const [imported, exported] = roles(with_("Engine: aurora-postgresql"));
    const Resource = [{ "Fn::GetAtt": ["KeyKey", "Arn"] }];
    const statement = (Action: readonly string[]) => ({ Effect: "Allow", Action, Resource });
    expect(imported?.properties.Policies).toMatchObject([
      { PolicyDocument: { Statement: [{}, {}, statement(["kms:Decrypt"])] } },
    ]);
    expect(exported?.properties.Policies).toMatchObject([
      { PolicyDocument: { Statement: [{}, statement(["kms:Decrypt", "kms:GenerateDataKey"])] } },
    ]);
  });

  test("are one role of Aurora MySQL, which is told of it by a parameter", () => {
    const text = with_("Engine: aurora-mysql, EngineVersion: 5.7.mysql_aurora.2.12.0");
    const role = { "Fn::GetAtt": ["MainDatabaseS3Role", "Arn"] };
    expect(roles(text).map(({ id }) => id)).toEqual(["MainDatabaseS3Role"]);
    const graph = graphOf(text);
    expect(only(graph, "AWS::RDS::DBCluster")).toMatchObject({
      AssociatedRoles: [{ RoleArn: role }],
      DBClusterParameterGroupName: { Ref: "MainDatabaseParameters" },
    });
    expect(only(graph, "AWS::RDS::DBCluster").AssociatedRoles[0].FeatureName).toBeUndefined();
    expect(only(graph, "AWS::RDS::DBClusterParameterGroup")).toMatchObject({
      Family: "aurora-mysql5.7",
      Parameters: { aws_default_s3_role: role },
    });
  });

  test("stand beside what the file's own parameters say", () => {
    const group = "ParametersGroups: { Family: aurora-mysql8.0, Parameters: { time_zone: UTC } }";
    const text = with_(`Engine: aurora-mysql, ${group}`);
    expect(only(graphOf(text), "AWS::RDS::DBClusterParameterGroup")).toMatchObject({
      Family: "aurora-mysql8.0",
      Parameters: { aws_default_s3_role: expect.anything(), time_zone: "UTC" },
    });
  });

  test("cannot be told to a group of parameters that is there already", () => {
    const text = with_(
      "Engine: aurora-mysql",
      "\nProperties: { DBClusterParameterGroupName: theirs }",
    );
    expect(saidOf(text)).toEqual([
      "warning by-hand x-rds.main.Properties.DBClusterParameterGroupName",
    ]);
    expect(only(graphOf(text), "AWS::RDS::DBCluster").DBClusterParameterGroupName).toBe("theirs");
  });

  test("are nothing that MySQL has", () => {
    expect(saidOf(with_("Engine: mysql"))).toEqual([
      "error cannot-honour x-rds.main.MacroParameters.RdsFeatures",
    ]);
  });
});

test("RdsFeatures use the key of a bucket that is looked up and has one", () => {
  const text = database(
    "MacroParameters: { Engine: aurora-postgresql, RdsFeatures: [{ Name: s3Import, Resources: [x-s3::dumps] }] }",
    "x-s3: { dumps: { Lookup: { Tags: { a: b } } } }\n",
  );
  const found = { Arn: "arn:aws:s3:::dumps", BucketName: "dumps" };
  const KeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1";
  const onKeys = (answer: Readonly<Record<string, string>>) =>
    nodesOf(graphOf(text, { lookups: new Map([["x-s3.dumps", answer]]) }), "AWS::IAM::Role")
      // biome-ignore lint/suspicious/noExplicitAny: tests look into properties as a reader does.
      .flatMap(({ properties }): any => properties.Policies ?? [])
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => Action.includes("kms:Decrypt"));
  expect(onKeys(found)).toEqual([]);
  expect(onKeys({ ...found, KeyArn })).toEqual([
    { Effect: "Allow", Action: ["kms:Decrypt"], Resource: [KeyArn] },
  ]);
});

test("the name of an instance of a cluster is warned of where it is written", () => {
  const instances = "Instances: [{}, { DBInstanceIdentifier: second }]";
  const text = database(`MacroParameters: { Engine: aurora-postgresql, ${instances} }`);
  expect(saidOf(text)).toEqual([
    "warning fixed-name x-rds.main.MacroParameters.Instances[1].DBInstanceIdentifier",
  ]);
});
