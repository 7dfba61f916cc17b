import { describe, expect, test } from "vitest";
import type { EnvironmentTarget } from "../../src/application/application.ts";
import {
  approversOf,
  checkCeiling,
  checkLookups,
  deniedTo,
  floorOf,
  prefixOf,
  windowsOver,
} from "../../src/application/ceiling.ts";
import { checkConsents } from "../../src/application/consent.ts";
import { environmentsFollowing } from "../../src/application/follow.ts";
import { readApplication } from "../../src/application/read.ts";
import type { Registration } from "../../src/model/registration.ts";

const home = { account: "123456789012", region: "eu-west-1" };
const there = "210987654321";
const roles = {
  role: `arn:aws:iam::${there}:role/deployer`,
  cloudFormationRole: `arn:aws:iam::${there}:role/cfn`,
};

const registered = (environments: Registration["environments"]): Registration => ({
  application: "myapps",
  repository: "myapps",
  branch: "main",
  file: "trueup.yaml",
  environments,
  ssm: [],
});

function read(lines: readonly string[] = []) {
  const text = [
    "application: myapps",
    "environments:",
    "  prod:",
    "    on: { branch: main }",
    ...lines.map((line) => `    ${line}`),
    "  dev: { on: { branch: develop } }",
    "  test: { on: { branch: main } }",
  ].join("\n");
  const found = readApplication("trueup.yaml", text);
  if (found.kind !== "read") throw new Error(JSON.stringify(found.diagnostics));
  const { prod } = found.application.environments;
  if (prod === undefined) throw new Error("no prod");
  return { ...found, prod };
}

const targetLines = ({
  account,
  region,
  role,
  cloudFormationRole,
  permissionsBoundary,
}: EnvironmentTarget) => [
  "target:",
  ...(account === undefined ? [] : [`  account: "${account}"`]),
  ...(region === undefined ? [] : [`  region: ${region}`]),
  ...(role === undefined ? [] : [`  role: ${role}`]),
  ...(cloudFormationRole === undefined ? [] : [`  cloudformationRole: ${cloudFormationRole}`]),
  ...(permissionsBoundary === undefined ? [] : [`  permissionsBoundary: ${permissionsBoundary}`]),
];

/** `line path` of every refusal. */
function refused(environments: Registration["environments"], target?: EnvironmentTarget) {
  const { prod, positionOf } = read(target === undefined ? [] : targetLines(target));
  const registration = registered(environments);
  return checkCeiling(prod, { registration, home }, positionOf).map(
    ({ line, path, code, severity }) => `${line} ${severity} ${code} ${path}`,
  );
}

describe("the registration", () => {
  test("with a pattern and no limits allows all that has roles of its own", () => {
    expect(refused({ "*": {} })).toEqual([]);
    expect(refused({ "*": {} }, { account: there, ...roles })).toEqual([]);
  });

  test("without a pattern for the environment allows nothing", () => {
    expect(refused({})).toEqual(["4 error not-permitted environments.prod"]);
    expect(refused({ pro: {}, "prod-*": {}, "p.od": {} })).toHaveLength(1);
    expect(refused({ "p*d": {} })).toEqual([]);
  });

  test("limits account, region and roles, also those of the controller itself", () => {
    const limits = { accounts: [there], regions: ["us-east-1"], roles: [] };
    expect(refused({ "*": limits })).toEqual([
      "4 error not-permitted environments.prod.target.account",
      "4 error not-permitted environments.prod.target.region",
    ]);
    expect(refused({ "*": limits }, { account: there, region: "eu-west-2", ...roles })).toEqual([
      "7 error not-permitted environments.prod.target.region",
      "8 error not-permitted environments.prod.target.role",
      "9 error not-permitted environments.prod.target.cloudformationRole",
    ]);
  });

  test("is as narrow as all the patterns that match", () => {
    const target = { account: there, ...roles };
    expect(refused({ "*": {}, prod: { accounts: [home.account] } }, target)).toHaveLength(1);
    expect(refused({ "*": { accounts: [home.account] }, prod: {} }, target)).toHaveLength(1);
  });

  test("gives the prefix of the most particular pattern", () => {
    const registration = registered({
      "*": { prefix: "all" },
      "prod*": { prefix: "most" },
      prod: {},
    });
    expect(prefixOf("prod", registration)).toBe("most");
    expect(prefixOf("dev", registration)).toBe("all");
    expect(prefixOf("dev", registered({}))).toBeUndefined();
  });

  test.for<[string, string, readonly string[]]>([
    ["a name", "prod", ["pr*od", "prod"]],
    ["more letters, not more stars", "pro*", ["*r*d", "pro*"]],
    ["of as many letters, the first by name", "*rod", ["pro*", "*rod"]],
    ["of as many letters, the first by name", "*rod", ["*rod", "pro*"]],
  ])("is most particular with %s: %s", ([, particular, patterns]) => {
    const all = patterns.map((pattern) => [pattern, { prefix: pattern }] as const);
    expect(prefixOf("prod", registered(Object.fromEntries(all)))).toBe(particular);
  });

  test("has approvers, windows and rights from every pattern that matches", () => {
    const rule = (required: number) => ({ required, expiresSeconds: undefined });
    const night = {
      kind: "deny",
      cron: "0 0 * * *",
      seconds: 3600,
      timezone: "UTC",
      overrun: false,
    } as const;
    const all = registered({
      "*": { approval: rule(1), approvers: ["ann"], windows: [night], deny: ["capabilities"] },
      "prod*": { approval: rule(2), approvers: ["bob"], windows: [], deny: ["devices"] },
      prod: {},
      test: { approval: rule(3), approvers: ["eve"], windows: [], deny: ["host-network"] },
    });
    expect(floorOf("prod", all)).toEqual(rule(2));
    expect(floorOf("none", registered({}))).toBeUndefined();
    expect(approversOf("prod", all)).toEqual([["bob"], ["ann"]]);
    expect(windowsOver("prod", all)).toEqual([[], [night]]);
    expect(deniedTo("prod", all)).toEqual(new Set(["capabilities", "devices"]));
    expect(deniedTo("prod", registered({ prod: {} }))).toEqual(new Set());
  });
});

