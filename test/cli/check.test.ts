import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { check } from "../../src/cli/check.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { render } from "../../src/cli/render.ts";
import { exampleDirectory, seedExample } from "../../src/cli/seed.ts";
import { addRole } from "../../src/sandbox/iam/roles.ts";
import { setQuota } from "../../src/sandbox/service-quotas.ts";
import { faults } from "../faults.ts";
import { quietIn } from "./quiet.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-check-"));
const person = {
  account: "123456789012",
  region: "eu-west-1",
  arn: "arn:aws:iam::123456789012:user/you",
};
let local: LocalAws;
let copy: string;

beforeAll(async () => {
  local = await startLocalAws({
    directory: join(home, "aws"),
    port: 0,
    log: () => undefined,
    // Nothing is deployed, so that nothing changes while it is looked at.
    setUp: async (sandbox) => {
      seedExample(sandbox);
      sandbox.world.call("ssm:DeleteParameter", { Name: registration }, person);
    },
  });
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

beforeEach(() => {
  copy = mkdtempSync(join(home, "copy-"));
});

const registration = "/trueup/myapps/registration";

const parameters: string[] = [];
afterEach(() => {
  for (const Name of parameters.splice(0)) ask("ssm:DeleteParameter", { Name });
});

const ask = (operation: string, input: object) => local.world.call(operation, input, person);

function store(Name: string, Value: string, Type = "String"): void {
  ask("ssm:PutParameter", { Name, Value, Type });
  parameters.push(Name);
}

interface Shown {
  readonly outcome: string;
  readonly check: string;
  readonly about: string;
  readonly message: string;
  readonly at: { readonly file: string; readonly line: number; readonly path: string } | null;
}

interface Report {
  readonly leftOut: string | null;
  readonly findings: readonly Shown[];
  readonly warnings: readonly { readonly message: string }[];
}

const write = (files: Readonly<Record<string, string>>) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
};

/** What it prints as JSON, held to the schema, and its exit status. */
async function checked(...args: readonly string[]): Promise<Report & { readonly status: number }> {
  const out: string[] = [];
  const status = await check.run([...args, "--json"], quietIn(copy, local.environment, out));
  expect(out).toHaveLength(1);
  const report: Report = JSON.parse(out.join("\n"));
  expect(faults("check", report)).toEqual([]);
  return { status, ...report };
}

const brief = ({ findings }: Report, only: string): readonly string[] =>
  findings
    .filter((finding) => finding.check === only)
    .map(({ at, message, outcome }) =>
      [outcome, ...(at === null ? [] : [`${at.file}:${at.line}`, at.path]), message].join("  "),
    );

const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-app-01:1.0.0";
const web = (more = "", of = image) => `services:\n  web:\n    image: ${of}\n${more}`;
const trueup = (dev: string, more = "") =>
  `application: myapps\n${more}environments:\n  dev:\n    on: { branch: main }\n${dev}`;

describe("the example", () => {
  const example = () => cpSync(exampleDirectory, copy, { recursive: true });

  test("is all well", async () => {
    example();
    const report = await checked();
    expect([report.status, report.leftOut]).toEqual([0, null]);
    const outcomes = report.findings.map(({ check: of, outcome }) => `${of} ${outcome}`);
    expect(outcomes.toSorted()).toEqual([
      "files ok",
      "image not seen",
      "image ok",
      "image ok",
      "image ok",
      "policies ok",
      "registration not seen",
      "room ok",
      "sizes ok",
      "target ok",
    ]);
  });

  test("has policies that are wrong told, each at its line", async () => {
    const services = [
      "services:",
      `  web: { image: "${image}", x-image-policy: { semver: ">>1" } }`,
      `  worker: { image: "${image}" } # {"$imagepolicy": "none"}`,
      `  other: { image: "${image}", x-image-policy: { tags: main } }`,
      `  good: { image: "${image}", x-image-policy: { newest: true } }`,
    ];
    write({ "trueup.yaml": trueup(""), "docker-compose.yml": services.join("\n") });
    const report = await checked("--offline");
    expect(brief(report, "policies")).toEqual([
      "failed  docker-compose.yml:3    this marker does not stand behind a value",
      "failed  docker-compose.yml:2  services.web.image  `semver` is not a range of semantic versions",
      "failed  docker-compose.yml:4  services.other.image  a policy has one of semver, pattern, tag, newest",
    ]);
    expect(report.status).toBe(1);
    write({ "docker-compose.yml": [services[0], services[4]].join("\n") });
    const good = await checked("--offline");
    expect(brief(good, "policies")).toEqual(["ok  1 image is followed"]);
    expect(good.status).toBe(0);
  });

  test("is told in lines, one for each look", async () => {
    example();
    const text = readFileSync(join(copy, "docker-compose.yml"), "utf8");
    write({ "docker-compose.yml": text.replace("blog-worker:1.0.0@", "blog-worker:1.0.0x@") });
    const [out, err]: [string[], string[]] = [[], []];
    const io = {
      ...quietIn(copy, local.environment, out),
      err: (line: string) => void err.push(line),
    };
    // The digest is there, whatever the tag says.
    expect(await check.run([], io)).toBe(0);
    expect(out[0]).toMatch(/^ok {8}dev {2}files {2}4 stacks with \d+ resources$/);
    expect(out[1]).toMatch(
      /^ok {8}dev {2}sizes {2}at most \d+ of 200 outputs in a stack, in base$/,
    );
    write({ "docker-compose.yml": text.replace("@sha256:00b7", "@sha256:00b8") });
    out.length = 0;
    expect(await check.run([], io)).toBe(1);
    expect(out).toContainEqual(
      expect.stringMatching(
        /^failed {4}dev {2}image {2}docker-compose\.yml:\d+:\d+ {2}services\.worker\.image {2}\S+blog-worker:1\.0\.0@sha256:00b8\w+ is not in ECR {2}push it, or name another image$/,
      ),
    );
    expect(err[0]).toMatch(/^123456789012 · eu-west-1 · http/);
  });
});

describe("files that are wrong", () => {
  test("are told for each environment, all at once, and asked about nowhere", async () => {
    write({
      "trueup.yaml": `${trueup("")}  prod: { from: dev, compose: [prod.yml] }\n`,
      "compose.yaml": web("    prots: []\n    pid: 7\n"),
      "prod.yml": "services: {}\n",
    });
    const report = await checked();
    expect(report.status).toBe(2);
    expect(brief(report, "files").map((line) => line.split("  ").slice(0, 3))).toEqual([
      ["failed", "compose.yaml:4", "services.web.prots"],
      ["failed", "compose.yaml:5", "services.web.pid"],
      ["failed", "compose.yaml:4", "services.web.prots"],
      ["failed", "compose.yaml:5", "services.web.pid"],
    ]);
    expect(report.findings.map(({ about }) => about)).toEqual(["dev", "dev", "prod", "prod"]);
    // What `from` says of an environment that verifies nothing.
    expect(report.warnings).toHaveLength(1);
  });

  test("are not there", async () => {
    write({ "trueup.yaml": trueup("    parameters: params.json\n"), "compose.yaml": web() });
    expect(brief(await checked(), "files")).toEqual([
      "failed  trueup.yaml:5  environments.dev.parameters  there is no file params.json",
    ]);
    await expect(checked("--environment", "prod")).rejects.toThrow("myapps has dev, and no prod.");
    write({ "trueup.yaml": "environments: {}\n" });
    await expect(checked()).rejects.toThrow("`application` is missing");
  });

  test("are warned of once, whichever environments they are of", async () => {
    write({
      "trueup.yaml": `${trueup("    compose: [dev.yml]\n")}  test: { on: { branch: test } }\n`,
      "compose.yaml": web(),
      "dev.yml": "services: { web: { restart: always } }\n",
    });
    const { status, warnings } = await checked("--offline");
    expect(status).toBe(0);
    expect(warnings.filter(({ message }) => message.startsWith("is not pinned"))).toHaveLength(1);
    expect(new Set(warnings.map((one) => JSON.stringify(one))).size).toBe(warnings.length);
    const access = "x-sqs: { jobs: { Services: { nobody: { Access: Publish } } } }\n";
    write({ "dev.yml": `services: { web: { restart: always } }\n${access}` });
    const wrong = await checked("--offline");
    expect(brief(wrong, "files").filter((line) => line.startsWith("failed"))).toHaveLength(1);
  });

  test("are looked at as plain compose files too", async () => {
    write({ "compose.yaml": web() });
    const report = await checked("-f", "compose.yaml");
    expect(report.status).toBe(0);
    expect(brief(report, "image")).toEqual([`ok  ${image} is in ECR`]);
    expect(brief(report, "registration")).toEqual([]);
    await expect(checked()).rejects.toThrow("There is no trueup.yaml here: trueup init writes it");
  });

  test("are looked for where one is, and not below", async () => {
    write({ "trueup.yaml": trueup(""), "compose.yaml": web(), "apps/Dockerfile": "" });
    const below = quietIn(join(copy, "apps"), {}, []);
    const asked = ["--offline"];
    // Of another repository's root nothing is known.
    await expect(check.run(asked, below)).rejects.toThrow("trueup init writes it");
    execFileSync("git", ["init", "--quiet"], { cwd: copy });
    const lead = `There is no trueup.yaml here: it is in ${realpathSync(copy)}.`;
    await expect(check.run(asked, below)).rejects.toThrow(lead);
    await expect(render.run([], below)).rejects.toThrow(lead);
  });
});

describe("without AWS", () => {
  const offline = async (env: Readonly<Record<string, string>>, ...args: readonly string[]) => {
    write({ "trueup.yaml": trueup("    variables: { LEVEL: ssm:/trueup/shared/level }\n") });
    write({ "compose.yaml": web("", "nowhere:1") });
    const [out, err]: [string[], string[]] = [[], []];
    const io = { ...quietIn(copy, env, out), err: (line: string) => void err.push(line) };
    expect(await check.run(args, io)).toBe(0);
    return { out, err: err.at(-1) };
  };

  test("the files are looked at, and that is said", async () => {
    const { err, out } = await offline({}, "--offline");
    expect(out.map((line) => line.split("  ")[2])).toEqual(
      ["files", "sizes"].map(() => expect.any(String)),
    );
    expect(out).toHaveLength(2);
    expect(err).toBe("Nothing was looked at in AWS: --offline says so.");
  });
});

describe("what AWS has not", () => {
  test("is an image, or what its registry does not show", async () => {
    write({
      "trueup.yaml": trueup(""),
      "compose.yaml": web("", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/nobody:1"),
    });
    const report = await checked();
    expect(report.status).toBe(1);
    expect(brief(report, "image")).toEqual([
      "failed  compose.yaml:3  services.web.image  123456789012.dkr.ecr.eu-west-1.amazonaws.com/nobody:1 is not in ECR",
    ]);
  });

  test("is a secret", async () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf";
    write({
      "trueup.yaml": trueup(""),
      "compose.yaml": `${web("    secrets: [token]\n")}secrets:\n  token: { x-secrets: { Name: "${arn}" } }\n`,
    });
    const report = await checked();
    expect(report.status).toBe(1);
    expect(brief(report, "secret")).toEqual([
      expect.stringMatching(/^failed {2}compose\.yaml:\d+ {2}\S+ {2}arn:\S+ does not exist$/),
    ]);
  });

  test("is what is looked up", async () => {
    write({
      "trueup.yaml": trueup(""),
      "compose.yaml": `${web()}x-sqs:\n  jobs:\n    Lookup: { Tags: [{ team: shop }] }\n    Services: { web: { Access: Publish } }\n`,
    });
    const report = await checked();
    expect(report.status).toBe(1);
    expect(brief(report, "lookup")).toEqual([
      expect.stringMatching(/^failed {2}compose\.yaml:\d+ {2}x-sqs\.jobs/),
    ]);
    // The rest is looked at all the same.
    expect(brief(report, "image")).toEqual([`ok  ${image} is in ECR`]);
  });
});

describe("what AWS holds for trueup.yaml is not there", () => {
  test("as a parameter, or is a secret one", async () => {
    store("/trueup/shared/level", "info");
    store("/trueup/shared/token", "hush", "SecureString");
    const names = ["level", "token", "nothing"].map((name) => `ssm:/trueup/shared/${name}`);
    const [level, token, nothing] = names;
    write({
      "trueup.yaml": trueup(
        `    variables: { TOKEN: "${token}" }\n    target: { account: "${nothing}" }\n`,
        `variables: { LEVEL: "${level}" }\n`,
      ),
      "compose.yaml": web(),
    });
    const report = await checked();
    expect(report.status).toBe(1);
    expect(brief(report, "parameter")).toEqual([
      "ok  /trueup/shared/level is there",
      "failed  trueup.yaml:7  environments.dev.target.account  there is no parameter `/trueup/shared/nothing`",
      "failed  trueup.yaml:6  environments.dev.variables.TOKEN  `/trueup/shared/token` is a SecureString, which is not read",
    ]);
    expect(JSON.stringify(report)).not.toContain("hush");
  });

  test("or is, and is what the files are looked at with", async () => {
    store("/trueup/shared/image", image);
    write({
      "trueup.yaml": trueup("    variables: { IMAGE: ssm:/trueup/shared/image }\n"),
      "compose.yaml": web("", "$" + "{IMAGE}"),
    });
    expect(brief(await checked(), "image")).toEqual([`ok  ${image} is in ECR`]);
  });

  test("as what another environment hands out", async () => {
    write({
      "trueup.yaml": trueup("    parameters: { from: platform/prod }\n"),
      "compose.yaml": web(),
    });
    const report = await checked();
    expect(report.status).toBe(0);
    expect(brief(report, "parameters")).toEqual([
      "not seen  platform is not registered, or its trueup.yaml cannot be read",
    ]);
  });

  test("as room", async () => {
    const place = { world: local.world, account: person.account, region: person.region };
    setQuota(place, "vpc L-F678F1CE", 0);
    try {
      write({ "trueup.yaml": trueup(""), "compose.yaml": web() });
      const report = await checked();
      expect(report.status).toBe(1);
      expect(brief(report, "room")).toEqual([
        expect.stringContaining("VPCs: 0 of 0 are there, 1 more needed (vpc L-F678F1CE)"),
      ]);
    } finally {
      setQuota(place, "vpc L-F678F1CE", 5);
    }
  });
});

test("what AWS holds is looked for by a file of parameters, too", async () => {
  const given = { VpcId: "ssm:/elsewhere/vpc", AppSubnets: "subnet-1" };
  write({
    "trueup.yaml": trueup("    parameters: params.json\n"),
    "params.json": JSON.stringify({ Parameters: given }),
    "compose.yaml": web(),
  });
  store(
    registration,
    JSON.stringify({ repository: "none", branch: "main", environments: { "*": {} } }),
  );
  const report = await checked();
  expect(brief(report, "parameter")).toEqual([
    "failed  trueup.yaml:5  environments.dev.parameters.VpcId  there is no parameter `/elsewhere/vpc`",
  ]);
  expect(brief(report, "registration")).toEqual([
    "failed  trueup.yaml:5  environments.dev.parameters.VpcId  the registration does not allow `/elsewhere/vpc`",
  ]);
});

describe("the registration", () => {
  const register = (environments: object, more = {}) =>
    store(
      registration,
      JSON.stringify({ repository: "none", branch: "main", environments, ...more }),
    );

  test("allows what is asked for, or says what it does not", async () => {
    store("/elsewhere/level", "info");
    write({
      "trueup.yaml": trueup("    variables: { LEVEL: ssm:/elsewhere/level }\n"),
      "compose.yaml": web(),
    });
    register({ "*": { regions: ["eu-west-1"] } }, { ssm: ["/elsewhere/level"] });
    expect(brief(await checked(), "registration")).toEqual(["ok  allows all that is asked for"]);

    ask("ssm:DeleteParameter", { Name: registration });
    parameters.pop();
    register({ "*": { regions: ["us-east-1"] } });
    const report = await checked();
    expect(report.status).toBe(1);
    expect(brief(report, "registration")).toEqual([
      "failed  trueup.yaml:5  environments.dev.variables.LEVEL  the registration does not allow `/elsewhere/level`",
      "failed  trueup.yaml:4  environments.dev.target.region  the registration does not allow `eu-west-1`",
    ]);
  });

  test("says as whom nobody looks things up, and what tasks may not have of a host", async () => {
    const role = "arn:aws:iam::333333333333:role/finder";
    write({
      "trueup.yaml": trueup(""),
      "compose.yaml": `${web("    cap_add: [SYS_PTRACE]\n")}x-sqs:\n  jobs:\n    Lookup: { RoleArn: "${role}", Tags: [{ team: shop }] }\n    Services: { web: { Access: Publish } }\n`,
    });
    register({ "*": { roles: [], deny: ["capabilities"] } });
    expect(brief(await checked(), "registration")).toEqual([
      expect.stringMatching(
        /^failed {2}compose\.yaml:\d+ .*does not allow `arn:aws:iam::333333333333/,
      ),
      expect.stringMatching(/^failed {2}compose\.yaml:\d+ .*denies `capabilities`$/),
    ]);
  });

  test("gives the names of the stacks, so that those that are there are known", async () => {
    write({ "trueup.yaml": trueup(""), "compose.yaml": web() });
    register({ "*": { prefix: "shop" } });
    const out: string[] = [];
    await render.run([], quietIn(copy, { TRUEUP_PREFIX: "shop" }, out));
    const { stacks }: { stacks: readonly { name: string }[] } = JSON.parse(out.join("\n"));
    const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: "AWS::SNS::Topic" } } });
    for (const { name: StackName } of stacks)
      ask("cloudformation:CreateStack", { StackName, TemplateBody });
    expect(brief(await checked(), "room")).toEqual(["ok  every stack is there"]);
  });

  test("does not ask here for the boundary that the installation's role has", async () => {
    write({ "trueup.yaml": trueup(""), "compose.yaml": web() });
    register({ "*": { boundaries: ["arn:aws:iam::123456789012:policy/narrow"] } });
    expect(brief(await checked(), "registration")).toEqual(["ok  allows all that is asked for"]);
  });

  test("is none that can be read", async () => {
    write({ "trueup.yaml": trueup(""), "compose.yaml": web() });
    store(registration, "{oops");
    const report = await checked();
    expect(report.status).toBe(1);
    expect(brief(report, "registration")).toEqual([
      expect.stringMatching(/^failed {2}.* is not JSON/),
    ]);
  });
});

describe("a target", () => {
  const there = "210987654321";
  const into = (role: string, account = there) =>
    trueup(
      `    target: { account: "${account}", role: "${role}", cloudformationRole: "${role}" }\n`,
    );
  const queue =
    "x-sqs:\n  jobs:\n    Lookup: { Tags: [{ team: shop }] }\n    Services: { web: { Access: Publish } }\n";

  test("that only the controller may enter is not seen, nor what is in it", async () => {
    const role = `arn:aws:iam::${there}:role/deployer`;
    write({ "trueup.yaml": into(role), "compose.yaml": `${web()}${queue}` });
    const report = await checked();
    expect(report.status).toBe(0);
    expect(brief(report, "target")).toEqual([
      expect.stringMatching(/^not seen {2}.*sts:AssumeRole/),
    ]);
    expect(brief(report, "lookup")).toEqual([
      "not seen  x-sqs.jobs: the target cannot be looked into",
    ]);
    expect(brief(report, "room")).toEqual([expect.stringMatching(/^not seen {2}/)]);
    expect(brief(report, "image")).toEqual([`ok  ${image} is in ECR`]);
  });

  test("that the caller may enter is looked into", async () => {
    const role = `arn:aws:iam::${there}:role/open`;
    const Principal = { AWS: "arn:aws:iam::123456789012:user/test" };
    const Statement = [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }];
    addRole(local.world, role, { Version: "2012-10-17", Statement });
    write({ "trueup.yaml": into(role), "compose.yaml": web() });
    const report = await checked();
    expect(report.status).toBe(0);
    expect(brief(report, "target")).toEqual([`ok  ${there} eu-west-1 as ${role}`]);
    expect(brief(report, "room")).toEqual([
      expect.stringMatching(/^ok {2}for what is not there yet: 2 AWS::CloudFormation::Stack/),
    ]);
  });

  test("whose role is of another account is none", async () => {
    const role = "arn:aws:iam::333333333333:role/deployer";
    write({ "trueup.yaml": into(role), "compose.yaml": web() });
    const report = await checked();
    expect(report.status).toBe(1);
    expect(brief(report, "target")).toEqual([
      `failed  ${role} is a role of 333333333333, and the target is account ${there}`,
    ]);
  });
});
