import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { targetRoles } from "../../scripts/target-roles.ts";
import { AwsError } from "../../src/sandbox/world.ts";
import { settle } from "../sandbox/cloudformation/a-world.ts";
import { aWorld } from "../sandbox/world-of-services.ts";
import { having, listOf, template, templateIn } from "./template.ts";

const roles = templateIn("infra/target-roles.yaml");
const forward = templateIn("infra/forward.yaml");

const statementsOf = (name: string) => having("Effect", roles.Resources[name]);
const statement = (name: string, sid: string) =>
  statementsOf(name).find(({ Sid }) => Sid === sid) ?? {};

describe("the templates of a target account", () => {
  const account = "222222222222";
  const ask = (world: ReturnType<typeof aWorld>, operation: string, input: object): unknown =>
    world.call(operation, input, { account, region: "eu-west-1", arn: "arn:aws:iam::2:root" });

  test.for<[string, Readonly<Record<string, string>>]>([
    ["target-roles", { ControllerAccount: "111111111111" }],
    [
      "target-roles",
      {
        ControllerAccount: "111111111111",
        ExternalId: "shop",
        Boundary: `arn:aws:iam::${account}:policy/own`,
      },
    ],
    ["forward", { ControllerAccount: "111111111111", ControllerRegion: "eu-west-1" }],
  ])("can be deployed as they are: %s", ([name, parameters]) => {
    const world = aWorld();
    const given = Object.entries(parameters);
    ask(world, "cloudformation:CreateStack", {
      StackName: name,
      TemplateBody: readFileSync(`infra/${name}.yaml`, "utf8"),
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      Parameters: given.map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    });
    settle(world);
    const { Stacks } = ask(world, "cloudformation:DescribeStacks", { StackName: name }) as {
      readonly Stacks: readonly { readonly StackStatus: string }[];
    };
    expect(Stacks.map(({ StackStatus }) => StackStatus)).toEqual(["CREATE_COMPLETE"]);
  });

  test("let in the controller's functions, and who says the external id", () => {
    const roleArn = `arn:aws:iam::${account}:role/trueup-deployer`;
    const assumed = (parameters: readonly object[], ExternalId?: string): string => {
      const world = aWorld();
      ask(world, "cloudformation:CreateStack", {
        StackName: "roles",
        TemplateBody: readFileSync("infra/target-roles.yaml", "utf8"),
        Capabilities: ["CAPABILITY_NAMED_IAM"],
        Parameters: [
          { ParameterKey: "ControllerAccount", ParameterValue: "111111111111" },
          ...parameters,
        ],
      });
      settle(world);
      const input = { RoleArn: roleArn, RoleSessionName: "me", ...(ExternalId && { ExternalId }) };
      return ["trueup/", ""]
        .map((path) => {
          // Nothing is known of the controller's roles here, so sessions show them as they are.
          const arn = `arn:aws:iam::111111111111:role/${path}Reconcile`;
          try {
            world.call("sts:AssumeRole", input, {
              account: "111111111111",
              region: "eu-west-1",
              arn,
            });
            return "yes";
          } catch (error) {
            return error instanceof AwsError && error.code === "AccessDenied"
              ? "no"
              : String(error);
          }
        })
        .join(" ");
    };
    const withId = [{ ParameterKey: "ExternalId", ParameterValue: "shop" }];
    expect(assumed([])).toBe("yes no");
    expect(assumed(withId)).toBe("no no");
    expect(assumed(withId, "shop")).toBe("yes no");
  });

  test("are small enough to be handed over as they are", () => {
    for (const path of globSync("infra/*.yaml")) {
      expect(readFileSync(path).length).toBeLessThanOrEqual(51_200);
    }
  });
});

