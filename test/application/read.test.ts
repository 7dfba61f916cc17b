import { describe, expect, test } from "vitest";
import type { Environment } from "../../src/application/application.ts";
import { checkLease } from "../../src/application/lease.ts";
import { readApplication } from "../../src/application/read.ts";

const smallest = "application: myapps\nenvironments: { dev: { on: { branch: main } } }\n";

/** `line:column code path` of every error, warnings after them. */
function complaints(text: string): readonly string[] {
  const read = readApplication("trueup.yaml", text);
  const found = read.kind === "read" ? read.warnings : read.diagnostics;
  return found.map(({ line, column, code, path }) => `${line}:${column} ${code} ${path}`);
}

const help = (text: string): string | undefined => {
  const read = readApplication("trueup.yaml", text);
  return read.kind === "failed" ? read.diagnostics[0]?.help : undefined;
};

/** An environment `dev` with more lines of its own. */
const dev = (...lines: readonly string[]): string =>
  [
    "application: myapps",
    "environments:",
    "  dev:",
    "    on: { branch: main }",
    ...lines.map((line) => `    ${line}`),
    "",
  ].join("\n");

describe("a lease", () => {
  test("is as long as it says, or two hours of at most three", () => {
    const leaseOf = (...lines: readonly string[]) => {
      const found = readApplication("trueup.yaml", dev(...lines));
      return found.kind === "read" ? found.application.environments.dev?.ephemeral : found;
    };
    expect(leaseOf("ephemeral: { ttl: 90m, keepOnFailure: 1h, max: 5 }")).toEqual({
      ttlSeconds: 5400,
      keepOnFailureSeconds: 3600,
      max: 5,
    });
    const usual = { ttlSeconds: 7200, keepOnFailureSeconds: 0, max: 3 };
    expect(leaseOf("ephemeral: {}")).toEqual(usual);
    expect(leaseOf()).toBeUndefined();
  });

  test("of more than a day is refused, where it stands", () => {
    const read = readApplication("trueup.yaml", dev("ephemeral: { ttl: 25h, keepOnFailure: 24h }"));
    if (read.kind === "failed") throw new Error("not read");
    const { application, positionOf } = read;
    const found = checkLease(application.environments.dev as Environment, positionOf);
    expect(found.map(({ code, column, line, path }) => [line, column, code, path])).toEqual([
      [5, 23, "lease-too-long", "environments.dev.ephemeral.ttl"],
    ]);
  });
});

describe("what is read", () => {
  test("the smallest file has the defaults of everything else", () => {
    expect(readApplication("trueup.yaml", smallest)).toMatchObject({
      kind: "read",
      warnings: [],
      application: {
        name: "myapps",
        compose: [],
        variables: {},
        environments: {
          dev: {
            name: "dev",
            on: { branch: "main" },
            compose: [],
            variables: {},
            target: {},
            layout: "per-service",
            allow: [],
          },
        },
        images: { author: { name: "Trueup", email: "trueup@localhost" }, message: undefined },
      },
    });
  });

  test("a full environment says where, as whom and with which consent it is deployed", () => {
    const text = `
application: myapps
compose: [docker-compose.yml]
variables: { LOG_LEVEL: info, REGION: eu }
environments:
  prod:
    on: { branch: main }
    compose: [envs/prod.yml]
    variables: { LOG_LEVEL: debug }
    target:
      account: "210987654321"
      region: eu-west-1
      role: arn:aws:iam::210987654321:role/trueup-deployer
      externalId: a-secret-word
      cloudformationRole: arn:aws:iam::210987654321:role/trueup-cfn
      permissionsBoundary: arn:aws:iam::210987654321:policy/boundary
    allow:
      - { replace: x-dynamodb.orders, from: any, until: 2026-12-31 }
      - { remove: volumes.data, until: 2026-12-30 }
    selfHeal: revert
    deadlines: { stabilise: 90s, execute: 2h }
    layout: single
images: { author: "Ship It <ship@example.com>", message: "Update {services}", writeBack: commit }
`;
    expect(readApplication("trueup.yaml", text)).toMatchObject({
      application: {
        compose: ["docker-compose.yml"],
        environments: {
          prod: {
            compose: ["envs/prod.yml"],
            variables: { LOG_LEVEL: "debug", REGION: "eu" },
            target: {
              account: "210987654321",
              region: "eu-west-1",
              role: "arn:aws:iam::210987654321:role/trueup-deployer",
              externalId: "a-secret-word",
              cloudFormationRole: "arn:aws:iam::210987654321:role/trueup-cfn",
              permissionsBoundary: "arn:aws:iam::210987654321:policy/boundary",
            },
            allow: [
              { action: "replace", path: "x-dynamodb.orders", until: "2026-12-31" },
              { action: "remove", path: "volumes.data", until: "2026-12-30" },
            ],
            selfHeal: "revert",
            deadlines: { plan: 300, execute: 7200, stabilise: 90 },
            layout: "single",
          },
        },
        images: {
          author: { name: "Ship It", email: "ship@example.com" },
          message: "Update {services}",
        },
      },
    });
  });

  test("values may be written once and used again", () => {
    const text = `
application: myapps
environments:
  dev: { on: { branch: main }, variables: &v { A: one } }
  test: { on: { branch: main }, variables: *v }
`;
    expect(readApplication("trueup.yaml", text)).toMatchObject({
      application: { environments: { test: { variables: { A: "one" } } } },
    });
  });

  test("a path that is not there stands at the nearest above it", () => {
    const read = readApplication("trueup.yaml", smallest);
    if (read.kind !== "read") throw new Error("not read");
    const at = { file: "trueup.yaml", line: 2 };
    expect(read.positionOf(["environments", "dev", "on", "branch"])).toEqual({ ...at, column: 38 });
    expect(read.positionOf(["environments", "dev", "target", "account"])).toEqual({
      ...at,
      column: 22,
    });
  });
});

