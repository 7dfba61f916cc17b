import { testWorld } from "../../test/world/world.ts";

// `swept N`: prints what a look of the sweep takes at one of N environments that have not changed,
// each of three services in four stacks, in a network that is looked up, against the sandbox in this
// process. Nobody looks for drift, which is once a day and no part of a look.

const subnet = (tier: string, number: number) => ({
  Type: "AWS::EC2::Subnet",
  Properties: {
    VpcId: { Ref: "Vpc" },
    CidrBlock: `10.0.${number}.0/24`,
    Tags: [{ Key: "tier", Value: tier }],
  },
});

/** What another team made, and by which tags it is found. */
const network = {
  Resources: {
    Vpc: {
      Type: "AWS::EC2::VPC",
      Properties: { CidrBlock: "10.0.0.0/16", Tags: [{ Key: "net", Value: "shared" }] },
    },
    App: subnet("app", 1),
    Public: subnet("public", 2),
    Storage: subnet("storage", 3),
  },
};
const lookup = `x-vpc:
  Lookup:
    VpcId: { Tags: { net: shared } }
    AppSubnets: { Tags: { tier: app } }
    PublicSubnets: { Tags: { tier: public } }
    StorageSubnets: { Tags: { tier: storage } }
`;

const [count = "100"] = process.argv.slice(2);
const scene = testWorld();
const TemplateBody = JSON.stringify(network);
await scene.ask("cloudformation:CreateStack", { StackName: "network", TemplateBody });
await scene.pushExample();
const compose = await scene.read("docker-compose.yml");
const environments = Array.from(
  { length: Number(count) },
  (_, index) =>
    `  e${index}: { on: { branch: main }, selfHeal: off, variables: { ZONE: e${index} } }\n`,
);
const settings = `application: myapps\ncompose: [docker-compose.yml]\nenvironments:\n`;
await scene.push({
  "docker-compose.yml": `${compose.replace(/^x-vpc:\n(?: .*\n)*/m, "")}${lookup}`.replaceAll(
    "myapps.internal",
    "$ZONE.internal",
  ),
  "trueup.yaml": `${settings}${environments.join("")}`,
});
await scene.register();
await scene.settle();
await hours(1);

const began = performance.now();
const [before, calls] = [process.cpuUsage(), scene.calls.length];
await hours(4);
const { system, user } = process.cpuUsage(before);
const made = scene.calls.slice(calls);
if (made.includes("sqs:SendMessageBatch")) {
  throw new Error("Something was queued though nothing had changed.");
}
const looks = Number(count) * 4 * 6;
const peakMiB = process.resourceUsage().maxRSS / 1024;
const wallMs = (performance.now() - began) / looks;
process.stdout.write(JSON.stringify({ cpuMs: (system + user) / 1000 / looks, wallMs, peakMiB }));

function hours(length: number): Promise<boolean> {
  return scene.driver.settle({ at: scene.world.now + length * 3_600_000 });
}
