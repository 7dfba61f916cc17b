import { setQuota } from "../../src/sandbox/service-quotas.ts";
import type { BusEvent } from "../../src/sandbox/world.ts";
import { testWorld } from "../../test/world/world.ts";

// `throttled N`: prints how long N environments of four stacks take to be made while CloudFormation
// lets ten operations run at once, beside the least that such a CloudFormation could take, in
// seconds of the sandbox's clock; and how many calls it refused.

const width = 10;
const [count = "25"] = process.argv.slice(2);

interface Detail {
  readonly "stack-id": string;
  readonly "status-details": { readonly status: string };
}

const began = new Map<string, number>();
let refused = 0;
let first = Number.NaN;
let last = Number.NaN;
let worked = 0;

const scene = testWorld({
  fate: (_, operation) => {
    if (operation !== "cloudformation:ExecuteChangeSet" || began.size < width) return "lives";
    refused += 1;
    return { error: "ThrottlingException", when: "before" };
  },
  onEvent: (event) => {
    if (event["detail-type"] === "CloudFormation Stack Status Change") note(event);
  },
});

function note({ detail }: BusEvent): void {
  const {
    "stack-id": id,
    "status-details": { status },
  } = detail as Detail;
  const { now } = scene.world;
  if (status.endsWith("_IN_PROGRESS") && status !== "REVIEW_IN_PROGRESS") {
    if (Number.isNaN(first)) first = now;
    if (!began.has(id)) began.set(id, now);
    return;
  }
  const since = began.get(id);
  if (since === undefined) return;
  began.delete(id);
  worked += now - since;
  last = now;
}

// Each environment has a VPC, of which an account has five by itself.
const place = { world: scene.world, account: "123456789012", region: "eu-west-1" };
setQuota(place, "vpc L-F678F1CE", Number(count));
await scene.pushExample();
const environments = Array.from(
  { length: Number(count) },
  (_, index) => `  e${index}: { on: { branch: main }, compose: [envs/dev.yml] }\n`,
);
const settings = `application: myapps\ncompose: [docker-compose.yml]\nenvironments:\n`;
await scene.push({ "trueup.yaml": `${settings}${environments.join("")}` });
await scene.register();
await scene.settle();
const stalled = await stalledOnes();
const least = worked / width / 1000;
const taken = (last - first) / 1000;
process.stdout.write(JSON.stringify({ taken, least, refused, stalled }));

/** Those that gave up: throttling is no reason to. */
async function stalledOnes(): Promise<number> {
  const states = await Promise.all(
    environments.map(async (_, index) => {
      const name = `/trueup/myapps/e${index}/status`;
      const answer = (await scene.ask("ssm:GetParameter", { Name: name })) as {
        readonly Parameter: { readonly Value: string };
      };
      const { conditions } = JSON.parse(answer.Parameter.Value) as {
        readonly conditions: readonly { readonly type: string; readonly status: string }[];
      };
      return conditions.some(({ status, type }) => type === "Ready" && status === "True");
    }),
  );
  return states.filter((isReady) => !isReady).length;
}
