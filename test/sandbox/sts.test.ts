import { describe, expect, test } from "vitest";
import { addAccessKey, holderOf } from "../../src/sandbox/sts.ts";
import { aWorld, call, principal, refusal } from "./world-of-services.ts";

const role = { RoleArn: "arn:aws:iam::123456789012:role/path/deployer", RoleSessionName: "one" };

describe("an assumed role", () => {
  test("is who its key stands for, until it runs out", () => {
    const world = aWorld();
    const { AssumedRoleUser, Credentials } = call(world, "sts:AssumeRole", role);
    const arn = "arn:aws:sts::123456789012:assumed-role/deployer/one";
    expect(AssumedRoleUser).toMatchObject({
      Arn: arn,
      AssumedRoleId: expect.stringMatching(/^AROA.{17}:one$/),
    });
    expect(Credentials.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(Credentials.Expiration).toEqual(new Date(world.now + 3_600_000));
    expect(holderOf(world, Credentials.AccessKeyId)).toEqual({ account: "123456789012", arn });
    world.advanceTo(world.now + 3_600_000);
    expect(holderOf(world, Credentials.AccessKeyId)).toBeUndefined();
  });

  test("tells its own identity", () => {
    const world = aWorld();
    const arn = "arn:aws:sts::123456789012:assumed-role/deployer/one";
    expect(world.call("sts:GetCallerIdentity", {}, { ...principal, arn })).toEqual({
      Account: "123456789012",
      Arn: arn,
      UserId: call(world, "sts:AssumeRole", role).AssumedRoleUser.AssumedRoleId,
    });
  });
});

test("a lasting key is known once it was added", () => {
  const world = aWorld();
  expect(holderOf(world, "AKIAEXAMPLE")).toBeUndefined();
  addAccessKey(world, "AKIAEXAMPLE", principal);
  expect(holderOf(world, "AKIAEXAMPLE")).toEqual({
    account: principal.account,
    arn: principal.arn,
  });
});

test.for<[string, object, RegExp]>([
  [
    "a space in the session's name",
    { RoleSessionName: "a b" },
    /^ValidationError: .*'roleSessionName'.*regular expression/,
  ],
  ["a session's name of one letter", { RoleSessionName: "a" }, /greater than or equal to 2/],
  [
    "a session's name of 65 letters",
    { RoleSessionName: "a".repeat(65) },
    /less than or equal to 64/,
  ],
  ["a quarter of an hour less a second", { DurationSeconds: 899 }, /greater than or equal to 900/],
  ["more than twelve hours", { DurationSeconds: 43_201 }, /less than or equal to 43200/],
  [
    "what is no role",
    { RoleArn: "arn:aws:iam::123456789012:user/x" },
    /^ValidationError: .* is invalid$/,
  ],
  [
    "a role of another account",
    { RoleArn: "arn:aws:iam::210987654321:role/x" },
    /^AccessDenied: User: arn:aws:iam::123456789012:user\/tester is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role\/x$/,
  ],
  ["a session policy", { Policy: "{}" }, /^NotImplemented/],
])("%s is refused", ([, input, message]) => {
  expect(refusal(aWorld(), "sts:AssumeRole", { ...role, ...input })).toMatch(message);
});

test("a role assumed by a role lasts an hour at most", () => {
  const chained = { ...principal, arn: "arn:aws:sts::123456789012:assumed-role/a/b" };
  const assume = (DurationSeconds: number) => () =>
    aWorld().call("sts:AssumeRole", { ...role, DurationSeconds }, chained);
  expect(assume(3601)).toThrow("exceeds the 1 hour session limit");
  expect(assume(3600)).not.toThrow();
});
