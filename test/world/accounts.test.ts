import { describe, expect, test } from "vitest";
import { kindOf, type Operation } from "../../src/aws/call.ts";
import {
  approve,
  begun,
  development,
  files,
  giveRoles,
  hours,
  production,
  said,
  stacksIn,
  statusOf,
  tools,
} from "./accounts.ts";
import type { Options, TestWorld } from "./world.ts";

type Made = Parameters<NonNullable<Options["onCall"]>>[0];

/** Writes down what the controller does: its own functions and whoever they become. */
function watched() {
  const made: Made[] = [];
  const onCall = (call: Made): void => {
    if (call.principal.includes(":assumed-role/")) made.push(call);
  };
  const changes = () =>
    made.filter(({ operation }) => kindOf(operation as Operation) === "mutating");
  return { made, onCall, changes };
}

const now = async (scene: TestWorld) => {
  const { branch } = (await scene.ask("codecommit:GetBranch", {
    repositoryName: "myapps",
    branchName: "main",
  })) as { readonly branch: { readonly commitId: string } };
  return branch.commitId;
};

describe("the three accounts of the tutorial", () => {
  test("test what is pushed in one, and have it in another when somebody approved", async () => {
    const { changes, made, onCall } = watched();
    const scene = await begun({ onCall });
    await hours(scene, 1);
    const revision = await now(scene);
    const { digest, revision: prod } = await statusOf(scene, "prod");
    expect([prod.desired, prod.deployed]).toEqual([revision, undefined]);
    expect(digest.plan).toBeDefined();
    expect(await said(scene, "prod")).toContainEqual(
      expect.stringMatching(/^Held=True AwaitingApproval/),
    );
    expect(await stacksIn(scene, production, "us-east-1")).toEqual([]);
    expect(changes().some(({ principal }) => principal.includes(production))).toBe(false);

    await approve(scene);
    await hours(scene, 2);
    expect((await statusOf(scene, "prod")).revision.deployed).toBe(revision);
    expect(await said(scene, "prod")).toContainEqual(expect.stringMatching(/^Ready=True/));

    const there = await stacksIn(scene, production, "us-east-1");
    expect(there.map(({ StackStatus }) => StackStatus)).toEqual(Array(4).fill("CREATE_COMPLETE"));
    expect(new Set(there.map(({ RoleARN }) => RoleARN))).toEqual(
      new Set([`arn:aws:iam::${production}:role/trueup-cfn`]),
    );
    expect(await stacksIn(scene, production)).toEqual([]);
    expect(await stacksIn(scene, tools)).toEqual([]);
    expect(await stacksIn(scene, development)).toEqual([]);

    const sessions = new Set(changes().map(({ principal }) => principal));
    const deployer = (account: string) => `arn:aws:sts::${account}:assumed-role/trueup-deployer`;
    expect([...sessions].toSorted()).toEqual([
      expect.stringMatching(`^${deployer(development)}/myapps@test\\.main-[0-9a-f]{6}$`),
      expect.stringMatching(`^${deployer(development)}/myapps@test\\.main-[0-9a-f]{6}@janitor$`),
      `${deployer(production)}/myapps@prod`,
    ]);
    expect(made.length).toBeGreaterThan(100);
  });

  test("hear of what happens in each other, sooner than by asking", async () => {
    const spent = async (forwards: boolean): Promise<number> => {
      const scene = await begun({ forwards });
      const began = scene.world.now;
      for (let minutes = 0; minutes < 120; minutes += 1) {
        await scene.driver.settle({ at: scene.world.now + 60_000 });
        const { digest } = await statusOf(scene, "prod").catch(() => ({ digest: undefined }));
        if (digest?.plan !== undefined) return (scene.world.now - began) / 60_000;
      }
      return Number.POSITIVE_INFINITY;
    };
    expect(await spent(true)).toBeLessThan(await spent(false));
  });

  test("say that an image of the tools account cannot be pulled", async () => {
    const { made, onCall } = watched();
    const scene = await begun({ shares: false, onCall });
    await hours(scene, 1);
    const statuses = made
      .filter(({ operation }) => operation === "ssm:PutParameter")
      .map(({ input }) => String((input as { readonly Value: string }).Value));
    const why =
      /CannotPullContainerError: .* no resource-based policy allows the ecr:BatchGetImage/;
    expect(statuses.some((status) => why.test(status))).toBe(true);
    expect(await said(scene, "prod")).toContainEqual(
      expect.stringMatching(/^Ready=False NothingVerified/),
    );
  });
});

