import { describe, expect, test } from "vitest";
import type { Call, Operation } from "../../src/aws/call.ts";
import { awsPorts } from "../../src/aws/ports.ts";
import { TerminalError } from "../../src/model/errors.ts";
import { callsOf } from "../../src/sandbox/in-process.ts";
import { contributeTo } from "../../src/write/contributing.ts";
import {
  begin,
  branchOf,
  fileAt,
  history,
  pullRequests,
  registry,
  settings,
} from "./repository.ts";
import { type TestWorld, testWorld } from "./world.ts";

const compose = `services:
  web: # the front
    image: ${registry}/web:1.0.0
    environment:
      LOG: info
`;
const given = `services:
  web: { environment: { LOG: debug } }
  cron: { image: "${registry}/worker:1.0.0" }
`;
const merged = `${compose.replace("info", "debug")}  cron:\n    image: ${registry}/worker:1.0.0\n`;

const region = "eu-west-1";
const ci = { account: "123456789012", region, arn: "arn:aws:iam::123456789012:user/ci" };

/** Runs it as a CI does, with something done just before a call, counted from 0. */
function contribution(scene: TestWorld, act?: (count: number, operation: Operation) => unknown) {
  const calls: Operation[] = [];
  const answer = callsOf(scene.world, ci);
  const call = (async (operation: Operation, input: unknown) => {
    calls.push(operation);
    const after = await act?.(calls.length - 1, operation);
    const result = await answer(operation, input);
    if (after instanceof Error) throw after;
    return result;
  }) as Call;
  const none = {
    queueUrl: "",
    scheduleGroup: "",
    signalFunctionArn: "",
    schedulerRoleArn: "",
    janitorFunctionArn: "",
  };
  const installation = {
    ...none,
    region,
    prefix: "trueup",
    code: "",
    bucket: "trueup-123456789012-eu-west-1",
  };
  const ports = awsPorts(
    () => call,
    installation,
    () => undefined,
  );
  const run = async (text = given, to?: string) => {
    const registration = await ports.registrations.read("myapps");
    if (registration === undefined) throw new Error("It is not registered.");
    return contributeTo(registration, { file: "mine.yml", text, to, message: undefined }, ports);
  };
  return { calls, run };
}

const began = async (more = "", files: Readonly<Record<string, string>> = {}) => {
  const scene = testWorld();
  await begin(scene, { "trueup.yaml": settings("myapps", more), "compose.yml": compose, ...files });
  return scene;
};

const reasons = async (made: Promise<unknown>): Promise<readonly string[]> => {
  const error = await made.then(
    () => new Error("It is accepted."),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TerminalError)) throw error;
  return error.diagnostics.map(
    ({ file, line, message, path }) => `${file}:${line} ${path} ${message}`,
  );
};

describe("a contribution", () => {
  test("is one commit that changes nothing else, and none the second time", async () => {
    const scene = await began();
    expect(await contribution(scene).run()).toEqual({
      result: { kind: "committed" },
      changes: [
        { file: "compose.yml", action: "change", path: "services.web.environment.LOG" },
        { file: "compose.yml", action: "add", path: "services.cron" },
      ],
    });
    expect(await scene.read("compose.yml")).toBe(merged);
    const [message] = await history(scene);
    expect(message).toBe(
      "Take over cron, web\n\ncompose.yml: change services.web.environment.LOG\ncompose.yml: add services.cron\n",
    );
    const before = (await history(scene)).length;
    expect(await contribution(scene).run()).toMatchObject({ result: { kind: "nothing" } });
    expect(await history(scene)).toHaveLength(before);
  });

  test("goes to the file that has the service, or the one that is named", async () => {
    const two = "services:\n  web:\n    restart: always\n";
    const files = { "two.yml": "services:\n  worker: { image: a }\n", "three.yml": two };
    const scene = await began("compose: [compose.yml, two.yml, three.yml]\n", files);
    await contribution(scene).run("services: { worker: { image: b } }");
    expect(await scene.read("two.yml")).toBe("services:\n  worker: { image: b }\n");

    const twice = "services: { web: { restart: no } }";
    expect(await reasons(contribution(scene).run(twice))).toEqual([
      "mine.yml:1 services.web is in compose.yml and three.yml: say which with --to",
    ]);
    await contribution(scene).run('services: { web: { restart: "no" } }', "three.yml");
    expect(await scene.read("three.yml")).toBe('services:\n  web:\n    restart: "no"\n');
  });

  test("is refused where it cannot be done, or would not load, and nothing is written", async () => {
    const scene = await began();
    const before = await history(scene);
    const run = (text: string) => reasons(contribution(scene).run(text));
    expect(await run("volumes: {}\n")).toEqual(["mine.yml:1  has no services"]);
    expect(await run("services: { web: { environment: [A=b] } }")).toEqual([
      "mine.yml:1 services.web.environment is a mapping, and a list here: write both the same way in compose.yml",
    ]);
    expect((await run("services: { web: { imagge: a } }"))[0]).toMatch(
      /^compose\.yml:6 services\.web\.imagge /,
    );
    expect(await history(scene)).toEqual(before);
  });

  test("takes the way of a pull request where the branch does", async () => {
    const scene = await began("images: { writeBack: pull-request }\n");
    expect(await contribution(scene).run()).toMatchObject({ result: { kind: "proposed" } });
    const later = given.replace("debug", "warn");
    expect(await contribution(scene).run(later)).toMatchObject({ result: { kind: "proposed" } });
    const [one, ...others] = await pullRequests(scene);
    expect(others).toEqual([]);
    expect(one && (await fileAt(scene, branchOf(one), "compose.yml"))).toBe(
      merged.replace("debug", "warn"),
    );
    expect(await scene.read("compose.yml")).toBe(compose);
    await scene.ask("codecommit:UpdatePullRequestStatus", {
      pullRequestId: one?.pullRequestId,
      pullRequestStatus: "CLOSED",
    });
    expect(await contribution(scene).run()).toMatchObject({ result: { kind: "declined" } });
  });
});

