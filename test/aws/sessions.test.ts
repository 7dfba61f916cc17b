import { describe, expect, test } from "vitest";
import type { Call } from "../../src/aws/call.ts";
import { assuming } from "../../src/aws/sessions.ts";
import { sessionName } from "../../src/model/session.ts";
import { awsError } from "./recorder.ts";

const role = "arn:aws:iam::210987654321:role/trueup-deployer";
const identity = { region: "us-east-1", role, externalId: "shop", session: "shop@prod@t-1" };

interface Made {
  readonly operation: string;
  readonly input: unknown;
  readonly region: string;
  /** The access key it is signed with; undefined: the process's own. */
  readonly key: string | undefined;
}

/** Sessions get keys K1, K2, …; `refuse` says of each other call what is thrown. */
function scene(refuse: (made: Made) => Error | undefined = () => undefined, assumed = role) {
  const made: Made[] = [];
  let keys = 0;
  const caller = assuming(
    ({ credentials, region }) =>
      (async (operation, input) => {
        const one = { operation, input, region, key: credentials?.accessKeyId };
        made.push(one);
        const error = refuse(one);
        if (error !== undefined) throw error;
        if (operation !== "sts:AssumeRole") return {};
        keys += 1;
        return {
          AssumedRoleUser: { Arn: `${assumed.replace("iam", "sts")}/s` },
          Credentials: { AccessKeyId: `K${keys}`, SecretAccessKey: "s", SessionToken: "t" },
        };
      }) as Call,
    "eu-west-1",
  );
  const told = () => made.map(({ key, operation }) => `${key ?? "own"} ${operation.split(":")[1]}`);
  return { caller, made, told };
}

const stacks = (call: Call) => call("cloudformation:DescribeStacks", {});

describe("calls as a role", () => {
  test("are signed with the credentials of one session, in their own region", async () => {
    const { caller, made, told } = scene();
    await Promise.all([stacks(caller(identity)), stacks(caller(identity))]);
    await stacks(caller({ ...identity, region: "eu-west-2" }));
    expect(told()).toEqual([
      "own AssumeRole",
      "K1 DescribeStacks",
      "K1 DescribeStacks",
      "K1 DescribeStacks",
    ]);
    expect(made.map(({ region }) => region)).toEqual([
      "eu-west-1",
      "us-east-1",
      "us-east-1",
      "eu-west-2",
    ]);
    expect(made[0]?.input).toEqual({
      RoleArn: role,
      RoleSessionName: "shop@prod@t-1",
      ExternalId: "shop",
    });
  });

  test("of another session are signed with others", async () => {
    const { caller, told } = scene();
    await stacks(caller(identity));
    await stacks(caller({ ...identity, session: "shop@prod@t-2" }));
    expect(told().slice(2)).toEqual(["own AssumeRole", "K2 DescribeStacks"]);
  });

  test("without one are the process's own", async () => {
    const { caller, told } = scene();
    await stacks(caller({ region: "us-east-1" }));
    expect(told()).toEqual(["own DescribeStacks"]);
  });
});

describe("credentials that ran out", () => {
  test.for(["ExpiredToken", "ExpiredTokenException"])(
    "are renewed once for all who hear of it (%s)",
    async (name) => {
      const { caller, told } = scene(({ key }) => (key === "K1" ? awsError(name) : undefined));
      const call = caller(identity);
      await Promise.all([stacks(call), stacks(call)]);
      expect(told().toSorted()).toEqual([
        "K1 DescribeStacks",
        "K1 DescribeStacks",
        "K2 DescribeStacks",
        "K2 DescribeStacks",
        "own AssumeRole",
        "own AssumeRole",
      ]);
    },
  );

  test("are not renewed twice for one call", async () => {
    const { caller, told } = scene(({ key }) =>
      key === undefined ? undefined : awsError("ExpiredToken"),
    );
    await expect(stacks(caller(identity))).rejects.toThrow("ExpiredToken");
    expect(told()).toEqual([
      "own AssumeRole",
      "K1 DescribeStacks",
      "own AssumeRole",
      "K2 DescribeStacks",
    ]);
  });

  test("are no reason to repeat what failed otherwise", async () => {
    const { caller, made } = scene(({ key }) =>
      key === undefined ? undefined : awsError("ThrottlingException"),
    );
    await expect(stacks(caller(identity))).rejects.toThrow("ThrottlingException");
    expect(made).toHaveLength(2);
  });
});

describe("a role that cannot be assumed", () => {
  const refused = ({ operation }: Made) =>
    operation === "sts:AssumeRole"
      ? awsError("AccessDenied", `not authorized to perform: sts:AssumeRole on resource: ${role}`)
      : undefined;

  test("is told, and nothing is called in its place", async () => {
    const { caller, told } = scene(refused);
    await expect(stacks(caller(identity))).rejects.toMatchObject({
      reason: "RoleNotAssumed",
      message: expect.stringMatching(/sts:AssumeRole on resource: .*Let its trust policy name/),
    });
    expect(told()).toEqual(["own AssumeRole"]);
  });

  test("is not said to want trust where somebody denies it", async () => {
    const { caller } = scene(({ operation }) =>
      operation === "sts:AssumeRole"
        ? awsError("AccessDenied", "… with an explicit deny in a service control policy")
        : undefined,
    );
    await expect(stacks(caller(identity))).rejects.toMatchObject({
      reason: "RoleNotAssumed",
      message: expect.stringMatching(
        /control policy\. Whoever denies it has to let the controller/,
      ),
    });
  });

  test("is asked for again the next time", async () => {
    let times = 0;
    const { caller, told } = scene((made) => {
      times += 1;
      return times === 1 ? refused(made) : undefined;
    });
    await expect(stacks(caller(identity))).rejects.toThrow();
    await stacks(caller(identity));
    expect(told()).toEqual(["own AssumeRole", "own AssumeRole", "K1 DescribeStacks"]);
  });

  test("is not taken for one of another account", async () => {
    const { caller, told } = scene(undefined, role.replace("210987654321", "999999999999"));
    await expect(stacks(caller(identity))).rejects.toMatchObject({ reason: "WrongAccount" });
    expect(told()).toEqual(["own AssumeRole"]);
  });
});

test("a session is called after what is done, in the characters and the length that STS takes", () => {
  expect(sessionName("shop", "prod", undefined)).toBe("shop@prod");
  expect(sessionName("shop", "test.main-1a2b3c", "a b/ü")).toBe("shop@test.main-1a2b3c@a-b--");
  const name = sessionName("a".repeat(31), "e".repeat(31), "token");
  expect(name).toBe(`${"a".repeat(31)}@${"e".repeat(31)}@`);
  expect(name).toHaveLength(64);
});
