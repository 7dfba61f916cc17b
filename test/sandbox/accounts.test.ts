import { describe, expect, test } from "vitest";
import { ecsOf } from "../../src/sandbox/ecs/state.ts";
import { addRole } from "../../src/sandbox/iam/roles.ts";
import { AwsError, type BusEvent, type World } from "../../src/sandbox/world.ts";
import { settle } from "./cloudformation/a-world.ts";
import { aWorld } from "./world-of-services.ts";

const tools = "111111111111";
const production = "222222222222";
const region = "eu-west-1";

/** What somebody of an account is answered, or how he is refused. */
function as(world: World, account: string, where = region) {
  const principal = { account, region: where, arn: `arn:aws:iam::${account}:root` };
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  return (operation: string, input: object): any => {
    try {
      return world.call(operation, input, principal);
    } catch (error) {
      if (error instanceof AwsError) return `${error.code}: ${error.message}`;
      throw error;
    }
  };
}

type Ask = ReturnType<typeof as>;

function deploy(world: World, ask: Ask, StackName: string, Resources: object, more: object = {}) {
  const answer = ask("cloudformation:CreateStack", {
    StackName,
    TemplateBody: JSON.stringify({ Resources }),
    Capabilities: ["CAPABILITY_NAMED_IAM"],
    ...more,
  });
  settle(world);
  return answer;
}

const statusOf = (ask: Ask, StackName: string): string =>
  ask("cloudformation:DescribeStacks", { StackName }).Stacks[0].StackStatus;

const topic = { T: { Type: "AWS::SNS::Topic", Properties: {} } };

const trustedBy = (Principal: object) => ({
  Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }],
});

test("each account has its own stacks, in each region", () => {
  const world = aWorld();
  deploy(world, as(world, tools), "s", topic);
  for (const other of [as(world, production), as(world, tools, "us-east-1")]) {
    const answer = other("cloudformation:DescribeStacks", { StackName: "s" });
    expect(answer).toBe("ValidationError: Stack with id s does not exist");
    expect(deploy(world, other, "s", topic)).toHaveProperty("StackId");
  }
});

describe("the role that CloudFormation works as", () => {
  const role = {
    R: {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: "cfn",
        AssumeRolePolicyDocument: trustedBy({ Service: "cloudformation.amazonaws.com" }),
      },
    },
  };
  const cfn = (account: string) => ({ RoleARN: `arn:aws:iam::${account}:role/cfn` });

  test("is one that trusts it, of the same account", () => {
    const world = aWorld();
    const [there, here] = [as(world, production), as(world, tools)];
    deploy(world, there, "roles", role);
    addRole(world, cfn(tools).RoleARN, trustedBy({ Service: "ecs.amazonaws.com" }));
    const mine = /^ValidationError: Role arn:aws:iam::\d{12}:role\/cfn is invalid or cannot be/;
    expect(deploy(world, there, "s", topic, cfn(production))).toHaveProperty("StackId");
    expect(deploy(world, here, "s", topic, cfn(tools))).toMatch(mine);
    expect(deploy(world, here, "s", topic, cfn(production))).toBe(
      "AccessDenied: Cross-account pass role is not allowed.",
    );
  });

  test("stays with the stack, also when it is no more", () => {
    const world = aWorld();
    const there = as(world, production);
    deploy(world, there, "roles", role);
    deploy(world, there, "s", topic, cfn(production));
    const change = (DisplayName: string) =>
      there("cloudformation:UpdateStack", {
        StackName: "s",
        TemplateBody: JSON.stringify({
          Resources: { T: { ...topic.T, Properties: { DisplayName } } },
        }),
      });
    expect(change("one")).toHaveProperty("StackId");
    settle(world);
    const [{ RoleARN }] = there("cloudformation:DescribeStacks", { StackName: "s" }).Stacks;
    expect({ RoleARN }).toEqual(cfn(production));

    there("cloudformation:DeleteStack", { StackName: "roles" });
    settle(world);
    expect(change("two")).toMatch(/is invalid or cannot be assumed$/);
    expect(there("cloudformation:DeleteStack", { StackName: "s" })).toMatch(/cannot be assumed$/);
  });
});

