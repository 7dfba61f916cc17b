import { testWorld } from "../../test/world/world.ts";

// `swept N`: prints what a look of the sweep takes at one of N environments that have not changed,
// each of three services in four stacks, against the sandbox in this process. Nobody looks for drift,
// which is once a day and no part of a look.

const [count = "100"] = process.argv.slice(2);
const scene = testWorld();
await scene.pushExample();
const environments = Array.from(
  { length: Number(count) },
  (_, index) => `  e${index}: { on: { branch: main }, compose: [envs/dev.yml], selfHeal: off }\n`,
);
const settings = `application: myapps\ncompose: [docker-compose.yml]\nenvironments:\n`;
await scene.push({ "trueup.yaml": `${settings}${environments.join("")}` });
await scene.register();
await scene.settle();
await hours(1);

const began = performance.now();
const [before, calls] = [process.cpuUsage(), scene.calls.length];
await hours(4);
const { system, user } = process.cpuUsage(before);
if (scene.calls.slice(calls).includes("sqs:SendMessageBatch")) {
  throw new Error("Something was queued though nothing had changed.");
}
const looks = Number(count) * 4 * 6;
const peakMiB = process.resourceUsage().maxRSS / 1024;
const wallMs = (performance.now() - began) / looks;
process.stdout.write(JSON.stringify({ cpuMs: (system + user) / 1000 / looks, wallMs, peakMiB }));

function hours(length: number): Promise<boolean> {
  return scene.driver.settle({ at: scene.world.now + length * 3_600_000 });
}