describe("a pull request", () => {
  const proposing = "images: { writeBack: pull-request }\n";
  const image = (name: string, tag: number) => `services: { ${name}: { image: a:${tag} } }`;

  test("is of the same services, whatever others are called", async () => {
    const scene = await began(proposing);
    for (const name of ["web-admin", "web", "web-admin-jobs"])
      await contribution(scene).run(image(name, 1));
    expect((await pullRequests(scene)).map(({ title }) => title)).toEqual([
      "Take over web-admin",
      "Take over web",
      "Take over web-admin-jobs",
    ]);
    const many = Array.from({ length: 30 }, (_, n) => `a..service.of.many${n}.lock: { image: a }`);
    await contribution(scene).run(`services: { ${many.join(", ")} }`);
    const last = (await pullRequests(scene)).at(-1);
    expect(last && branchOf(last)).toMatch(/^trueup\/myapps\/contribution-[\w-]{20,150}$/);
  });

  test("that is closed is an answer to what it said last", async () => {
    const scene = await began(proposing);
    for (const tag of [1, 2]) await contribution(scene).run(image("web", tag));
    const [one, ...others] = await pullRequests(scene);
    expect(others).toEqual([]);
    await scene.ask("codecommit:UpdatePullRequestStatus", {
      pullRequestId: one?.pullRequestId,
      pullRequestStatus: "CLOSED",
    });
    const again = await contribution(scene).run(image("web", 2));
    expect(again).toMatchObject({ result: { kind: "declined" } });
  });
});

describe("a repository that would not load, or not have it, is not written", () => {
  const environments = (prod: string) =>
    `application: myapps\nenvironments:\n  dev: { on: { branch: main } }\n  prod: { ${prod}, compose: [prod.yml] }\n`;
  const prod = "services: { web: { networks: [a] } }\nnetworks: { a: {} }\n";
  const given = "services: { web: { network_mode: none } }";

  test("where another environment takes what it is of", async () => {
    const scene = await began("", { "prod.yml": prod, "trueup.yaml": environments("from: dev") });
    expect((await reasons(contribution(scene).run(given)))[0]).toContain("network_mode");
  });

  test("but an environment of other commits has no say", async () => {
    const other = environments("on: { branch: prod }");
    const scene = await began("", { "prod.yml": prod, "trueup.yaml": other });
    expect(await contribution(scene).run(given)).toMatchObject({ result: { kind: "committed" } });
    const mine = "services: { web: { image: b } }";
    await contribution(scene).run(mine, "prod.yml");
    expect(await scene.read("prod.yml")).toContain("image: b");
  });

  test.for(["trueup.yaml", "other.yml"])("%s is no file of the application's", async (to) => {
    const scene = await began("", { "other.yml": "services: {}\n" });
    expect(await reasons(contribution(scene).run(given, to))).toEqual([
      `mine.yml:1 services is not read by any environment in ${to}`,
    ]);
  });
});

describe("whatever comes in between", async () => {
  const calm = contribution(await began());
  await calm.run();
  const points = calm.calls.map((operation, at) => ({ operation, at }));

  test.for(points)("$operation, call $at: a person's commit is kept", async ({ at }) => {
    const scene = await began();
    const push = (count: number) =>
      count === at
        ? scene.push({ "compose.yml": compose.replace("# the front", "# by hand") })
        : undefined;
    await contribution(scene, push).run();
    expect(await scene.read("compose.yml")).toBe(merged.replace("# the front", "# by hand"));
  });

  test.for(points)(
    "$operation, call $at, and an end there: asked again, it is there once",
    async ({ at }) => {
      for (const when of ["before", "after"] as const) {
        const scene = await began();
        const before = (await history(scene)).length;
        const die = (count: number) => {
          const error = new Error("The process died.");
          if (count !== at) return undefined;
          if (when === "before") throw error;
          return error;
        };
        await expect(contribution(scene, die).run()).rejects.toThrow("died");
        await contribution(scene).run();
        expect(await scene.read("compose.yml")).toBe(merged);
        expect(await history(scene)).toHaveLength(before + 1);
      }
    },
  );
});

test("a branch that never rests is given up on, with nothing overwritten", async () => {
  const scene = await began();
  let count = 0;
  const { run } = contribution(scene, (_, operation) => {
    count += 1;
    return operation === "codecommit:CreateCommit" ? scene.push({ [`${count}`]: "x" }) : undefined;
  });
  await expect(run()).rejects.toThrow("has moved on");
  expect(await scene.read("compose.yml")).toBe(compose);
});