describe("an image of another account", () => {
  const web = (image: string) => ({
    Cluster: { Type: "AWS::ECS::Cluster", Properties: { ClusterName: "main" } },
    Task: {
      Type: "AWS::ECS::TaskDefinition",
      Properties: {
        Family: "web",
        ExecutionRoleArn: `arn:aws:iam::${production}:role/exec`,
        ContainerDefinitions: [{ Name: "web", Image: image }],
      },
    },
    Web: {
      Type: "AWS::ECS::Service",
      Properties: {
        Cluster: { Ref: "Cluster" },
        TaskDefinition: { Ref: "Task" },
        DesiredCount: 1,
        DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
      },
    },
  });
  const image = `${tools}.dkr.ecr.${region}.amazonaws.com/web:1`;

  test.for<[string, string | undefined, string]>([
    ["nobody is let in", undefined, "ROLLBACK_COMPLETE"],
    ["another account is let in", "333333333333", "ROLLBACK_COMPLETE"],
    ["the account is let in", `arn:aws:iam::${production}:root`, "CREATE_COMPLETE"],
    ["the role is let in", `arn:aws:iam::${production}:role/exec`, "CREATE_COMPLETE"],
  ])("where %s", ([, AWS, status]) => {
    const world = aWorld();
    const [here, there] = [as(world, tools), as(world, production)];
    here("ecr:CreateRepository", { repositoryName: "web" });
    here("ecr:PutImage", {
      repositoryName: "web",
      imageTag: "1",
      imageManifest: '{"schemaVersion":2}',
      imageManifestMediaType: "application/vnd.oci.image.manifest.v1+json",
    });
    if (AWS !== undefined) {
      const Statement = [{ Effect: "Allow", Principal: { AWS }, Action: ["ecr:BatchGetImage"] }];
      const policyText = JSON.stringify({ Statement });
      here("ecr:SetRepositoryPolicy", { repositoryName: "web", policyText });
    }
    deploy(world, there, "s", web(image));
    expect(statusOf(there, "s")).toBe(status);
    const { tasks } =
      Object.values(ecsOf({ world, account: production, region }).services)[0] ?? {};
    const isDenied = tasks?.some(({ stoppedReason = "" }) =>
      stoppedReason.includes("not authorized to perform: ecr:BatchGetImage"),
    );
    expect(isDenied).toBe(status === "ROLLBACK_COMPLETE");
  });
});

describe("a template in another account's bucket", () => {
  const url = `https://hub.s3.${region}.amazonaws.com/templates/t.json`;
  const deployed = (policy: object | undefined): unknown => {
    const world = aWorld();
    const [here, there] = [as(world, tools), as(world, production)];
    deploy(world, here, "hub", {
      B: { Type: "AWS::S3::Bucket", Properties: { BucketName: "hub" } },
      ...(policy === undefined ? {} : { P: { Type: "AWS::S3::BucketPolicy", Properties: policy } }),
    });
    const Body = JSON.stringify({ Resources: topic });
    here("s3:PutObject", { Bucket: "hub", Key: "templates/t.json", Body });
    return there("cloudformation:CreateStack", { StackName: "s", TemplateURL: url });
  };
  const letting = (AWS: string, Resource: string) => ({
    Bucket: "hub",
    PolicyDocument: {
      Statement: [{ Effect: "Allow", Principal: { AWS }, Action: "s3:GetObject", Resource }],
    },
  });

  test("is fetched where the bucket lets the account read it", () => {
    expect(deployed(letting(production, "arn:aws:s3:::hub/templates/*"))).toHaveProperty("StackId");
  });

  test("is not fetched otherwise", () => {
    const refused = "ValidationError: S3 error: Access Denied";
    expect(deployed(undefined)).toBe(refused);
    expect(deployed(letting(tools, "arn:aws:s3:::hub/templates/*"))).toBe(refused);
    expect(deployed(letting(production, "arn:aws:s3:::hub/records/*"))).toBe(refused);
  });
});