const mistakes: readonly (readonly [string, string, readonly string[]])[] = [
  ["nothing", "", ["1:1 missing "]],
  ["a list", "- a\n", ["1:1 wrong-type "]],
  ["broken YAML", "application: [\n", ["2:1 yaml "]],
  ["a heap of aliases", `${smallest}compose: [&a b${", *a".repeat(200)}]\n`, ["1:1 aliases "]],
  ["an alias of nothing", "application: *a\n", ["1:1 aliases "]],
  ["two documents", "application: a\n---\nb: 1\n", ["2:1 yaml "]],
  ["an unknown tag", "application: !Ref a\nenvironments: {dev: {on: {branch: a}}}", ["1:14 yaml "]],
  ["a circular alias", "application: &a [*a]\n", ["1:1 missing ", "1:17 wrong-type application"]],
  ["no environment", "application: a\nenvironments: {}\n", ["2:15 missing environments"]],
  ["a key twice", `${smallest}application: b\n`, ["3:1 duplicate-key application"]],
  ["a key that is a number", `${smallest}1: b\n`, ["3:1 wrong-type "]],
  ["a merge key", dev("<<: {}"), ["5:5 unknown-key environments.dev.<<"]],
  ["a reserved name", smallest.replace("dev", "status"), ["2:17 malformed environments.status"]],
  ["capitals in a name", smallest.replace("myapps", "MyApps"), ["1:14 malformed application"]],
  [
    "a short form",
    smallest.replace("{ branch: main }", "main"),
    ["2:28 wrong-type environments.dev.on"],
  ],
  [
    "an empty environment",
    "application: a\nenvironments:\n  dev:\n",
    ["3:7 wrong-type environments.dev"],
  ],
  [
    "a branch and a tag",
    smallest.replace("main", 'main, tag: "v*"'),
    ["2:28 ambiguous environments.dev.on"],
  ],
  [
    "a number as variable",
    dev("variables: { PORT: 8080 }"),
    ["5:24 wrong-type environments.dev.variables.PORT"],
  ],
  [
    "an account without quotes",
    dev("target: { account: 012345678901 }"),
    ["5:24 wrong-type environments.dev.target.account"],
  ],
  [
    "half a role",
    dev("target: { role: deployer }"),
    ["5:21 malformed environments.dev.target.role"],
  ],
  [
    "a file outside",
    dev("compose: [envs/../../x.yml, /etc/passwd, 'a\\b']"),
    [
      "5:15 malformed environments.dev.compose[0]",
      "5:33 malformed environments.dev.compose[1]",
      "5:46 malformed environments.dev.compose[2]",
    ],
  ],
  [
    "a file that no tree has under that name",
    `${smallest}compose: [./a.yml, a//b.yml, a/./b.yml, envs/, .]\n`,
    [0, 1, 2, 3, 4].map((at) => `3:${[11, 20, 30, 41, 48][at]} malformed compose[${at}]`),
  ],
  [
    "a branch that git does not take",
    smallest.replace("{ branch: main }", '{ branch: "a..b" }'),
    ["2:38 malformed environments.dev.on.branch"],
  ],
  [
    "a list of nothing where there has to be something",
    dev("parameters: { AppSubnets: [] }"),
    ["5:31 missing environments.dev.parameters.AppSubnets"],
  ],
  [
    "a list with nothing between its commas",
    dev("parameters: { AppSubnets: 'a,,b', VpcId: 'a,' }"),
    [
      "5:31 malformed environments.dev.parameters.AppSubnets",
      "5:46 malformed environments.dev.parameters.VpcId",
    ],
  ],
  [
    "a variable that is given anyway",
    dev("variables: { TRUEUP_ENVIRONMENT: other }"),
    ["5:18 malformed environments.dev.variables.TRUEUP_ENVIRONMENT"],
  ],
  [
    "an address of nothing",
    dev("verify: [{ http: { url: health } }]"),
    ["5:29 malformed environments.dev.verify[0].http.url"],
  ],
  [
    "a placeholder that is not filled in",
    dev(
      `verify: [{ http: { url: "\${outputs.Url" } }, { task: { service: a, command: ["\${VAR}"] } }]`,
    ),
    [
      "5:29 malformed environments.dev.verify[0].http.url",
      "5:82 malformed environments.dev.verify[1].task.command[0]",
    ],
  ],
  [
    "an endless consent",
    dev("allow: [{ replace: x-dynamodb.orders }]"),
    ["5:13 missing environments.dev.allow[0]"],
  ],
  [
    "a consent for two things",
    dev("allow: [{ replace: a.b, remove: a.b, until: 2026-01-01 }]"),
    ["5:13 ambiguous environments.dev.allow[0]"],
  ],
  [
    "a day that no calendar has",
    dev("allow: [{ replace: a.b, until: 2026-13-01 }]"),
    ["5:36 malformed environments.dev.allow[0].until"],
  ],
  ["a layout nobody knows", dev("layout: flat"), ["5:13 malformed environments.dev.layout"]],
  [
    "a placeholder nobody fills",
    `${smallest}images: { message: "{count} new" }\n`,
    ["3:20 malformed images.message"],
  ],
];

