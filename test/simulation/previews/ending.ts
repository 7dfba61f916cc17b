import type { Arena } from "../arena.ts";
import { liveStacks, saidIn } from "../oracle/seen.ts";
import { account, region } from "../shop.ts";
import type { Stage } from "./events.ts";
import { type Branch, branches, isMeant, type Lane } from "./lanes.ts";
import { instanceOf, unitOf } from "./watch.ts";

/** Each branch that is meant runs what it asks for, and nothing is left of those that are gone. */
export function wrongsAtTheEnd({ arena, watch: { courses } }: Stage): readonly string[] {
  const leaks = arena.log.filter((line) => line.startsWith("leak "));
  return [
    ...branches.flatMap((branch) => {
      const lane = courses.get(branch)?.lane;
      if (lane === undefined) return leftBehind(branch, arena);
      return isMeant(branch, "feature/*") && !lane.breaks ? notThere(branch, lane, arena) : [];
    }),
    ...leaks.map((leak) => `E5 ${leak}`),
  ];
}

const stacksOf = (branch: Branch, { world }: Arena) =>
  liveStacks(world)
    .flatMap((stack) => {
      const unit = unitOf(stack.name, branch);
      return unit === undefined ? [] : [{ stack, unit }];
    })
    .toSorted((a, b) => (a.unit < b.unit ? -1 : 1));

function notThere(branch: Branch, { note, worker }: Lane, arena: Arena): readonly string[] {
  const stacks = stacksOf(branch, arena);
  const units = stacks.map(({ unit }) => unit).join();
  const wanted = ["base", "s-web", ...(worker ? ["s-worker"] : [])].join();
  const web = stacks.find(({ unit }) => unit === "s-web")?.stack.configuration;
  const runs = web === undefined ? "nothing" : saidIn(web.template).notes.join();
  const state = stateOf(branch, arena);
  return [
    ...(units === wanted ? [] : [`E2 ${branch} has ${units}, and wants ${wanted}`]),
    ...(runs === note ? [] : [`E3 ${branch} runs ${runs}, and wants ${note}`]),
    ...(state === "Deployed" ? [] : [`E4 ${branch} is said to be ${state}`]),
  ];
}

function leftBehind(branch: Branch, arena: Arena): readonly string[] {
  const stacks = stacksOf(branch, arena).map(({ stack }) => stack.name);
  const state = stateOf(branch, arena);
  const left = [
    ...stacks,
    ...keysOf(branch, arena),
    ...(state === undefined ? [] : [`in the status as ${state}`]),
  ];
  return left.map((one) => `E6 ${branch} is gone, and leaves ${one}`);
}

/** How the environment says that an instance stands; undefined: it does not name it. */
function stateOf(branch: Branch, { ask }: Arena): string | undefined {
  const { Parameter } = ask("ssm:GetParameter", { Name: "/trueup/lanes/preview/status" }) as {
    readonly Parameter: { readonly Value: string };
  };
  const { instances = [] } = JSON.parse(Parameter.Value) as {
    readonly instances?: readonly { readonly name: string; readonly state: string }[];
  };
  return instances.find(({ name }) => name === instanceOf(branch))?.state;
}

/** Parameters and objects that are called after an instance. */
function keysOf(branch: Branch, { ask }: Arena): readonly string[] {
  const { Parameters } = ask("ssm:GetParametersByPath", {
    Path: "/trueup/lanes",
    Recursive: true,
  }) as { readonly Parameters: readonly { readonly Name: string }[] };
  const { Contents = [] } = ask("s3:ListObjectsV2", {
    Bucket: `trueup-${account}-${region}`,
    Prefix: "records/",
  }) as { readonly Contents?: readonly { readonly Key: string }[] };
  return [...Parameters.map(({ Name }) => Name), ...Contents.map(({ Key }) => Key)].filter((name) =>
    name.includes(instanceOf(branch)),
  );
}
