import { readFileSync } from "node:fs";
import type { SQSEvent } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { functions } from "../../src/functions.ts";
import { TerminalError } from "../../src/model/errors.ts";
import type { Event } from "../../src/triggers/trigger.ts";
import { contextWith, fakeLoops, fakePorts, registration } from "./fakes.ts";

const sample = (name: string): Event => JSON.parse(readFileSync(`events/${name}.json`, "utf8"));
const plenty = contextWith(60_000);

describe("an event", () => {
  test("becomes keys on the queue, under the event's own id", async () => {
    const { ports, sent } = fakePorts();
    const { signal } = functions(ports, fakeLoops().loops);
    expect(await signal(sample("parameter-change"), plenty)).toEqual({ keys: ["myapps/dev"] });
    expect(sent).toEqual([["myapps/dev", sample("parameter-change").id]]);
  });

  test("of the schedule goes under its execution's id", async () => {
    const { ports, sent } = fakePorts();
    await functions(ports, fakeLoops().loops).signal(sample("schedule"), plenty);
    expect(sent).toEqual([["myapps/dev", sample("schedule").execution]]);
  });

  test("that no trigger reads is logged and not tried again", async () => {
    const { lines, ports } = fakePorts();
    const { gitPush } = functions(ports, fakeLoops().loops);
    expect(await gitPush({ "detail-type": "Else" }, plenty)).toEqual({ keys: [] });
    expect(lines).toMatchObject([{ message: "event dropped", reason: "EventUnknown" }]);
  });

  test("that cannot be queued is tried again", async () => {
    const { ports } = fakePorts();
    const send = async () => {
      throw new Error("The queue is away");
    };
    const { signal } = functions({ ...ports, queue: { send } }, fakeLoops().loops);
    await expect(signal(sample("schedule"), plenty)).rejects.toThrow("The queue is away");
  });
});

const batch = (...bodies: readonly string[]): SQSEvent =>
  ({ Records: bodies.map((body, index) => ({ body, messageId: `m${index}` })) }) as SQSEvent;

describe("a batch of keys", () => {
  test("is worked on key by key, each once", async () => {
    const { lines, ports } = fakePorts();
    const { loops, worked } = fakeLoops();
    const { reconcile } = functions(ports, loops);
    const bodies = ["myapps/dev", "myapps/@images", "myapps/dev"];
    expect(await reconcile(batch(...bodies), plenty)).toEqual({ batchItemFailures: [] });
    expect(worked).toEqual(["reconcile myapps dev", "automate myapps"]);
    expect(lines.map(({ key, outcome }) => [key, outcome])).toEqual([
      ["myapps/dev", "done"],
      ["myapps/@images", "done"],
    ]);
  });

  test("as it comes from SQS is understood", async () => {
    const { loops, worked } = fakeLoops();
    await functions(fakePorts().ports, loops).reconcile(sample("queue-record"), plenty);
    expect(worked).toEqual(["reconcile myapps dev"]);
  });

  test("sets a wake-up for a key that failed, and its messages end", async () => {
    const { ports, wakeups } = fakePorts();
    const { loops, worked } = fakeLoops({ "reconcile myapps dev": new Error("throttled") });
    const answer = await functions(ports, loops).reconcile(batch("myapps/dev", "shop/dev"), plenty);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(worked).toContain("reconcile shop dev");
    expect(wakeups).toEqual([["myapps/dev", "2026-03-02T10:32:49.000Z"]]);
  });

  test("waits for people where only people can help", async () => {
    const { lines, ports, wakeups } = fakePorts();
    const stalled = new TerminalError("SourceInvalid", "docker-compose.yml:3:5 is wrong");
    const { loops } = fakeLoops({ "reconcile myapps dev": stalled });
    const answer = await functions(ports, loops).reconcile(batch("myapps/dev", "no key"), plenty);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(wakeups).toEqual([]);
    expect(lines.map(({ outcome, reason }) => [outcome, reason]).sort()).toEqual([
      ["stalled", "KeyUnknown"],
      ["stalled", "SourceInvalid"],
    ]);
  });

  test("gives back only the messages of a key that could not even be put off", async () => {
    const { ports } = fakePorts();
    const set = async () => {
      throw new Error("The scheduler is away");
    };
    const { loops } = fakeLoops({ "reconcile myapps dev": new Error("throttled") });
    const { reconcile } = functions({ ...ports, wakeups: { set } }, loops);
    const answer = await reconcile(batch("myapps/dev", "shop/dev", "myapps/dev"), plenty);
    expect(answer).toEqual({
      batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m2" }],
    });
  });

  test.for([
    [15_000, "made", []],
    [14_999, "refused", [["myapps/dev", "2026-03-02T10:32:49.000Z"]]],
  ] as const)("with %i ms left has its calls %s", async ([remaining, , expected]) => {
    const { ports, wakeups } = fakePorts();
    const loops = {
      ...fakeLoops().loops,
      reconcile: async (application: string, _: string, given: typeof ports) => {
        await given.registrations.read(application);
      },
    };
    await functions(ports, loops).reconcile(batch("myapps/dev"), contextWith(remaining));
    expect(wakeups).toEqual(expected);
  });
});

describe("a direct invoke", () => {
  const invoke = async (event: Event, environments: readonly string[] = ["dev"]) => {
    const world = fakePorts({
      registrations: [registration("myapps")],
      statuses: { myapps: { environments } },
    });
    const { reconcile } = functions(world.ports, fakeLoops().loops);
    return { answer: await reconcile(event, plenty), ...world };
  };

  test("writes the request and answers with its token", async () => {
    const { answer, asked } = await invoke(sample("direct-invoke"));
    expect(answer).toEqual({ token: "request-1" });
    expect(asked).toEqual([["myapps", "dev", "request-1"]]);
  });

  test("of an environment that nothing is known of yet is believed", async () => {
    const { asked } = await invoke({ application: "myapps", environment: "new" }, []);
    expect(asked).toHaveLength(1);
  });

  test.for([
    [{ application: "other", environment: "dev" }, "No application other is registered"],
    [{ application: "myapps", environment: "prod" }, "myapps has dev, no prod"],
    [{ application: "myapps", environment: "dev", force: true }, "and no more"],
    [{ application: "myapps" }, "and no more"],
    [{ application: "myapps", environment: "@images" }, "and no more"],
    [{ application: "../x", environment: "dev" }, "and no more"],
  ] as const)("of %j is refused", async ([event, message]) => {
    await expect(invoke(event)).rejects.toThrow(message);
  });
});