describe("what is refused", () => {
  test("all errors are there at once, in the order of the file", () => {
    const text = `application: status
environmnts: {}
compose: docker-compose.yml
images: { author: nobody }
`;
    expect(complaints(text)).toEqual([
      "1:1 missing ",
      "1:14 malformed application",
      "2:1 unknown-key environmnts",
      "3:10 wrong-type compose",
      "4:19 malformed images.author",
    ]);
  });

  test.for(mistakes)("%s", ([, text, expected]) => expect(complaints(text)).toEqual(expected));

  test("durations are numbers with a unit", () => {
    expect(complaints(dev("deadlines: { plan: 5x, execute: 5 }"))).toEqual([
      "5:24 malformed environments.dev.deadlines.plan",
      "5:37 wrong-type environments.dev.deadlines.execute",
    ]);
  });

  test("a variable in the file is not replaced, and that is said", () => {
    expect(complaints(dev(`variables: { A: "\${B}" }`))).toEqual([
      "5:21 not-interpolated environments.dev.variables.A",
    ]);
    expect(readApplication("trueup.yaml", dev(`variables: { A: "\${B}" }`)).kind).toBe("read");
    expect(complaints(dev(`variables: { A: "\${B}" }`).replace("dev:", "verify:"))).toEqual([
      "5:21 not-interpolated environments.verify.variables.A",
    ]);
  });

  test("a number out of its range, and keys that do not go together", () => {
    expect(complaints(dev("prune: { max: -1 }"))).toContain(
      "5:19 wrong-type environments.dev.prune.max",
    );
    expect(complaints(dev("parameters: { from: platform/prod, VpcId: vpc-1 }"))).toContain(
      "5:17 ambiguous environments.dev.parameters",
    );
    expect(complaints(dev("parameters: { from: platform/prod }"))).toEqual([]);
  });
});

