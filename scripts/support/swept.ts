import { globSync, readFileSync } from "node:fs";
import { exampleDirectory, seedImages } from "../../src/cli/seed.ts";
import { setQuota } from "../../src/sandbox/service-quotas.ts";
import { testWorld } from "../../test/world/world.ts";

// `swept N`: prints what a look of the sweep takes at one of N environments that have not changed,
// four to an application, each of three services in four stacks, in a network that is looked up,
// against the sandbox in this process. Nobody looks for drift, which is once a day and no part of a
// look.

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
const perApplication = 4;
const began0 = performance.now();
const scene = testWorld();
const place = { world: scene.world, account: "123456789012", region: "eu-west-1" };
const TemplateBody = JSON.stringify(network);
await scene.ask("cloudformation:CreateStack", { StackName: "network", TemplateBody });
seedImages(scene);
setQuota(place, "cloudformation L-0485CB21", Number(count) * 5);
const compose = readFileSync(`${exampleDirectory}docker-compose.yml`, "utf8")
  .replace(/^x-vpc:\n(?: .*\n)*/m, "")
  .replaceAll("myapps.internal", "$ZONE.internal");
const rules = (await scene.ask("events:ListRules", {})) as any;
const sweep = rules.Rules.filter((r: any) => r.ScheduleExpression !== undefined).map((r: any) => r.Name);
for (const Name of sweep) await scene.ask("events:DisableRule", { Name });
const files = (name: string) => ({
  "docker-compose.yml": `${compose}${lookup}`,
  "trueup.yaml": `application: ${name}\ncompose: [docker-compose.yml]\nenvironments:\n${Array.from(
    { length: perApplication },
    (_, index) =>
      `  e${index}: { on: { branch: main }, selfHeal: off, variables: { ZONE: ${name}-e${index} } }\n`,
  ).join("")}`,
});
const applications = Math.ceil(Number(count) / perApplication);
for (let index = 0; index < applications; index += 1) {
  const name = `a${index}`;
  await scene.ask("codecommit:CreateRepository", { repositoryName: name });
  await scene.ask("codecommit:CreateCommit", {
    repositoryName: name,
    branchName: "main",
    commitMessage: "Begin",
    putFiles: Object.entries(files(name)).map(([filePath, text]) => ({ filePath, fileContent: new TextEncoder().encode(text) })),
  });
  const ceiling = { accounts: ["123456789012"], regions: ["eu-west-1"], roles: [] };
  const Value = JSON.stringify({ repository: name, branch: "main", file: "trueup.yaml", environments: { "*": ceiling }, ssm: [] });
  await scene.ask("ssm:PutParameter", { Name: `/trueup/${name}/registration`, Value, Type: "String" });
  if (index % 5 === 4 || index === applications - 1) await scene.settle();
  if (index % 50 === 49) console.error(index, performance.now() - began0, process.memoryUsage().rss / 2 ** 20);
}
console.error("set up", performance.now() - began0, process.memoryUsage().rss / 2 ** 20, scene.calls.length);
for (const Name of sweep) await scene.ask("events:EnableRule", { Name });
await hours(1);
console.error("rest", performance.now() - began0, process.memoryUsage().rss / 2 ** 20);

const began = performance.now();
const [before, calls] = [process.cpuUsage(), scene.calls.length];
await hours(1);
const { system, user } = process.cpuUsage(before);
const made = scene.calls.slice(calls);
if (made.includes("sqs:SendMessageBatch")) {
  throw new Error("Something was queued though nothing had changed.");
}
const looks = Number(count) * 6;
const c: any = {}; for (const o of made) c[o] = (c[o] ?? 0) + 1; console.error(c, looks);
const peakMiB = process.resourceUsage().maxRSS / 1024;
const wallMs = (performance.now() - began) / looks;
process.stdout.write(JSON.stringify({ cpuMs: (system + user) / 1000 / looks, wallMs, peakMiB }));

function hours(length: number): Promise<boolean> {
  return scene.driver.settle({ at: scene.world.now + length * 3_600_000 });
}
