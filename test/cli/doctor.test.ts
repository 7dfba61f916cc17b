import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Installed } from "../../src/aws/installed.ts";
import { connect } from "../../src/cli/connection.ts";
import { doctor, statusOf } from "../../src/cli/doctor.ts";
import { checkApplication } from "../../src/cli/doctor-applications.ts";
import { checkInstallation, expectedFunctions } from "../../src/cli/doctor-installation.ts";
import { mendServiceRoles } from "../../src/cli/doctor-service-roles.ts";
import type { Finding } from "../../src/cli/findings.ts";
import { type LocalAws, startLocalAws } from "../../src/cli/local-aws.ts";
import { seedExample } from "../../src/cli/seed.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";
import { workOf } from "../../src/sandbox/lambda/work.ts";
import { faults } from "../faults.ts";
import { functionsOf } from "../infra/template.ts";
import { quietIn } from "./quiet.ts";

const home = mkdtempSync(join(tmpdir(), "trueup-doctor-"));
const person = {
  account: "123456789012",
  region: "eu-west-1",
  arn: "arn:aws:iam::123456789012:user/you",
};
let local: LocalAws;

const ask = (operation: string, input: object) =>
  local.world.call(operation, input, person) as Readonly<Record<string, unknown>>;

const io = (out: string[], more = {}) => quietIn(home, { ...local.environment, ...more }, out);

/** What it prints as JSON, held to the schema, and its exit status. */
async function diagnosed(...args: readonly string[]) {
  const out: string[] = [];
  const status = await doctor.run([...args, "--json"], io(out));
  expect(out).toHaveLength(1);
  const { findings }: { readonly findings: readonly Finding[] } = JSON.parse(out.join("\n"));
  expect(faults("doctor", { findings })).toEqual([]);
  return { findings, status };
}

const wrong = ({ findings }: { readonly findings: readonly Finding[] }) =>
  findings
    .filter(({ outcome }) => outcome !== "ok")
    .map(({ about, check, message, outcome }) => `${outcome}  ${check} ${about}: ${message}`);

/** All that is wrong while something is, and nothing once it is mended. */
async function brokenBy(breaks: () => () => void) {
  const mend = breaks();
  try {
    const { findings, status } = await diagnosed();
    expect(status).toBe(1);
    for (const { help, outcome } of findings) if (outcome === "failed") expect(help).not.toBe("");
    for (const { help = "" } of findings) expect(help).not.toMatch(/--(?:uuid|name) *(?:\.|$)/);
    return wrong({ findings });
  } finally {
    mend();
    expect((await diagnosed()).status).toBe(0);
  }
}

/** Until the controller has looked at what there is. */
async function settled(): Promise<void> {
  const { ports } = await connect(io([]));
  const seen = async () => {
    expect((await ports.statuses.readApplication("myapps"))?.revision).toBeDefined();
    expect(await ports.statuses.readEnvironment("myapps", "dev")).toBeDefined();
  };
  await vi.waitFor(seen, { timeout: 30_000, interval: 200 });
}

beforeAll(async () => {
  const log = () => undefined;
  const setUp = async (sandbox: Parameters<typeof seedExample>[0]) => seedExample(sandbox);
  local = await startLocalAws({ directory: join(home, "aws"), port: 0, log, setUp });
  await settled();
}, 60_000);