describe("what names something else", () => {
  test("what is taken from has to be there, and not oneself by a detour", () => {
    const of = (...lines: readonly string[]) =>
      complaints(["application: a", "environments:", ...lines, ""].join("\n"));
    const test = "  test: { on: { branch: main }, verify: [{ lambda: { function: smoke } }] }";
    expect(of(test, "  prod: { from: test }")).toEqual([]);
    expect(of("  test: { on: { branch: main } }", "  prod: { from: test }")).toEqual([
      "4:17 never-verified environments.prod.from",
    ]);
    expect(of("  test: { on: { branch: main }, verify: [] }", "  prod: { from: test }")).toEqual([
      "4:17 never-verified environments.prod.from",
    ]);
    expect(of(test, "  prod: { from: tset }")).toEqual([
      "4:17 undefined-name environments.prod.from",
    ]);
    expect(of(test, "  a: { from: b }", "  b: { from: a }")).toEqual([
      "4:14 circle environments.a.from",
      "5:14 circle environments.b.from",
    ]);
    expect(of(test, "  a: { from: a }")).toEqual(["4:14 circle environments.a.from"]);
  });

  test("what is needed of the same application has to be there, and not to need it in turn", () => {
    const of = (...lines: readonly string[]) =>
      complaints(["application: a", "environments:", ...lines, ""].join("\n"));
    const on = "on: { branch: main }";
    expect(of(`  dev: { ${on}, needs: [b/tset, a/test] }`, `  test: { ${on} }`)).toEqual([]);
    expect(of(`  dev: { ${on}, needs: [a/tset] }`, `  test: { ${on} }`)).toEqual([
      "3:40 undefined-name environments.dev.needs[0]",
    ]);
    expect(of(`  dev: { ${on}, parameters: { from: a/tset } }`, `  test: { ${on} }`)).toEqual([
      "3:52 undefined-name environments.dev.parameters.from",
    ]);
    const circle = [
      `  dev: { ${on}, needs: [a/test] }`,
      `  test: { ${on}, parameters: { from: a/dev } }`,
      `  prod: { ${on}, needs: [a/dev] }`,
    ];
    expect(of(...circle)).toEqual([
      "3:40 never-ready environments.dev.needs[0]",
      "4:53 never-ready environments.test.parameters.from",
    ]);
    // What was deployed before it came to that stays ready.
    const text = ["application: a", "environments:", ...circle].join("\n");
    expect(readApplication("trueup.yaml", text).kind).toBe("read");
  });

  test("windows are ones that come, in a zone that is there", () => {
    expect(complaints(dev('windows: [{ deny: "0 25 * * *", for: 1h }]'))).toEqual([
      "5:23 malformed environments.dev.windows[0].deny",
    ]);
    expect(complaints(dev('windows: [{ allow: "0 25 * *", for: 1h }]'))).toEqual([
      "5:24 malformed environments.dev.windows[0].allow",
    ]);
    const zone = dev('windows: [{ deny: "0 2 * * *", for: 1h, timezone: Europe/Londn }]');
    expect(complaints(zone)).toEqual(["5:55 malformed environments.dev.windows[0].timezone"]);
    expect(help(zone)).toBe("write one as Europe/London");
    expect(complaints(dev('windows: [{ deny: "0 2 * * *", for: 1h, overrun: 1 }]'))).toEqual([
      "5:54 wrong-type environments.dev.windows[0].overrun",
    ]);
  });

  test("an unknown key is answered with the nearest known one", () => {
    expect(help(dev("laoyut: single"))).toBe("did you mean `layout`?");
    expect(help(dev("windwos: []"))).toBe("did you mean `windows`?");
    expect(help(dev("target: { x-y: a }"))).toContain("known here: account, region");
  });
});

