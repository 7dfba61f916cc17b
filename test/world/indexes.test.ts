import { beforeEach, expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

// A table whose indexes come and go: DynamoDB does one at a time.

let scene: TestWorld;
let whole = "";

const index = (name: string, key = name) =>
  `{ IndexName: by-${name}, KeySchema: [{ AttributeName: ${key}, KeyType: HASH }], Projection: { ProjectionType: ALL }, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }`;

const table = (indexes: readonly string[], keys: readonly string[], scaled = "") => `
x-dynamodb:
  orders:
    Properties:
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      AttributeDefinitions: [${["id", ...keys].map((name) => `{ AttributeName: ${name}, AttributeType: S }`).join(", ")}]
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }
${indexes.length === 0 ? "" : `      GlobalSecondaryIndexes: [${indexes.join(", ")}]\n`}${scaled}    Services: { worker: { Access: RW } }
`;

const scaledBy = (name: string) =>
  `    Scaling: { Indexes: { by-${name}: { ReadCapacityUnits: { MinCapacity: 1, MaxCapacity: 5, TargetValue: 70 } } } }\n`;

/** How many times stacks are updated until all is as the file says. */
async function updates(text: string): Promise<number> {
  const before = scene.mutations().length;
  await scene.push({ "docker-compose.yml": `${whole}${text}` });
  await scene.settle();
  const { conditions } = await scene.status();
  expect(conditions.map(({ reason }) => reason)).toContain("Deployed");
  const made = scene.mutations().slice(before);
  expect(made).not.toContain("cloudformation:CancelUpdateStack");
  return made.filter((one) => one === "cloudformation:ExecuteChangeSet").length;
}

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  whole = await scene.read("docker-compose.yml");
  await scene.register();
  await updates(table([], []));
});

test("several come by one update each, with what scales them, and go so", async () => {
  const names = ["a", "b", "c"];
  const all = names.map((name) => index(name));
  expect(await updates(table(all, names, scaledBy("c")))).toBe(3);
  expect(await updates(`${table(all, names, scaledBy("c"))}# as it is\n`)).toBe(0);
  expect(await updates(table([], []))).toBe(3);
});

test("one is one update, and one that has another key goes before it comes", async () => {
  expect(await updates(table([index("a")], ["a"]))).toBe(1);
  expect(await updates(table([index("a", "b")], ["b"]))).toBe(2);
  expect(await updates(table([index("c")], ["c"]))).toBe(2);
});
