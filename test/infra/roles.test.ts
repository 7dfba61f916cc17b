import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { having, listOf, template, templateIn } from "./template.ts";

// A boundary gives nothing: it says what is left of what others give.
const { BoundaryPolicy, ...granting } = template.Resources;
const statements = having("Effect", granting);

/** The actions of statements that name more than single actions, or all but some. */
const wide = (candidates: typeof statements): readonly unknown[] =>
  candidates.flatMap((statement) => [
    ...listOf(statement.Action).filter((action) => !/^[a-z0-9-]+:[A-Za-z]+$/.test(String(action))),
    ...("NotAction" in statement ? ["NotAction"] : []),
  ]);

const text = (resource: unknown): string =>
  typeof resource === "string" ? resource : String(Object.values(resource as object)[0]);

const own = "<AWS::Region>:<AWS::AccountId>";

/** Statements over things that AWS or people name. */
const named = [
  "Verdicts: <Bucket.Arn>/verdicts/*",
  "Verdicts: <Bucket.Arn>/promotions/*",
  "Templates: <Bucket.Arn>/templates/*",
  `Parameters: ssm:${own}:parameter/trueup/*`,
  "Objects: <Bucket.Arn>/*",
  "StacksLookedAt: cloudformation:*:<AWS::AccountId>:changeSet/trueup-*/*",
  "StackLists: *",
  "TasksLookedAt: ecs:*:<AWS::AccountId>:task/<Clusters>/*",
  "TaskListsLookedAt: *",
  "ImagesLookedAt: ecr:*:*:repository/<ImageRepositories>",
  "ApprovalRulesLookedAt: *",
  "PresenceLookedAt: *",
  "Stacks: cloudformation:*:<AWS::AccountId>:changeSet/trueup-*/*",
  "ApprovalRules: *",
  "Images: ecr:*:*:repository/<ImageRepositories>",
  "Functions: lambda:*:<AWS::AccountId>:function:<VerificationFunctions>",
  "NoticeTopics: sns:*:<AWS::AccountId>:<NotifyTopics>",
  "Builds: codebuild:*:<AWS::AccountId>:project/<VerificationProjects>",
  "Tasks: ecs:*:<AWS::AccountId>:task-definition/*",
  "TaskReads: ecs:*:<AWS::AccountId>:task/<Clusters>/*",
  "TaskLists: *",
  "Presence: *",
  "Detections: *",
  "Lookups: *",
  `Status: ssm:${own}:parameter/trueup/*/status`,
  `Status: ssm:${own}:parameter/trueup/*/requested-at`,
  "Memory: <Bucket.Arn>/*",
  "Oblivion: <Bucket.Arn>/leases/*",
  "Oblivion: <Bucket.Arn>/notices/*",
  "Oblivion: <Bucket.Arn>/records/*",
  `Oblivion: ssm:${own}:parameter/trueup/*/status`,
  `WakeUps: scheduler:${own}:schedule/<ScheduleGroup>/a-*`,
  `WakeUps: scheduler:${own}:schedule/<ScheduleGroup>/i-*`,
  `WakeUps: scheduler:${own}:schedule/<ScheduleGroup>/q-*`,
  `WakeUps: scheduler:${own}:schedule/<ScheduleGroup>/t-*`,
  "Leases: <Bucket.Arn>/index/*",
  "Leases: <Bucket.Arn>/leases/*",
  "LeaseNotes: <Bucket.Arn>/leases/*",
  "LeaseNotes: <Bucket.Arn>/notices/*",
  "LeakTopics: sns:*:<AWS::AccountId>:<NotifyTopics>",
  "StackList: *",
  "OwnMemory: <Bucket.Arn>/*",
  "LookedUp: *",
  "Compared: *",
  "Bounded: *",
  "Unbounded: *",
  "Network: *",
  "LogDelivery: *",
  "LoadBalancers: *",
  "SignIn: cognito-idp:*:<AWS::AccountId>:userpool/*",
  "Certificates: acm:*:<AWS::AccountId>:certificate/*",
  "CertificateRequests: *",
  "Names: *",
  "Services: ecs:*:<AWS::AccountId>:task-definition/*",
  "TaskDefinitions: *",
  "Logs: logs:*:<AWS::AccountId>:log-group:*",
  "LogReads: *",
  "Scaling: application-autoscaling:*:<AWS::AccountId>:scalable-target/*",
  "ScalingReads: *",
  "Alarms: cloudwatch:*:<AWS::AccountId>:alarm:TargetTracking-*",
  "CompositeAlarms: *",
  "Dashboards: cloudwatch::<AWS::AccountId>:dashboard/*",
  "Events: events:*:<AWS::AccountId>:rule/*",
  "RolesOfServices: iam::<AWS::AccountId>:role/aws-service-role/*",
  "RolesOfServicesReads: iam::<AWS::AccountId>:role/aws-service-role/*",
  "Databases: rds:*:<AWS::AccountId>:cluster-pg:default.*",
  "Databases: rds:*:<AWS::AccountId>:cluster-snapshot:*",
  "Databases: rds:*:<AWS::AccountId>:og:default:*",
  "Databases: rds:*:<AWS::AccountId>:pg:default.*",
  "Databases: rds:*:<AWS::AccountId>:snapshot:*",
  "DatabaseReads: *",
  "Caches: elasticache:*:<AWS::AccountId>:*",
  "CacheDefaults: *",
  "Secrets: secretsmanager:*:<AWS::AccountId>:secret:*",
  "Passwords: *",
  "Buckets: s3:::*",
  "Tables: dynamodb:*:<AWS::AccountId>:table/*",
  "FileSystems: *",
  "StorageLists: *",
  "Keys: kms:*:<AWS::AccountId>:alias/*",
  "Keys: kms:*:<AWS::AccountId>:key/*",
  "KeyCreation: *",
  "Encryption: kms:*:<AWS::AccountId>:key/*",
  "Queues: sqs:*:<AWS::AccountId>:*",
  "Topics: sns:*:<AWS::AccountId>:*",
  "Streams: kinesis:*:<AWS::AccountId>:stream/*",
  "StreamSettings: *",
  "SharedParameters: ssm:*:<AWS::AccountId>:parameter/*",
  "Requests: ssm:*:<AWS::AccountId>:parameter/trueup",
  "Requests: ssm:*:<AWS::AccountId>:parameter/trueup/*",
  "MessagingLists: *",
];