const bus = `arn:aws:events:${region}:${tools}:event-bus/default`;
const queue = (name: string) => `arn:aws:sqs:${region}:${tools}:${name}`;
const pattern = { source: ["aws.cloudformation"] };

/** The hub: what reaches its bus is put into a queue. */
function hub(): { readonly world: World; received(): readonly BusEvent[] } {
  const world = aWorld();
  const here = as(world, tools);
  const { QueueUrl } = here("sqs:CreateQueue", { QueueName: "heard" });
  here("events:PutRule", { Name: "r", EventPattern: JSON.stringify(pattern) });
  here("events:PutTargets", { Rule: "r", Targets: [{ Id: "q", Arn: queue("heard") }] });
  const received = () => {
    const { Messages = [] } = here("sqs:ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 });
    return Messages.map(({ Body }: { readonly Body: string }) => JSON.parse(Body));
  };
  return { world, received };
}

describe("events of another account or region", () => {
  const forwarding = (Arn: string) => ({
    F: {
      Type: "AWS::Events::Rule",
      Properties: { EventPattern: pattern, Targets: [{ Id: "hub", Arn, RoleArn: "x" }] },
    },
  });

  const letIn = { StatementId: "p", Action: "events:PutEvents", Principal: production };

  test("reach its bus where a rule forwards them and the bus lets them in", () => {
    const { received, world } = hub();
    const there = as(world, production);
    deploy(world, there, "forward", forwarding(bus));
    deploy(world, there, "unheard", topic);
    expect(received()).toEqual([]);
    as(world, tools)("events:PutPermission", letIn);
    deploy(world, there, "heard", topic);
    const events = received();
    expect(events.length).toBeGreaterThan(0);
    for (const { account, detail } of events) {
      expect(account).toBe(production);
      expect(JSON.stringify(detail)).toContain(":stack/heard/");
    }
  });

  test("of another region need no leave", () => {
    const { received, world } = hub();
    const there = as(world, tools, "us-east-1");
    deploy(world, there, "forward", forwarding(bus));
    deploy(world, there, "heard", topic);
    expect(new Set(received().map((event) => event.region))).toEqual(new Set(["us-east-1"]));
  });

  test("go no further than one bus", () => {
    const { received, world } = hub();
    const [there, between] = [as(world, production), as(world, "333333333333")];
    const Targets = [{ Id: "on", Arn: bus, RoleArn: "x" }];
    between("events:PutRule", { Name: "on", EventPattern: JSON.stringify(pattern) });
    between("events:PutTargets", { Rule: "on", Targets });
    between("events:PutPermission", letIn);
    as(world, tools)("events:PutPermission", { ...letIn, Principal: "333333333333" });
    deploy(world, there, "forward", forwarding(bus.replace(tools, "333333333333")));
    deploy(world, there, "unheard", topic);
    expect(received()).toEqual([]);
    deploy(world, between, "heard", topic);
    expect(received().length).toBeGreaterThan(0);
  });

  test("are let in by a policy that the bus tells, until it is taken back", () => {
    const { received, world } = hub();
    const here = as(world, tools);
    const there = as(world, production);
    const policy = () => here("events:DescribeEventBus", {}).Policy;
    expect(policy()).toBeUndefined();
    here("events:PutPermission", letIn);
    expect(JSON.parse(policy()).Statement).toEqual([
      {
        Sid: "p",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${production}:root` },
        Action: "events:PutEvents",
        Resource: bus,
      },
    ]);
    here("events:RemovePermission", { StatementId: "p" });
    expect(policy()).toBeUndefined();
    deploy(world, there, "forward", forwarding(bus));
    deploy(world, there, "unheard", topic);
    expect(received()).toEqual([]);
    expect(here("events:RemovePermission", { StatementId: "p" })).toMatch(/^ResourceNotFound/);
  });
});
