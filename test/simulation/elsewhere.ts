import { readFileSync } from "node:fs";
import { answerOf } from "../../src/sandbox/in-process.ts";
import { install } from "../../src/sandbox/install.ts";
import { type Arena, openArena, type Saved } from "./arena.ts";
import { platform, push, register, registered, template } from "./installed.ts";
import { account, elsewhere, firstShop, region } from "./shop.ts";

// The shop in another account and region, through the roles that `infra/` makes there.

/** Names of starts end so. */
export const isElsewhere = (start: string): boolean => start.endsWith(" elsewhere");

let made: ReadonlyMap<string, Saved> | undefined;

/** `registered elsewhere` and `deployed elsewhere`. */
export async function startsElsewhere(): Promise<ReadonlyMap<string, Saved>> {
  if (made !== undefined) return made;
  const arena = openArena({ seed: 1, from: await registered(), deliver: () => [] });
  await setUpElsewhere(arena, ["web", "worker"]);
  register(arena);
  push(arena, { ...firstShop, elsewhere: true });
  const begun = arena.save();
  const deployed = openArena({ seed: 1, from: begun });
  for (const body of ["shop/@images", "shop/dev"]) {
    await deployed.invoke("reconcile", { Records: [{ messageId: "1", body }] });
  }
  await deployed.driver.settle({ idle: true, limitMs: 86_400_000 });
  made = new Map([
    ["registered elsewhere", begun],
    ["deployed elsewhere", deployed.save()],
  ]);
  return made;
}

/** The roles, the way back of events, and a platform there; the images of home may be used. */
export async function setUpElsewhere(arena: Arena, repositories: readonly string[]): Promise<void> {
  const { ask, driver, world } = arena;
  install(world, template, { parameters: { TargetAccounts: elsewhere.account } });
  const root = { ...elsewhere, arn: `arn:aws:iam::${elsewhere.account}:root` };
  const make = (StackName: string, TemplateBody: string, given: Readonly<Record<string, string>>) =>
    answerOf(world, root, "cloudformation:CreateStack", {
      StackName,
      TemplateBody,
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      Parameters: Object.entries(given).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    });
  const own = { ControllerAccount: account };
  make("access", textOf("target-roles"), { ...own, ExternalId: "shop" });
  make("forward", textOf("forward"), { ...own, ControllerRegion: region });
  make("platform", platform, {});
  const everybody = {
    Statement: [{ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" }],
  };
  for (const repositoryName of repositories) {
    ask("ecr:SetRepositoryPolicy", { repositoryName, policyText: JSON.stringify(everybody) });
  }
  // Before the first sweep: nothing is to be deployed at home.
  await driver.settle({ at: world.now + 540_000 });
}

const textOf = (name: string): string =>
  readFileSync(new URL(`../../infra/${name}.yaml`, import.meta.url), "utf8");
