import type { Operation } from "../../src/aws/call.ts";
import { failResource } from "../../src/sandbox/cloudformation/faults.ts";
import { type Random, random } from "../../src/sandbox/random.ts";
import { type Fate, type TestWorld, testWorld } from "../world/world.ts";
import { type Oracle, watch } from "./oracle.ts";

// One seed, one history: what people do, what goes wrong, and when, all follow from it.

export interface Run {
  readonly seed: number;
  /** What happened, in order, in words. */
  readonly history: readonly string[];
  /** What should not have been; empty: all is well. */
  readonly wrongs: readonly string[];
  readonly calls: readonly Operation[];
  /** Milliseconds that passed in the world. */
  readonly passed: number;
}

interface Stage {
  readonly scene: TestWorld;
  readonly random: Random;
  readonly oracle: Oracle;
  readonly history: string[];
  /** By the number of the call that they befall. */
  readonly fates: Map<number, Fate>;
  /** The share of events that are lost. */
  loss: number;
  /** The text of the service that was removed. */
  removed: Removed | undefined;
}

type Removed = readonly [service: string, queue: string, letters: string];

const errors = [
  "ThrottlingException",
  "ServiceUnavailable",
  "ExpiredTokenException",
  "TimeoutError",
];

/** Lives through one history, then lets it be calm, and looks at what has become of it. */
export async function live(seed: number): Promise<Run> {
  const stage = begin(seed);
  const { history, oracle, scene } = stage;
  const start = scene.world.now;
  await scene.pushExample();
  await scene.register();
  const events = 4 + Math.floor(stage.random.next() * 12);
  for (let count = 0; count < events; count += 1) {
    const happening = pick(happenings, stage.random);
    history.push(happening.name);
    await happening(stage);
  }
  await calmDown(stage);
  return {
    seed,
    history,
    wrongs: [...oracle.wrongs, ...(await oracle.judge())],
    calls: scene.calls,
    passed: scene.world.now - start,
  };
}

function begin(seed: number): Stage {
  const source = random(seed);
  const fates = new Map<number, Fate>();
  const stage: Pick<Stage, "loss" | "removed"> = { loss: 0, removed: undefined };
  // What installs the world is nobody's to judge.
  let oracle: Oracle | undefined;
  const scene = testWorld({
    seed,
    fate: (count, operation) => {
      oracle?.call(operation);
      return fates.get(count) ?? "lives";
    },
    deliver: () => (source.next() < stage.loss ? [] : [0]),
    onCall: (call) => oracle?.effect(call),
  });
  oracle = watch(scene);
  return Object.assign(stage, { scene, random: source, oracle, history: [], fates });
}

const pick = <T>(items: readonly T[], source: Random): T =>
  items[Math.floor(source.next() * items.length)] as T;

const upTo = (most: number, source: Random): number => Math.floor(source.next() * most);

/** Somebody edits the compose file and pushes; an edit that changes nothing is no push. */
async function edit({ scene, oracle }: Stage, change: (text: string) => string): Promise<void> {
  const text = await scene.read("docker-compose.yml");
  const edited = change(text);
  if (edited !== text) oracle.pushed(await scene.push({ "docker-compose.yml": edited }));
}

const missing = `blog-worker:1.9.9@sha256:${"0".repeat(64)}`;
const workerService = /\n {2}# Reads the queue[\s\S]*?(?=\nx-sqs)/;
const suspended = { Name: "/trueup/myapps/dev/suspended" };

