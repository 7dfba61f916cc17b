import { describe, expect, test } from "vitest";
import type { Notice } from "../../src/model/notice.ts";
import { topicsOf } from "../../src/sandbox/sns.ts";
import { begun, instanceOf } from "./ephemeral.ts";
import { type Fate, type Options, type TestWorld, testWorld } from "./world.ts";

const place = { account: "123456789012", region: "eu-west-1" };
const topic = "arn:aws:sns:eu-west-1:123456789012:deliveries";

const trueup = (notify: string, more = "") => `application: myapps
compose: [docker-compose.yml]
${notify === "" ? "" : `notify: ${notify}\n`}environments:
  dev:
    on: { branch: main }
    compose: [envs/dev.yml]
    variables: { LOG_LEVEL: debug }
${more}`;

const both = `{ sns: "${topic}", eventBus: default }`;

interface Told {
  readonly scene: TestWorld;
  /** What came to the topic: the text, and the phase by which it can be filtered. */
  readonly texts: () => readonly string[];
  readonly events: readonly {
    readonly source: string;
    readonly type: string;
    readonly notice: Notice;
  }[];
}

/** The example, registered, and told of as `notify` says. */
async function began(notify = both, more = "", options: Options = {}): Promise<Told> {
  const events: Told["events"][number][] = [];
  const scene = testWorld({
    ...options,
    onCall: ({ input, operation }) => {
      if (operation !== "events:PutEvents") return;
      const { Entries } = input as { readonly Entries: readonly Record<string, string>[] };
      for (const { Detail = "", DetailType: type = "", Source: source = "" } of Entries)
        events.push({ source, type, notice: JSON.parse(Detail) });
    },
  });
  await scene.ask("sns:CreateTopic", { Name: "deliveries" });
  await scene.pushExample();
  await scene.push({ "trueup.yaml": trueup(notify, more) });
  await scene.register();
  await anHour(scene);
  const { world } = scene;
  const texts = () => (topicsOf({ ...place, world })[topic] ?? []).map(({ text }) => text);
  return { scene, texts, events };
}

const anHour = (scene: TestWorld) => scene.driver.settle({ at: scene.world.now + 3_600_000 });

const edit = async (scene: TestWorld, from: string | RegExp, to: string): Promise<string> => {
  const text = await scene.read("docker-compose.yml");
  const revision = await scene.push({ "docker-compose.yml": text.replace(from, to) });
  await anHour(scene);
  return revision.slice(0, 8);
};

const ask = (scene: TestWorld, name: string, value: unknown) =>
  scene.ask("ssm:PutParameter", {
    Name: `/trueup/myapps/dev/${name}`,
    Value: JSON.stringify(value),
    Type: "String",
    Overwrite: true,
  });

const desired = async (scene: TestWorld) => (await scene.status()).revision.desired?.slice(0, 8);