describe("a target whose role cannot be assumed", () => {
  test("is stalled and says so, and nothing is done with other credentials", async () => {
    const { changes, onCall } = watched();
    const scene = await begun({ without: [development], onCall });
    await hours(scene, 1);
    const lines = (await said(scene, "test")).filter((line) => line.startsWith("Stalled=True"));
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Stalled=True RoleNotAssumed: User: arn:aws:sts::${tools}:assumed-role/.*/ReconcileFunction is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${development}:role/trueup-deployer. Let its trust policy name the controller, and this external id.$`,
        ),
      ),
    ]);
    expect(changes().filter(({ operation }) => operation.startsWith("cloudformation:"))).toEqual(
      [],
    );

    await giveRoles(scene, development);
    await hours(scene, 1);
    expect((await statusOf(scene, "prod")).digest.plan).toBeDefined();
  });

  test.for([
    ["the role to assume", "role"],
    ["the role of CloudFormation", "cloudformationRole"],
  ] as const)("or does not name %s, is refused", async ([, key]) => {
    const { changes, onCall } = watched();
    const { [key]: _, ...target } = files.environments.prod.target;
    const { prod, test } = files.environments;
    const environments = { test, prod: { ...prod, target } };
    const scene = await begun({ file: { ...files, environments }, onCall });
    await hours(scene, 2);
    const [stalled] = (await said(scene, "prod")).filter((line) => line.startsWith("Stalled=True"));
    expect(stalled).toMatch(
      /^Stalled=True NotPermitted: trueup.yaml:1:\d+ .*is missing for account/,
    );
    expect(changes().filter(({ principal }) => principal.includes(production))).toEqual([]);
    expect(await stacksIn(scene, production, "us-east-1")).toEqual([]);
  });
});

describe("a session in a target", () => {
  const deployer = `arn:aws:sts::${production}:assumed-role/trueup-deployer`;

  test("is begun anew when it has run out, and what was asked is done", async () => {
    const { made, onCall } = watched();
    const scene = await begun({ onCall });
    await hours(scene, 1);
    await approve(scene);
    await hours(scene, 3);
    const assumed = () => made.filter(({ operation }) => operation === "sts:AssumeRole").length;
    const before = assumed();
    const revision = await push(scene);
    await hours(scene, 1);
    await approve(scene);
    await hours(scene, 2);
    expect((await statusOf(scene, "prod")).revision.deployed).toBe(revision);
    expect(assumed()).toBeGreaterThan(before);
    // Nobody needed a second look to get over it.
    expect(scene.log.filter((line) => line.includes("ExpiredToken"))).toEqual([]);
  });

  test("is called after who asked for it, as long as he waits", async () => {
    const { made, onCall } = watched();
    const scene = await begun({ onCall });
    await hours(scene, 1);
    const asking = made.length;
    await scene.ask("ssm:PutParameter", {
      Name: "/trueup/myapps/prod/requested-at",
      Value: '"again"',
      Type: "String",
    });
    await hours(scene, 1);
    expect((await statusOf(scene, "prod")).requestedAt).toBe("again");
    const sessions = made.slice(asking).map(({ principal }) => principal);
    expect(sessions).toContain(`${deployer}/myapps@prod@again`);

    const answered = made.length;
    await approve(scene);
    await hours(scene, 1);
    const later = new Set(made.slice(answered).map(({ principal }) => principal));
    expect(later).toContain(`${deployer}/myapps@prod`);
    expect(later).not.toContain(`${deployer}/myapps@prod@again`);
  });
});

/** A change of the queue. */
async function push(scene: TestWorld): Promise<string> {
  const text = await scene.read("docker-compose.yml");
  return scene.push({
    "docker-compose.yml": text.replace("VisibilityTimeout: 60", "VisibilityTimeout: 90"),
  });
}