test("another account never falls back to the controller's own roles", () => {
  expect(refused({ "*": {} }, { account: there, role: roles.role })).toEqual([
    "6 error not-permitted environments.prod.target.cloudformationRole",
  ]);
  expect(refused({ "*": {} }, { account: there })).toHaveLength(2);
});

test("a consent ends within thirty days", () => {
  const { prod, positionOf } = read([
    "allow:",
    "  - { remove: a.b, until: 2026-12-31 }",
    "  - { remove: a.c, until: 2027-01-01 }",
  ]);
  const found = checkConsents(prod, "2026-12-01", positionOf);
  expect(found.map(({ line, path, help }) => [line, path, help])).toEqual([
    [7, "environments.prod.allow[1].until", "write 2026-12-31 or a day before it"],
  ]);
  expect(checkConsents(prod, "2026-12-02", positionOf)).toEqual([]);
});

test("a push concerns the environments that follow its branch", () => {
  const { application } = read();
  const names = environmentsFollowing(application, { branch: "main" }).map(({ name }) => name);
  expect(names).toEqual(["prod", "test"]);
  expect(environmentsFollowing(application, { branch: "mai" })).toEqual([]);
});

describe("a lookup by a role", () => {
  const role = `arn:aws:iam::${there}:role/reader`;
  const origin = { file: "docker-compose.yml", line: 4, column: 3, path: "x-vpc.Lookup.VpcId" };
  const by = { identifier: "vpc-1" };
  const open = [{ lookup: { id: "x-vpc.VpcId", type: "AWS::EC2::VPC", by, role }, origin }];
  const refusals = (environments: Registration["environments"]) =>
    checkLookups(open, "prod", registered(environments)).map(({ line, path }) => `${line} ${path}`);

  test("is refused where it is asked for, unless every limit has the role", () => {
    expect(refusals({ "*": { roles: [role] }, prod: { roles: [] } })).toEqual([
      "4 x-vpc.Lookup.VpcId",
    ]);
    expect(refusals({ "*": { roles: [role] }, prod: {} })).toEqual([]);
    const [said] = checkLookups(open, "prod", registered({ prod: { roles: [] } }));
    expect(said).toMatchObject({ severity: "error", code: "not-permitted" });
  });

  test("of the environment's own is not limited", () => {
    const own = open.map(({ lookup: { id, type }, origin }) => ({
      lookup: { id, type, by },
      origin,
    }));
    expect(checkLookups(own, "prod", registered({ prod: { roles: [] } }))).toEqual([]);
  });
});

describe("a boundary of all roles", () => {
  const arn = (name: string) => `arn:aws:iam::${home.account}:policy/${name}`;
  const refusals = (
    target: EnvironmentTarget,
    environments: Registration["environments"],
    own?: string,
  ) => {
    const { prod, positionOf } = read(targetLines({ region: home.region, ...target }));
    const at = { ...home, ...(own === undefined ? {} : { permissionsBoundary: own }) };
    return checkCeiling(prod, { registration: registered(environments), home: at }, positionOf).map(
      ({ help, message, path }) => `${path}: ${message} (${help})`,
    );
  };
  const one = { prod: { boundaries: [arn("a"), arn("b")] } };
  const place = "environments.prod.target.permissionsBoundary";

  test("is asked for where the registration does, and nowhere else", () => {
    expect(refusals({}, { prod: {} })).toEqual([]);
    expect(refusals({}, one)).toEqual([
      `${place}: is missing: the registration asks for a boundary of all roles (name ${arn("a")} or ${arn("b")})`,
    ]);
    expect(refusals({ permissionsBoundary: arn("b") }, one)).toEqual([]);
    expect(refusals({ permissionsBoundary: arn("c") }, one)).toEqual([
      `${place}: the registration does not allow \`${arn("c")}\` (ask for it to be put there)`,
    ]);
  });

  test("is the installation's, where that makes the stacks", () => {
    const cloudFormationRole = `arn:aws:iam::${home.account}:role/cfn`;
    expect(refusals({}, one, arn("a"))).toEqual([]);
    expect(refusals({}, one, arn("c"))[0]).toContain(`does not allow \`${arn("c")}\``);
    expect(refusals({ cloudFormationRole }, one, arn("a"))[0]).toContain("is missing");
  });

  test("has to suit every entry that matches", () => {
    const both = { ...one, "*": { boundaries: [arn("b")] } };
    expect(refusals({ permissionsBoundary: arn("b") }, both)).toEqual([]);
    expect(refusals({ permissionsBoundary: arn("a") }, both)).toHaveLength(1);
    expect(refusals({}, both)[0]).toContain(`${arn("a")} or ${arn("b")}, and ${arn("b")}`);
  });
});
