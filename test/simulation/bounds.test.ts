import { expect, test } from "vitest";
import { kindOf, type Operation } from "../../src/aws/call.ts";
import { random } from "../../src/sandbox/random.ts";
import type { BusEvent } from "../../src/sandbox/world.ts";
import { type Arena, type ArenaOptions, openArena } from "./arena.ts";
import { deployed, push, tipOf } from "./installed.ts";
import { account, composeOf, firstImage, firstShop, region, trueupYamlOf } from "./shop.ts";
import { isFromMemory } from "./turnstile.ts";

// How long things take when something is in the way, beside how long they take when nothing is.

const changed = { ...firstShop, note: "b", timeout: 90 };
const sweepPeriod = 600;

const open = async (options: Partial<ArenaOptions> = {}): Promise<Arena> =>
  openArena({ seed: 1, from: await deployed(), ...options });

/** Seconds from now until the tip is deployed and says so; undefined: it is not within so many. */
async function secondsUntilDeployed(arena: Arena, most: number): Promise<number | undefined> {
  const began = arena.world.now;
  for (let passed = 0; passed <= most; passed += 5) {
    await arena.driver.settle({ at: began + passed * 1000 });
    if (deployedIn(arena) === tipOf(arena)) return passed;
  }
  return undefined;
}

function deployedIn({ ask }: Arena): string | undefined {
  const { Parameter } = ask("ssm:GetParameter", { Name: "/trueup/shop/dev/status" }) as {
    readonly Parameter: { readonly Value: string };
  };
  return JSON.parse(Parameter.Value).revision.deployed;
}

const calmly = async (): Promise<number> => {
  const arena = await open();
  push(arena, changed);
  return (await secondsUntilDeployed(arena, 3600)) ?? Number.POSITIVE_INFINITY;
};

test("L3: the sweep makes good for an event that was lost, within one period", async () => {
  const lost = ({ source }: BusEvent) => (source === "aws.codecommit" ? [] : [0]);
  const arena = await open({ deliver: lost });
  push(arena, changed);
  const seconds = await secondsUntilDeployed(arena, 3600);
  expect(seconds).toBeLessThanOrEqual(sweepPeriod + (await calmly()));
});

/** Another application in the same account: its first deployment never becomes stable. */
function neighbour(arena: Arena, compose: string): void {
  const { ask } = arena;
  ask("codecommit:CreateRepository", { repositoryName: "mill" });
  const files = {
    "docker-compose.yml": compose,
    "trueup.yaml": trueupYamlOf(firstShop).replace("application: shop", "application: mill"),
  };
  ask("codecommit:CreateCommit", {
    repositoryName: "mill",
    branchName: "main",
    putFiles: Object.entries(files).map(([filePath, text]) => ({
      filePath,
      fileContent: new TextEncoder().encode(text),
    })),
  });
  const ceiling = { accounts: [account], regions: [region], roles: [] };
  ask("ssm:PutParameter", {
    Name: "/trueup/mill/registration",
    Type: "String",
    Value: JSON.stringify({
      repository: "mill",
      branch: "main",
      file: "trueup.yaml",
      environments: { "*": ceiling },
      ssm: [],
    }),
  });
}

test.for([
  ["never becomes stable", composeOf({ ...firstShop, image: "missing" }, firstImage)],
  ["cannot be read", composeOf({ ...firstShop, file: "broken" }, firstImage)],
  ["is no YAML", "services: ["],
] as const)("L7: a neighbour that %s holds nobody up", async ([, compose]) => {
  const arena = await open();
  neighbour(arena, compose);
  await arena.driver.settle({ at: arena.world.now + 300_000 });
  expect(arena.ask("ssm:GetParameters", { Names: ["/trueup/mill/dev/status"] })).toMatchObject({
    Parameters: [{ Value: expect.stringMatching(/"revision"/) }],
  });
  push(arena, changed);
  const seconds = await secondsUntilDeployed(arena, 3600);
  expect(seconds).toBeLessThanOrEqual(1.2 * (await calmly()));
});

/** Half of what goes over the wire is throttled: a read is tried three times there, a write once. */
function storm(seed: number): NonNullable<ArenaOptions["fate"]> {
  const source = random(seed);
  const share = (operation: Operation) => (kindOf(operation) === "read" ? 0.5 ** 3 : 0.5);
  return (_, operation) =>
    !isFromMemory(operation) && source.next() < share(operation)
      ? { error: "ThrottlingException", when: "before" }
      : "lives";
}

/** The most calls that are made within ten minutes, over so many hours. */
async function busiest(arena: Arena, hours: number): Promise<number> {
  let most = 0;
  for (let passed = 0; passed < hours * 6; passed += 1) {
    const before = arena.calls.length;
    await arena.driver.settle({ at: arena.world.now + 600_000 });
    most = Math.max(most, arena.calls.length - before);
  }
  return most;
}

test.for([1, 2, 3])(
  "L9: half of all calls throttled, it goes on, and asks no more than twice as often (%i)",
  { timeout: 600_000 },
  async (seed) => {
    const hours = 36;
    const calm = await open();
    push(calm, changed);
    const arena = await open({ fate: storm(seed) });
    push(arena, changed);
    expect(await busiest(arena, hours)).toBeLessThanOrEqual(2 * (await busiest(calm, 1)));
    expect(deployedIn(arena)).toBe(tipOf(arena));
  },
);