describe("whom to tell", () => {
  const notifyOf = (text: string) => {
    const read = readApplication("trueup.yaml", `${smallest}notify: ${text}\n`);
    return read.kind === "read" ? read.application.notify : undefined;
  };
  const sns = "arn:aws:sns:eu-west-1:123456789012:deliveries";

  test("is a topic, a bus or both, of every phase unless some are named", () => {
    const on = ["approval", "failed", "promoted", "leaked"];
    expect(notifyOf(`{ sns: "${sns}" }`)).toEqual({ topic: sns, bus: undefined, on });
    expect(notifyOf("{ eventBus: default, on: [failed] }")).toEqual({
      topic: undefined,
      bus: "default",
      on: ["failed"],
    });
  });

  test.for([
    ["{ on: [failed] }", "3:9 missing-key notify"],
    ["{ eventBus: 'arn:aws:events:a:1:event-bus/b' }", "3:21 malformed notify.eventBus"],
    [`{ sns: "${sns}.fifo" }`, "3:16 malformed notify.sns"],
    ["{ eventBus: default, on: [] }", "3:34 missing notify.on"],
  ] as const)("is not %s", ([text, complaint]) => {
    expect(complaints(`${smallest}notify: ${text}\n`)).toEqual([complaint]);
  });
});

describe("drift", () => {
  const driftOf = (text: string) => {
    const found = readApplication("trueup.yaml", dev(text));
    return found.kind === "read" ? found.application.environments.dev?.drift : found;
  };

  test("is looked for once a day, unless it says how often and what may differ", () => {
    expect(driftOf("selfHeal: report")).toEqual({ everySeconds: 86_400, ignore: [] });
    expect(driftOf("drift: { every: 12h, ignore: [x-sqs.jobs] }")).toEqual({
      everySeconds: 43_200,
      ignore: ["x-sqs.jobs"],
    });
  });

  test.for(["9m", "599s", "5", "0h"])("is not every %s", (every) => {
    expect(complaints(dev(`drift: { every: "${every}" }`))).toEqual([
      expect.stringContaining("malformed environments.dev.drift.every"),
    ]);
  });
});

describe("what Parameter Store holds", () => {
  test("may stand in targets, variables and parameters, by its name", () => {
    const text = `
application: myapps
variables: { LOG_LEVEL: "ssm:/trueup/shared/log-level" }
environments:
  prod:
    on: { branch: main }
    variables: { ZONE: "ssm:/trueup/shared/zone" }
    target:
      account: "ssm:/shared/accounts/prod"
      region: ssm:/shared/region
      role: ssm:/shared/roles/deployer
      externalId: ssm:/shared/id
      cloudformationRole: ssm:/shared/roles/cfn
      permissionsBoundary: ssm:/shared/boundary
    parameters: { VpcId: ssm:/shared/vpc, AppSubnets: [ssm:/shared/a, subnet-2] }
`;
    expect(readApplication("trueup.yaml", text)).toMatchObject({
      kind: "read",
      application: {
        environments: {
          prod: {
            variables: {
              LOG_LEVEL: "ssm:/trueup/shared/log-level",
              ZONE: "ssm:/trueup/shared/zone",
            },
            target: {
              account: "ssm:/shared/accounts/prod",
              cloudFormationRole: "ssm:/shared/roles/cfn",
            },
            parameters: {
              values: { VpcId: "ssm:/shared/vpc", AppSubnets: "ssm:/shared/a,subnet-2" },
            },
          },
        },
      },
    });
  });

  test.for<[string, string, string]>([
    ["a variable", "variables: { A: 'ssm:' }", "variables.A"],
    ["a variable", "variables: { A: 'ssm:/a b' }", "variables.A"],
    ["a target", "target: { account: 'ssm:/a:1' }", "target.account"],
    ["an external id", "target: { externalId: 'ssm:/a:1' }", "target.externalId"],
    ["one of several", "variables: { A: 'a,ssm:' }", "variables.A"],
    ["a parameter", "parameters: { VpcId: 'ssm:' }", "parameters.VpcId"],
    [
      "one of several",
      "parameters: { AppSubnets: [a, 'ssm:/a:1'] }",
      "parameters.AppSubnets\\[1\\]",
    ],
  ])("is named without anything else (%s)", ([, more, path]) => {
    expect(complaints(dev(more))).toEqual([
      expect.stringMatching(new RegExp(` malformed environments\\.dev\\.${path}$`)),
    ]);
  });
});