afterAll(async () => {
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

describe("the roles of AWS's own services", () => {
  test("are made where they are missing, unless it is only to look", async () => {
    const looked = await diagnosed("--dry-run");
    expect(looked.status).toBe(1);
    const missing = wrong(looked);
    expect(missing).toHaveLength(5);
    expect(missing[0]).toMatch(/^failed {2}service role AWSServiceRoleForECS: is not there/);
    expect(() => ask("iam:GetRole", { RoleName: "AWSServiceRoleForRDS" })).toThrow(
      "cannot be found",
    );

    const made = await diagnosed();
    expect([made.status, wrong(made)]).toEqual([0, []]);
    expect(
      made.findings.filter(({ message }) => message === "was not there, and is made"),
    ).toHaveLength(5);
    expect(ask("iam:GetRole", { RoleName: "AWSServiceRoleForRDS" })).toHaveProperty(
      "Role.Arn",
      "arn:aws:iam::123456789012:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
    );
    expect((await diagnosed("--dry-run")).status).toBe(0);
  });

  test("that somebody makes meanwhile are as good", async () => {
    const { installed } = await connect(io([]));
    const raced = { ...installed, hasRole: async () => false };
    const findings = await mendServiceRoles(raced, { dryRun: false });
    expect(findings.map(({ outcome }) => outcome)).toEqual(Array(5).fill("ok"));
  });

  test("are for others to make where the caller may not", async () => {
    const { installed } = await connect(io([]));
    const hasRole = async () => false;
    const findings = await mendServiceRoles({ ...installed, hasRole, makeServiceRole: denied }, no);
    expect(findings[0]).toMatchObject({
      outcome: "failed",
      help: expect.stringContaining(
        "create-service-linked-role --aws-service-name ecs.amazonaws.com",
      ),
    });
    const blind = await mendServiceRoles({ ...installed, hasRole: denied }, no);
    expect(blind.map(({ outcome }) => outcome)).toEqual(Array(5).fill("not seen"));
  });
});

const no = { dryRun: false };

const denied = async (): Promise<never> => {
  throw Object.assign(new Error("User: you is not authorized to perform: it"), {
    name: "AccessDeniedException",
  });
};

test("what should wake each function is what template.yaml has", () => {
  const written = functionsOf.map(({ name, Properties }) => {
    const { Events, Handler } = Properties as {
      readonly Handler: string;
      readonly Events: Readonly<
        Record<
          string,
          { readonly Type: string; readonly Properties: { readonly Pattern?: Pattern } }
        >
      >;
    };
    const events = Object.values(Events);
    const detailTypes = events.flatMap(
      ({ Properties: { Pattern } }) => Pattern?.["detail-type"] ?? [],
    );
    const has = (type: string) => events.some(({ Type }) => Type === type);
    return [name, { handler: Handler, detailTypes, byClock: has("Schedule"), byQueue: has("SQS") }];
  });
  expect(Object.fromEntries(written)).toEqual(expectedFunctions);
});

interface Pattern {
  readonly "detail-type": readonly string[];
}

const ruleOf = (part: string): string => {
  const { Rules } = ask("events:ListRules", {}) as {
    readonly Rules: readonly { readonly Name: string }[];
  };
  return Rules.find(({ Name }) => Name.includes(part))?.Name ?? "";
};

describe("what wakes nobody any more is said, with what to do", () => {
  test("a rule that is disabled", async () => {
    const Name = ruleOf("SignalFunctionSweep");
    const said = await brokenBy(() => {
      ask("events:DisableRule", { Name });
      return () => ask("events:EnableRule", { Name });
    });
    expect(said).toEqual([
      "failed  function SignalFunction: the rule that wakes it by the clock is disabled",
    ]);
  });

  test("a rule that leads nowhere", async () => {
    const Rule = ruleOf("GitPushFunctionGitPush");
    const { Targets } = ask("events:ListTargetsByRule", { Rule }) as {
      readonly Targets: readonly { readonly Id: string }[];
    };
    const said = await brokenBy(() => {
      ask("events:RemoveTargets", { Rule, Ids: Targets.map(({ Id }) => Id) });
      return () => ask("events:PutTargets", { Rule, Targets });
    });
    expect(said).toEqual([
      'failed  function GitPushFunction: no rule wakes it by "CodeCommit Repository State Change"',
    ]);
  });

  test("an event source that is disabled", async () => {
    const { EventSourceMappings } = ask("lambda:ListEventSourceMappings", {}) as {
      readonly EventSourceMappings: readonly { readonly UUID: string }[];
    };
    const UUID = EventSourceMappings[0]?.UUID;
    const said = await brokenBy(() => {
      ask("lambda:UpdateEventSourceMapping", { UUID, Enabled: false });
      return () => ask("lambda:UpdateEventSourceMapping", { UUID, Enabled: true });
    });
    expect(said).toEqual([
      "failed  function ReconcileFunction: its event source, the queue, is disabled",
    ]);
  });
});

describe("what is broken is said, with what to do", () => {
  test("a function that is gone", async () => {
    const { functions } = workOf(local.world);
    const [arn, found] =
      Object.entries(functions).find(([key]) => key.endsWith("JanitorFunction")) ?? [];
    const said = await brokenBy(() => {
      delete functions[arn ?? ""];
      return () => {
        if (arn !== undefined && found !== undefined) functions[arn] = found;
      };
    });
    expect(said).toEqual(["failed  function JanitorFunction: is not there"]);
  });

  test("keys and events that were given up", async () => {
    const { QueueUrls } = ask("sqs:ListQueues", {}) as { readonly QueueUrls: readonly string[] };
    const urlOf = (part: string) => QueueUrls.find((url) => url.includes(part)) ?? "";
    const letters = urlOf("-DeadLetterQueue");
    const said = await brokenBy(() => {
      const message = { MessageBody: "shop/dev", MessageGroupId: "shop/dev" };
      ask("sqs:SendMessage", { QueueUrl: letters, ...message, MessageDeduplicationId: "1" });
      ask("sqs:SendMessage", { QueueUrl: urlOf("-EventDeadLetterQueue"), MessageBody: "{}" });
      return () => {
        // They were looked at and left.
        for (const QueueUrl of [letters, urlOf("-EventDeadLetterQueue")]) {
          const { Messages } = ask("sqs:ReceiveMessage", { QueueUrl }) as {
            readonly Messages: readonly { readonly ReceiptHandle: string }[];
          };
          expect(Messages).toHaveLength(1);
          for (const { ReceiptHandle } of Messages)
            ask("sqs:DeleteMessage", { QueueUrl, ReceiptHandle });
        }
      };
    });
    expect(said).toEqual([
      expect.stringMatching(
        /^failed {2}dead letters \S+-DeadLetterQueue\S+: 1 message was given up, the oldest at 2\S+Z, of shop\/dev$/,
      ),
      expect.stringMatching(
        /^failed {2}lost events \S+: 1 message was given up, the oldest at 2\S+Z$/,
      ),
    ]);
  });

  test("a registration, a repository and a branch", async () => {
    const put = (application: string, value: string) =>
      ask("ssm:PutParameter", {
        Name: `/trueup/${application}/registration`,
        Value: value,
        Type: "String",
      });
    const written = (of: object) => JSON.stringify({ branch: "main", environments: {}, ...of });
    const said = await brokenBy(() => {
      put("alone", written({ repository: "nowhere" }));
      put("astray", written({ repository: "myapps", branch: "trunk" }));
      put("broken", "{oops");
      put("other", written({ repository: "myapps" }));
      return () => {
        for (const application of ["alone", "astray", "broken", "other"])
          ask("ssm:DeleteParameter", { Name: `/trueup/${application}/registration` });
      };
    });
    expect(said).toEqual([
      expect.stringMatching(/^failed {2}repository alone: .*nowhere/),
      "failed  repository astray: myapps has no branch trunk.",
      "failed  repository other: trueup.yaml is of myapps; registered is other.",
      expect.stringMatching(/^failed {2}registration broken: .* is not JSON/),
    ]);
  });
});

describe("what nobody hears", () => {
  test("was asked for under a name that nobody reads", async () => {
    const names = ["myapps/Dev/suspended", "myapps/dev/suspend", "myapps/hold", "x/y/z/hold"];
    const read = ["shared/a/b", "myapps/dev/suspended", "myapps/test.main-1a2b3c/hold"];
    const said = await brokenBy(() => {
      const all = [...names, ...read].map((name) => `/trueup/${name}`);
      for (const Name of all) ask("ssm:PutParameter", { Name, Value: "{}", Type: "String" });
      return () => {
        for (const Name of all) ask("ssm:DeleteParameter", { Name });
      };
    });
    expect(said).toEqual(
      names.map((name) => `failed  parameter /trueup/${name}: is read by nobody`),
    );
  });
});

describe("an installation", () => {
  const where = { bucket: "trueup-1", prefix: "trueup" };

  test("that is not there", async () => {
    const out: string[] = [];
    const other = io(out, { TRUEUP_PREFIX: "other" });
    expect(await doctor.run(["--dry-run"], other)).toBe(1);
    expect(out.slice(0, 2)).toEqual([
      expect.stringMatching(
        /^failed {4}other-123456789012-eu-west-1 {2}bucket {2}is not there {2}Install/,
      ),
      expect.stringMatching(/^failed {4}other {2}functions {2}no function works with this prefix/),
    ]);
  });

  test("that the caller may not see is not called well", async () => {
    const { installed } = await connect(io([]));
    const blind: Installed = { ...installed, functions: denied, hasBucket: denied };
    const findings = await checkInstallation({ installed: blind, where });
    expect(findings.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
      "bucket not seen",
      "functions not seen",
    ]);
    expect(statusOf(findings)).toBe(2);
    expect(statusOf([{ outcome: "not seen", check: "role", about: "", message: "" }])).toBe(0);
    const failed = { outcome: "failed", check: "role", about: "", message: "" } as const;
    expect(statusOf([...findings, failed])).toBe(1);
  });

  test("that lacks what nothing else wakes", async () => {
    const { installed } = await connect(io([]));
    const bare: Installed = {
      ...installed,
      hasBucket: async () => true,
      hasRole: async (name) => !name.includes("SchedulerRole"),
      hasScheduleGroup: async () => false,
      queue: async (of) => {
        const found = await installed.queue(of);
        return of.includes("EventDead") ? undefined : found && { ...found, deadLetters: undefined };
      },
    };
    expect(wrong({ findings: await checkInstallation({ installed: bare, where }) })).toEqual([
      expect.stringContaining("queue trueup-Queue"),
      expect.stringMatching(/^failed {2}lost events \S+: is not there$/),
      "failed  schedules trueup: there is no schedule group for wake-ups",
      expect.stringMatching(/^failed {2}role \S+SchedulerRole\S+: is not there$/),
    ]);
  });
});

describe("an application", () => {
  const visited = async (at: string, more: object = {}) => {
    const { ports } = await connect(io([]));
    const registration = await ports.registrations.read("myapps");
    if (registration === undefined) throw new Error("myapps is not registered");
    const clock = { ...ports.clock, now: () => at };
    const visit = { ports: { ...ports, clock, ...more }, patience: 1_800_000 };
    return checkApplication(registration, visit);
  };
  const now = () => new Date(local.world.now).toISOString();

  test("that nobody looks at any more", async () => {
    const { ports } = await connect(io([]));
    const late = { ...emptyStatus, nextLook: "2026-01-01T00:00:00Z" };
    const statuses = {
      ...ports.statuses,
      readApplication: async () => undefined,
      readEnvironment: async () => late,
    };
    expect(wrong({ findings: await visited("2099-01-01T00:00:00.000Z", { statuses }) })).toEqual([
      expect.stringMatching(/^failed {2}status myapps: is of nothing, and [0-9a-f]{8} is there$/),
      "failed  status myapps/dev: was to be looked at again at 2026-01-01T00:00:00Z, and nothing is heard of it since",
    ]);
    const never = { ...statuses, readEnvironment: async () => undefined };
    // Pushed a moment ago, so that nobody need have looked yet.
    expect(wrong({ findings: await visited(now(), { statuses: never }) })).toEqual([
      "failed  status myapps/dev: no pass was ever made",
    ]);
  });

  test("whose role the controller cannot become", async () => {
    const { ports } = await connect(io([]));
    const role = "arn:aws:iam::210987654321:role/deployer";
    const text = `application: myapps\nenvironments:\n  dev:\n    on: { branch: main }\n    target: { account: "210987654321", role: "${role}", cloudformationRole: "${role}" }\n`;
    const sources = { ...ports.sources, blob: async () => text };
    const seen = async (reason: string) => {
      const condition = {
        type: "Stalled",
        status: "True",
        reason,
        message: `${reason}!`,
        since: "",
        observedRevision: "",
      } as const;
      const readEnvironment = async () => ({ ...emptyStatus, conditions: [condition] });
      const statuses = { ...ports.statuses, readEnvironment };
      return wrong({ findings: await visited(now(), { sources, statuses }) });
    };
    expect(await seen("RoleNotAssumed")).toEqual([`failed  role ${role}: RoleNotAssumed!`]);
    expect(await seen("DataAtRisk")).toEqual([
      `not seen  role ${role}: is for the controller alone, which does not complain`,
    ]);
  });
});