describe("the deployer", () => {
  /** Modules whose calls are made with the credentials of a target. */
  const modules = [
    "change-sets",
    "checks/build",
    "checks/function",
    "checks/task",
    "drift",
    "ecs-service",
    "failures",
    "inventory",
    "lookups",
    "quotas",
    "remains",
    "secrets",
    "service-causes",
    "services",
    "snapshot",
    "stacks",
  ];

  test("looks things up, and for drift, as the controller does at home", () => {
    const at = (name: string) => roles.Resources[name]?.Properties.PolicyDocument;
    for (const name of ["LookupPolicy", "DriftPolicy"]) {
      expect(at(name)).toEqual(template.Resources[name]?.Properties.PolicyDocument);
    }
  });

  test("may what is called in a target, and no more", () => {
    const called = modules
      .flatMap((name) => [
        ...readFileSync(`src/aws/${name}.ts`, "utf8").matchAll(/\bcall\(\s*"([a-zA-Z0-9:]+)"/g),
      ])
      .map(([, operation = ""]) => actions[operation] ?? operation);
    const granted = statementsOf("Deployer")
      .flatMap(({ Action }) => listOf(Action).map(String))
      .filter((action) => !implied.includes(action));
    expect(granted.length).toBeGreaterThan(15);
    expect(granted.toSorted()).toEqual([...new Set(called)].toSorted());
  });

  test("passes on its CloudFormation role, and roles of tasks to tasks", () => {
    const passing = statementsOf("Deployer").filter(({ Action }) => Action === "iam:PassRole");
    expect(passing.map(({ Condition, Resource }) => [Resource, Condition])).toEqual([
      [
        { GetAtt: "CloudFormationRole.Arn" },
        { StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" } },
      ],
      [
        { Sub: "arn:<AWS::Partition>:iam::<AWS::AccountId>:role/<Prefix>-*" },
        { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      ],
    ]);
  });
});

/** Operations whose permission has another name. */
const actions: Readonly<Record<string, string>> = {
  "cloudcontrolapi:GetResource": "cloudformation:GetResource",
  "cloudcontrolapi:ListResources": "cloudformation:ListResources",
  "lambda:Invoke": "lambda:InvokeFunction",
  "s3:DeleteObjects": "s3:DeleteObjectVersion",
  "s3:ListObjectVersions": "s3:ListBucketVersions",
  "tagging:GetResources": "tag:GetResources",
};

/** What a call needs beside its own action: tags, roles passed on, objects without a version. */
const implied = [
  "cloudformation:BatchDescribeTypeConfigurations",
  "cloudformation:DetectStackResourceDrift",
  "cloudformation:TagResource",
  "cloudformation:UntagResource",
  "iam:PassRole",
  "s3:DeleteObject",
  "s3:GetObject",
  "sts:AssumeRole",
];

/** Of roles that are there, or denied with all others of its kind. */
const harmless = /:(?:Get|List|Tag|Untag|CreateRole)|Description$|DeleteRolePermissions/;

describe("the role of CloudFormation in a target account", () => {
  test("has the policies of the one at home, as `npm run infra` copies them", () => {
    expect(readFileSync("infra/target-roles.yaml", "utf8")).toBe(targetRoles());
    const policiesOf = ({ Resources }: typeof roles) =>
      listOf(Resources.CloudFormationRole?.Properties.ManagedPolicyArns);
    expect(policiesOf(roles)).toEqual(policiesOf(template));
    for (const reference of policiesOf(roles)) {
      const { Ref: name = "" } = reference as { readonly Ref?: string };
      const here = having("Effect", template.Resources[name]);
      expect(here.length).toBeGreaterThan(0);
      expect(statementsOf(name)).toEqual(here.filter(({ Sid }) => Sid !== "OwnBucket"));
    }
  });

  test("makes no role without the boundary, and takes none away", () => {
    expect(statement("CloudFormationRole", "Bounded")).toMatchObject({
      Effect: "Deny",
      Action: expect.arrayContaining(["iam:CreateRole", "iam:PutRolePermissionsBoundary"]),
      Resource: "*",
      Condition: { StringNotEquals: { "iam:PermissionsBoundary": expect.anything() } },
    });
    const { Action, Effect } = statement("CloudFormationRole", "Unbounded");
    expect([Effect, Action]).toEqual(["Deny", "iam:DeleteRolePermissionsBoundary"]);
  });

  test("cannot change the two roles themselves, nor hand them on", () => {
    const { Action, Effect, Resource } = statement("CloudFormationRole", "OwnRoles");
    expect(Effect).toBe("Deny");
    const writing = having("Sid", roles.Resources.IdentityPolicy)
      .filter(({ Sid }) => Sid === "Roles" || Sid === "RolesOfTasks")
      .flatMap((one) => listOf(one.Action).map(String))
      .filter((action) => !harmless.test(action));
    expect(writing.length).toBeGreaterThan(5);
    expect(listOf(Action)).toEqual(expect.arrayContaining(writing));
    const names = listOf(Resource).map((one) => String((one as { readonly Sub: string }).Sub));
    const own = having("RoleName", roles.Resources).map(
      ({ RoleName }) => (RoleName as { readonly Sub: string }).Sub,
    );
    expect(own).toHaveLength(2);
    expect(names.toSorted()).toEqual(
      own.map((name) => `arn:<AWS::Partition>:iam::<AWS::AccountId>:role/${name}`).toSorted(),
    );
  });

  test("is bounded by a policy that neither writes IAM nor changes stacks", () => {
    const [work = {}, ...others] = statementsOf("BoundaryPolicy");
    expect(listOf(work.NotAction)).toEqual(
      expect.arrayContaining(["cloudformation:*", "iam:*", "organizations:*"]),
    );
    expect(others.map(({ Action }) => Action)).toEqual(["iam:PassRole"]);
  });
});

describe("what is forwarded", () => {
  const patterns = having("EventPattern", forward.Resources).map(
    ({ EventPattern }) => EventPattern,
  );

  /** Those of the controller's rules that tell of a target or of a registry. */
  const heard = having("Pattern", template.Resources)
    .map(({ Pattern }) => {
      // Whose events are heard is for whoever hears them.
      const { account: _, ...pattern } = Pattern as Readonly<Record<string, readonly string[]>>;
      return pattern as Readonly<Record<string, readonly string[]>>;
    })
    .filter(({ source = [] }) => !["aws.codecommit", "aws.ssm"].includes(source[0] ?? ""));

  test("is what the controller's own rules hear, pattern by pattern", () => {
    expect(patterns).toHaveLength(6);
    for (const pattern of patterns) expect(heard).toContainEqual(pattern);
  });

  test("is all that they hear of targets and registries", () => {
    const kinds = (list: readonly unknown[]) =>
      new Set(list.map((one) => String((one as { "detail-type": unknown })["detail-type"])));
    expect(kinds(patterns)).toEqual(kinds(heard));
  });

  test("goes to the bus of the controller, by a role that may do that and nothing else", () => {
    const bus = {
      Sub: "arn:<AWS::Partition>:events:<ControllerRegion>:<ControllerAccount>:event-bus/default",
    };
    const targets = having("RoleArn", forward.Resources);
    expect(targets).toHaveLength(6);
    for (const target of targets) {
      expect(target).toMatchObject({ Arn: bus, RoleArn: { GetAtt: "Forwarder.Arn" } });
    }
    const granted = having("Effect", forward.Resources.Forwarder?.Properties.Policies);
    expect(granted).toEqual([{ Effect: "Allow", Action: "events:PutEvents", Resource: bus }]);
  });
});

describe("the controller's stack", () => {
  test("hears the accounts that it is told of, and lets their deployers read templates", () => {
    const accounts = { AWS: { Ref: "TargetAccounts" } };
    const { Statement } = template.Resources.BusPolicy?.Properties ?? {};
    expect(Statement).toMatchObject({ Principal: accounts, Action: "events:PutEvents" });
    const reading = having("Effect", template.Resources.BucketPolicy).find(
      ({ Sid }) => Sid === "Templates",
    );
    expect(reading).toMatchObject({
      Principal: accounts,
      Action: "s3:GetObject",
      Resource: { Sub: "<Bucket.Arn>/templates/*" },
      Condition: { ArnLike: { "aws:PrincipalArn": expect.anything() } },
    });
  });
});