const happenings: readonly ((stage: Stage) => Promise<void>)[] = [
  async function changesAQueue(stage) {
    const seconds = 30 + upTo(600, stage.random);
    await edit(stage, (text) =>
      text.replace(/VisibilityTimeout: \d+/, `VisibilityTimeout: ${seconds}`),
    );
  },
  async function changesAService(stage) {
    const value = upTo(1000, stage.random);
    await edit(stage, (text) =>
      text.replace(/DATE_URL: \S+/, `DATE_URL: http://app02.myapps.internal:8080/date?${value}`),
    );
  },
  async function breaksTheFile(stage) {
    await edit(stage, (text) => text.replace("replicas: 2", "replcas: 2"));
  },
  async function mendsTheFile(stage) {
    await edit(stage, mended);
  },
  async function namesAnImageThatIsNotThere(stage) {
    await edit(stage, (text) => text.replace(/blog-worker:1\S+/, missing));
  },
  async function pushesAnImage(stage) {
    const tag = `1.0.${1 + upTo(5, stage.random)}`;
    await stage.scene.pushImage("blog-app-02", tag).catch(() => undefined);
  },
  async function removesAService(stage) {
    await edit(stage, (text) => withoutWorker(text, stage));
  },
  async function bringsItBack(stage) {
    await edit(stage, (text) => withWorker(text, stage));
  },
  async function suspends({ oracle, scene }) {
    const Value = JSON.stringify({ reason: "a look" });
    await scene.ask("ssm:PutParameter", { ...suspended, Value, Type: "String", Overwrite: true });
    oracle.suspended(true);
  },
  async function resumes({ oracle, scene }) {
    await scene.ask("ssm:DeleteParameter", suspended).catch(() => undefined);
    oracle.suspended(false);
  },
  async function asks({ scene }) {
    const payload = { application: "myapps", environment: "dev" };
    await scene.driver.invoke("ReconcileFunction", payload);
  },
  async function waitsALittle(stage) {
    await wait(stage, 1000 + upTo(60_000, stage.random));
  },
  async function waitsLong(stage) {
    await wait(stage, 60_000 + upTo(3_600_000, stage.random));
  },
  async function losesEvents(stage) {
    stage.loss = stage.random.next();
  },
  async function goesWrong({ fates, random: source, scene }) {
    for (let count = 0; count < 5; count += 1) {
      const at = scene.calls.length + upTo(60, source);
      const when = source.next() < 0.5 ? "before" : "after";
      const error: Fate = { error: pick(errors, source), when };
      fates.set(at, source.next() < 0.3 ? `dies ${when}` : error);
    }
  },
  async function losesTheRecord({ scene }) {
    const Bucket = "trueup-123456789012-eu-west-1";
    await scene
      .ask("s3:DeleteObject", { Bucket, Key: "records/myapps/dev.json" })
      .catch(() => undefined);
  },
  async function failsToRollBack({ scene: { world } }) {
    const context = { world, account: "123456789012", region: "eu-west-1", principal: "" };
    failResource(context, {
      type: "AWS::ECS::Service",
      on: "rollback",
      reason: "Stuck.",
      times: 1,
    });
  },
];

const wait = ({ scene }: Stage, milliseconds: number): Promise<boolean> =>
  scene.driver.settle({ at: scene.world.now + milliseconds });

const mended = (text: string): string => text.replace("replcas: 2", "replicas: 2");

function withoutWorker(text: string, stage: Stage): string {
  const [service] = workerService.exec(text) ?? [];
  const [queue] = /\n {6}worker: \{ Access: RWMessages \}\n(?= {2}jobs-dead)/.exec(text) ?? [];
  const [letters] = /\n {4}Services:\n {6}worker: .*\n(?=\nx-elbv2)/.exec(text) ?? [];
  if (service === undefined || queue === undefined || letters === undefined) return text;
  stage.removed = [service, queue, letters];
  return text.replace(service, "").replace(queue, "\n").replace(letters, "\n");
}

function withWorker(text: string, { removed }: Stage): string {
  if (removed === undefined || workerService.test(text)) return text;
  const [service, queue, letters] = removed;
  return text
    .replace(/\n\nx-sqs/, () => `\n${service}\nx-sqs`)
    .replace(/\n(?= {2}jobs-dead)/, () => queue)
    .replace(/\n(?=\nx-elbv2)/, () => letters);
}

/** Nothing goes wrong any more, and what people ask for is sound. */
async function calmDown(stage: Stage): Promise<void> {
  const { fates, history, oracle, scene } = stage;
  history.push("calm");
  fates.clear();
  stage.loss = 0;
  await scene.ask("ssm:DeleteParameter", suspended).catch(() => undefined);
  oracle.suspended(false);
  await edit(stage, (text) => {
    const good = mended(text).replace(missing, "blog-worker:1.0.0");
    // Whatever it was, it is one more revision: what failed before may be tried again.
    return `${good}\n# calm\n`;
  });
  await wait(stage, 14_400_000);
  await scene.settle();
}
