import type { SQSEvent } from "aws-lambda";
import { expect, test } from "vitest";
import { installationFrom } from "../../src/aws/installation.ts";
import { awsPorts } from "../../src/aws/ports.ts";
import { functions } from "../../src/functions.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { recorder } from "../aws/recorder.ts";
import { contextWith, fakeLoops } from "./fakes.ts";

const target = { account: "123456789012", region: "eu-west-1" };

/** What asks nobody outside, or is for something else than a pass. */
const inside: ReadonlySet<string> = new Set(["clock", "log", "snapshot"]);

/** What has begun is ended: a message that was claimed nobody else would send. */
const endings = ["notices.publish", "notices.put", "notices.withdraw"];

/** What a port can be asked, each by its name. */
function questionsOf(name: string, port: unknown): readonly (readonly [string, () => unknown])[] {
  if (name === "home") return [[name, port as () => unknown]];
  const opened = typeof port === "function" ? port(target, "session") : port;
  return Object.entries(opened as Record<string, () => unknown>).map(
    ([method, ask]) => [`${name}.${method}`, ask] as const,
  );
}

test("with no time left nothing is asked of anybody, by whatever port", async () => {
  const { caller, requests } = recorder({});
  const answers: (readonly [string, string])[] = [];
  const ask = async (ports: Ports): Promise<void> => {
    for (const [name, port] of Object.entries(ports)) {
      if (inside.has(name)) continue;
      for (const [question, asked] of questionsOf(name, port)) {
        const error = await (async () => asked())().then(
          () => "answered",
          (refusal: unknown) => String(refusal),
        );
        answers.push([question, error]);
      }
    }
  };
  const loops = {
    ...fakeLoops().loops,
    reconcile: (_: string, __: string, given: Ports) => ask(given),
  };
  const ports = awsPorts(caller, installationFrom({ AWS_REGION: "eu-west-1" }), () => undefined);
  const { reconcile } = functions(ports, loops);
  const batch = { Records: [{ body: "myapps/dev", messageId: "m" }] } as SQSEvent;
  await reconcile(batch, contextWith(14_999));
  const made = answers.filter(([, error]) => !error.includes("no time left"));
  expect(answers.length).toBeGreaterThan(60);
  expect(made.map(([question]) => question).sort()).toEqual(endings);
  expect(requests.map(({ operation }) => operation)).toEqual(["events:PutEvents"]);
});