describe("a revision that arrives", () => {
  test("is told once, on the topic and on the bus, however often passes repeat", async () => {
    const { events, scene, texts } = await began();
    const first = await desired(scene);
    expect(texts()).toEqual([`myapps/dev: ${first} is deployed.\ntrueup get myapps/dev`]);
    expect(events).toMatchObject([
      { source: "trueup", type: "Trueup Notice", notice: { phase: "promoted", text: texts()[0] } },
    ]);
    await ask(scene, "requested-at", "again");
    await anHour(scene);
    // Whoever loses the status finds it all new, and tells none of it.
    await scene.ask("ssm:DeleteParameter", { Name: "/trueup/myapps/dev/status" });
    await ask(scene, "requested-at", "once-more");
    await anHour(scene);
    expect([texts().length, events.length]).toEqual([1, 1]);
    const second = await edit(scene, /VisibilityTimeout: \d+/, "VisibilityTimeout: 77");
    expect(texts().slice(1)).toEqual([`myapps/dev: ${second} is deployed.\ntrueup get myapps/dev`]);
  });

  test("is told of by attributes that subscriptions can filter by", async () => {
    const { scene } = await began();
    const { world } = scene;
    const [message] = topicsOf({ ...place, world })[topic] ?? [];
    const values = Object.entries(message?.attributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    expect(Object.fromEntries(values)).toEqual({
      application: "myapps",
      environment: "dev",
      phase: "promoted",
      revision: (await scene.status()).revision.desired,
    });
  });

  test("is told where `verify` says so and not before", async () => {
    const page = `    verify:\n      - http: { url: "\${outputs.PublicUrl}/", match: ok, retries: 1, within: 5m }\n`;
    const { scene, texts } = await began(both, page);
    const first = await desired(scene);
    expect(texts()).toEqual([
      `myapps/dev: ${first} is deployed and verified.\ntrueup get myapps/dev`,
    ]);
    const bad = await edit(scene, "LOG_LEVEL", `SANDBOX_HTTP_STATUS: "500"\n      LOG_LEVEL`);
    expect(texts().slice(1)).toEqual([
      `myapps/dev: ${bad} is deployed and failed its verification.\ntrueup get myapps/dev`,
    ]);
  });
});

describe("a plan that waits for people", () => {
  test("is told of once, and what comes of it", async () => {
    const { events, scene, texts } = await began(both, "    approval: manual\n");
    const { digest } = await scene.status();
    const revision = await desired(scene);
    const asks = `waits for approval of plan ${digest.plan?.slice(0, 12)}.\ntrueup approve myapps/dev`;
    expect(texts()).toEqual([`myapps/dev: ${revision} ${asks}`]);
    expect(events[0]?.notice).toMatchObject({ phase: "approval", plan: digest.plan });
    await ask(scene, "approval", { digest: digest.plan, reason: "as agreed" });
    await anHour(scene);
    expect(texts().slice(1)).toEqual([
      `myapps/dev: ${revision} is deployed.\ntrueup get myapps/dev`,
    ]);
  });
});

describe("a revision that fails", () => {
  test("is told of once, and by its reason only", async () => {
    const { scene, texts } = await began();
    const wrong = await edit(scene, "ports:", "prots:");
    const said = [`myapps/dev: ${wrong} is stalled: SourceInvalid.\ntrueup explain myapps/dev`];
    expect(texts().slice(1)).toEqual(said);
    await ask(scene, "requested-at", "again");
    await anHour(scene);
    expect(texts().slice(1)).toEqual(said);
  });

  test("that the ceiling refuses is told of too", async () => {
    const { scene, texts } = await began();
    const target = '    target: { region: "us-east-1" }\n';
    await scene.push({ "trueup.yaml": trueup(both, target) });
    await anHour(scene);
    expect(texts().at(-1)).toContain("is stalled: NotPermitted.");
  });
});

describe("an environment with instances", () => {
  test("leaves it to them", async () => {
    const heard: string[] = [];
    const { revision, scene } = await begun({
      onCall: ({ input, operation }) => {
        if (operation !== "events:PutEvents") return;
        const [{ Detail = "" } = {}] = (
          input as { readonly Entries: readonly { readonly Detail?: string }[] }
        ).Entries;
        const { environment, phase } = JSON.parse(Detail);
        heard.push(`${environment} ${phase}`);
      },
      notify: { eventBus: "default" },
    });
    await anHour(scene);
    const told = [`test.${instanceOf(revision)} promoted`];
    expect(heard).toEqual(told);
    // It is deleted when its lease ends, and says nothing of that.
    for (let hour = 0; hour < 3; hour += 1) await anHour(scene);
    expect(heard).toEqual(told);
  });
});

describe("what is told", () => {
  test("is nothing where nobody asks for it", async () => {
    const { events, scene, texts } = await began("");
    expect([texts(), events]).toEqual([[], []]);
    expect(scene.calls).not.toContain("sns:Publish");
  });

  test("is of the phases and to the places that are named", async () => {
    const { events, scene, texts } = await began(`{ sns: "${topic}", on: [failed] }`);
    expect([texts(), events]).toEqual([[], []]);
    await edit(scene, "ports:", "prots:");
    expect([texts().length, events.length]).toEqual([1, 0]);
  });

  test("is nothing new to an environment that was there before it was asked for", async () => {
    const { scene, texts } = await began("");
    await scene.push({ "trueup.yaml": trueup(both) });
    await ask(scene, "requested-at", "again");
    await anHour(scene);
    // The commit is a revision of its own; what was deployed before it is not told.
    expect(texts()).toEqual([
      `myapps/dev: ${await desired(scene)} is deployed.\ntrueup get myapps/dev`,
    ]);
  });
});

const refusal = { error: "AccessDeniedException", when: "before" } as const;

describe("what is refused where it should go", () => {
  const untold = async (scene: TestWorld) => (await scene.status()).untold;

  test("is sent there once that takes it, and nowhere twice", async () => {
    const { events, scene, texts } = await began(both.replace(":deliveries", ":nowhere"));
    const status = await scene.status();
    expect(status.conditions[0]).toMatchObject({ type: "Ready", status: "True" });
    const { desired: revision } = status.revision;
    expect(status.untold).toEqual([{ phase: "promoted", revision, by: "sns" }]);
    expect([texts().length, events.length]).toEqual([0, 1]);
    expect(scene.log.some((line) => line.startsWith("notice refused"))).toBe(true);
    expect(scene.log.filter((line) => line.startsWith("notice lost"))).toEqual([]);

    await scene.ask("sns:CreateTopic", { Name: "nowhere" });
    await anHour(scene);
    const { world } = scene;
    const came = () => topicsOf({ ...place, world })[topic.replace("deliveries", "nowhere")] ?? [];
    expect(came().map(({ text }) => text)).toEqual([
      `myapps/dev: ${await desired(scene)} is deployed.\ntrueup get myapps/dev`,
    ]);
    expect(await untold(scene)).toBeUndefined();
    const calls = scene.calls.length;
    await anHour(scene);
    expect(scene.calls.slice(calls)).not.toContain("s3:PutObject");
    expect([came().length, events.length]).toEqual([1, 1]);
  });

  test.for(["sns:Publish", "events:PutEvents"] as const)(
    "by %s leaves the other its message, and is tried six times an hour",
    async (operation) => {
      let isRefused = true;
      let asked = 0;
      const { events, scene, texts } = await began(both, "", {
        fate: (_, one) => {
          if (one !== operation) return "lives";
          asked += 1;
          return isRefused ? refusal : "lives";
        },
      });
      for (let hour = 0; hour < 5; hour += 1) await anHour(scene);
      const sent = () => [texts().length, events.length];
      expect(sent()).toEqual(operation === "sns:Publish" ? [0, 1] : [1, 0]);
      expect(asked).toBeGreaterThan(20);
      expect(asked).toBeLessThan(80);
      isRefused = false;
      await anHour(scene);
      expect(sent()).toEqual([1, 1]);
      expect(await untold(scene)).toBeUndefined();
    },
  );

  test("is not told any more when it is not so any more", async () => {
    let isRefused = false;
    const { scene, texts } = await began(both, "", {
      fate: (_, operation) => (isRefused && operation === "sns:Publish" ? refusal : "lives"),
    });
    isRefused = true;
    await edit(scene, "ports:", "prots:");
    expect(await untold(scene)).toMatchObject([{ phase: "failed" }]);
    isRefused = false;
    const good = await edit(scene, "prots:", "ports:");
    expect(texts().slice(1)).toEqual([`myapps/dev: ${good} is deployed.\ntrueup get myapps/dev`]);
    expect(await untold(scene)).toBeUndefined();
  });
});

test("what is to be looked at some day is looked at then, though messages were tried meanwhile", async () => {
  let isRefused = true;
  const { scene } = await began(both, "", {
    fate: (_, operation) => (isRefused && operation === "sns:Publish" ? refusal : "lives"),
  });
  const { desired: revision } = (await scene.status()).revision;
  const until = new Date(scene.world.now + 86_400_000).toISOString();
  await ask(scene, "hold", { revision, reason: "over night", until });
  await anHour(scene);
  isRefused = false;
  await anHour(scene);
  const { nextLook, untold } = await scene.status();
  expect(untold).toBeUndefined();
  expect(nextLook).toBe(`${until.slice(0, 19)}Z`);
  const { Schedules } = (await scene.ask("scheduler:ListSchedules", {})) as {
    readonly Schedules: readonly { readonly GroupName: string; readonly Name: string }[];
  };
  const times = await Promise.all(
    Schedules.filter(({ Name }) => Name.startsWith("q-")).map(async ({ GroupName, Name }) => {
      const found = await scene.ask("scheduler:GetSchedule", { GroupName, Name });
      return (found as { readonly ScheduleExpression: string }).ScheduleExpression;
    }),
  );
  expect(times).toContain(`at(${until.slice(0, 19)})`);
});

describe("a process that dies as it tells once more", () => {
  type State = { kind: "refused" | "again"; at: number };

  /** Refused until `again`; then the call dies that comes so many after the marker of that try. */
  const dying = (state: State, end: Fate): NonNullable<Options["fate"]> => {
    let after = -1;
    const meets = (operation: string): Fate => {
      if (after >= 0 || operation === "s3:PutObject") after += 1;
      return after === state.at ? end : "lives";
    };
    const first = (operation: string): Fate => (operation === "sns:Publish" ? refusal : "lives");
    return (_, operation) => (state.kind === "refused" ? first(operation) : meets(operation));
  };

  test.for(["dies before", "dies after"] as const)("tells at most once: %s", async (end) => {
    for (let at = 0; at < 6; at += 1) {
      const state: State = { kind: "refused", at };
      const { events, scene, texts } = await began(both, "", { fate: dying(state, end) });
      state.kind = "again";
      for (let hour = 0; hour < 2; hour += 1) await anHour(scene);
      expect(texts().length).toBeLessThanOrEqual(1);
      expect(events.length).toBe(1);
    }
  });
});

describe("what nobody answers", () => {
  test.for(["before", "after"] as const)(
    "may have been sent: it is not sent again (%s)",
    async (when) => {
      let count = 0;
      const { scene, texts } = await began(both, "", {
        fate: (_, operation) => {
          if (operation !== "sns:Publish") return "lives";
          count += 1;
          return { error: "TimeoutError", when };
        },
      });
      expect((await scene.status()).untold).toBeUndefined();
      expect(scene.log.filter((line) => line.startsWith("notice lost"))).toHaveLength(1);
      expect([count, texts().length]).toEqual([1, when === "after" ? 1 : 0]);
    },
  );
});

describe("a process that dies, or hears of an error, while it tells", () => {
  type End = Exclude<Fate, "lives">;
  /** At the n-th call from the marker on: the marker, the message, the event, then the status. */
  const dying = async (at: number, end: End) => {
    let told = -1;
    const { events, scene, texts } = await began(both, "", {
      fate: (count, operation) => {
        const isMarker = operation === "s3:PutObject" && markers.has(count);
        if (told < 0 && !isMarker) return "lives";
        told += 1;
        return told === at ? end : "lives";
      },
    });
    return {
      ready: (await scene.status()).conditions[0]?.status,
      sent: [texts().length, events.length],
    };
  };
  const markers = new Set<number>();
  const refused = { error: "SlowDown", when: "before" } as const;
  const unanswered = { error: "TimeoutError" } as const;

  test("has its places", async () => {
    const { scene } = await began();
    const marker = scene.calls.indexOf("sns:Publish") - 1;
    markers.add(marker);
    expect(scene.calls.slice(marker, marker + 4)).toEqual([
      "s3:PutObject",
      "sns:Publish",
      "events:PutEvents",
      "ssm:PutParameter",
    ]);
  });

  test.for([
    ["before the marker", 0, "dies before", [1, 1]],
    ["after the marker: it is lost", 0, "dies after", [0, 0]],
    ["before the message, with the event on its way", 1, "dies before", [0, 1]],
    ["before the status is written", 3, "dies before", [1, 1]],
    ["after the status is written", 3, "dies after", [1, 1]],
    ["refused for now: it is told a minute later", 0, refused, [1, 1]],
    ["not answered, and not there", 0, { ...unanswered, when: "before" }, [1, 1]],
    ["not answered, and there all the same", 0, { ...unanswered, when: "after" }, [1, 1]],
  ] as const)("%s", async ([, at, end, sent]) => {
    expect(await dying(at, end)).toEqual({ ready: "True", sent });
  });
});

test("what arrives where there were instances once is told as anywhere", async () => {
  const { scene, texts } = await began(both, "    ephemeral: { ttl: 1h }\n");
  await anHour(scene);
  const told = texts().length;
  const revision = (await scene.push({ "trueup.yaml": trueup(both) })).slice(0, 8);
  await anHour(scene);
  expect(texts().slice(told)).toEqual([
    `myapps/dev: ${revision} is deployed.\ntrueup get myapps/dev`,
  ]);
  expect((await scene.status()).instances).toBeUndefined();
});