describe("what a role may do", () => {
  test("is said action by action", () => {
    expect(statements.length).toBeGreaterThan(15);
    expect(wide(statements)).toEqual([]);
  });

  test("is seen when it is too much", () => {
    expect(
      wide([{ Action: ["s3:*", "s3:GetObject"] }, { Action: "*" }, { NotAction: "x:Y" }]),
    ).toEqual(["s3:*", "*", undefined, "NotAction"]);
  });

  test("is bound to the prefix, but where AWS or people give the names", () => {
    const unbound = statements.flatMap((statement) =>
      listOf(statement.Resource ?? [])
        .flat()
        .map(text)
        .filter((resource) => resource.includes("*") && !resource.includes("<Prefix>-"))
        .map((resource) => `${statement.Sid}: ${resource.replace("arn:<AWS::Partition>:", "")}`),
    );
    expect(unbound).toEqual(named);
  });

  test("fits in the managed policies that say it", () => {
    const policies = Object.values(template.Resources).filter(
      ({ Type }) => Type === "AWS::IAM::ManagedPolicy",
    );
    for (const { Properties } of policies) {
      expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThan(6144);
    }
  });

  test("does not reach the controller's own roles", () => {
    const paths = having("AssumeRolePolicyDocument", template.Resources).map(({ Path }) => Path);
    expect(paths).toEqual(paths.map(() => ({ Sub: "/<Prefix>/" })));
    expect(template.Globals.Function.RolePath).toEqual({ Sub: "/<Prefix>/" });
  });

  test("lets a role be passed only to the service it is for", () => {
    const passing = statements.filter(({ Action }) => listOf(Action).includes("iam:PassRole"));
    expect(having("iam:PassedToService", passing)).toHaveLength(passing.length);
    expect(passing.length).toBeGreaterThan(2);
  });

  test("is what the functions call, and no more", () => {
    const called = globSync("src/aws/**/*.ts")
      // What people do with credentials of their own.
      .filter((path) => !/\b(?:installed|people)\.ts$/.test(path))
      .flatMap((path) => [...readFileSync(path, "utf8").matchAll(/\bcall\("([a-zA-Z0-9:]+)"/g)])
      .map(([, operation = ""]) => actions[operation] ?? operation)
      .filter((action) => action !== "");
    const granted = ["JanitorPolicy", "ReadPolicy", "QueuePolicy", "ReconcilePolicy"]
      .flatMap((name) => having("Action", template.Resources[name]))
      .flatMap(({ Action }) => listOf(Action))
      .filter((action) => !implied.includes(String(action)));
    expect([...new Set(granted)].sort()).toEqual([...new Set(called)].sort());
  });
});

/** What policies allow for one action, as their statements say it. */
const grantsOf = (action: string, ...policies: readonly string[]) =>
  policies
    .flatMap((name) => having("Effect", template.Resources[name]))
    .filter(({ Action }) => listOf(Action).includes(action));

describe("who looks before anything is written", () => {
  test("may read all that a pass may read", () => {
    const reading = (name: string) =>
      having("Effect", template.Resources[name])
        .flatMap(({ Action }) => listOf(Action).map(String))
        .filter((action) => /:(?:Batch)?(?:Describe|Get|List)/.test(action));
    const looking = new Set([...reading("ReadPolicy"), ...reading("SweepPolicy")]);
    const unseen = reading("ReconcilePolicy").filter((action) => !looking.has(action));
    expect(unseen).toEqual([
      // Builds are looked at where they were started, and what is counted is about to be made.
      "codebuild:BatchGetBuilds",
      "cloudformation:BatchDescribeTypeConfigurations",
      "cloudformation:ListResources",
      "servicequotas:GetServiceQuota",
    ]);
  });

  test("may have a secret described as far as a pass may", () => {
    const [secrets] = grantsOf("secretsmanager:DescribeSecret", "SweepPolicy");
    expect(secrets?.Resource).toBe("*");
  });
});

test("tasks of a cluster that is looked up are reached where the installation names it", () => {
  const here = ["SweepPolicy", "ReconcilePolicy"].map((name) => template.Resources[name]);
  const there = templateIn("infra/target-roles.yaml").Resources.Deployer;
  const clusters = ["<Clusters>", "<Prefix>-*"];
  const ecs = "arn:<AWS::Partition>:ecs:*:<AWS::AccountId>";
  for (const [granted, most] of [
    [here, 3],
    [there, 1],
  ] as const) {
    const bound = having("ecs:cluster", granted).map((condition) => condition["ecs:cluster"]);
    expect(bound).toHaveLength(most);
    for (const one of bound) {
      expect(listOf(one).map(text)).toEqual(clusters.map((name) => `${ecs}:cluster/${name}`));
    }
    const told = having("Effect", granted)
      .filter(({ Action }) => listOf(Action).includes("ecs:DescribeTasks"))
      .map(({ Resource }) => listOf(Resource).map(text));
    expect(told.length).toBeGreaterThan(0);
    for (const one of told) expect(one).toEqual(clusters.map((name) => `${ecs}:task/${name}/*`));
  }
});

test("who counts the stacks of an account may list them all", () => {
  const resources = grantsOf("cloudformation:DescribeStacks", "ReconcilePolicy").map(
    ({ Resource }) => Resource,
  );
  expect(resources).toContain("*");
});

/** Operations whose permission has another name, or that need none. */
const actions: Readonly<Record<string, string>> = {
  "cloudcontrolapi:GetResource": "cloudformation:GetResource",
  "cloudcontrolapi:ListResources": "cloudformation:ListResources",
  "http:Get": "",
  "lambda:Invoke": "lambda:InvokeFunction",
  "s3:DeleteObjects": "s3:DeleteObjectVersion",
  "s3:ListObjectVersions": "s3:ListBucketVersions",
  "s3:ListObjectsV2": "",
  "sqs:SendMessageBatch": "sqs:SendMessage",
  "sts:GetCallerIdentity": "",
  "tagging:GetResources": "tag:GetResources",
};

/** What a call needs beside its own action: tags, roles passed on, a stack's resources, the bucket's word on absence. */
const implied = [
  "cloudformation:BatchDescribeTypeConfigurations",
  "cloudformation:DetectStackResourceDrift",
  "cloudformation:TagResource",
  "cloudformation:UntagResource",
  "iam:PassRole",
  "s3:ListBucket",
];
