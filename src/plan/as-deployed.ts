import { stackDigest, stamped, stampOutput } from "../link/digests.ts";
import { apart, outputNamed } from "../link/packs.ts";
import type { Bundle, DesiredStack, Target } from "../model/bundle.ts";
import type { ObservedStack } from "../model/observed.ts";
import type { Template } from "../model/template.ts";
import type { Comparison } from "./comparison.ts";
import { unitsOf } from "./units.ts";

/**
 * What would be observed of an environment to which a bundle was deployed, as far as a plan goes by
 * it. Each output has a value that no other has. Who deploys, and where, is not looked at.
 */
export function asDeployed(base: Bundle, bundle: Bundle): Comparison["observed"] {
  const stacks = new Map<string, ObservedStack>();
  for (const stack of base.stacks) stacks.set(stack.unit, deployed(stack, bundle.target, stacks));
  const wanted = new Set(bundle.stacks.map(({ unit }) => unit));
  // Families before what they share, as anything goes.
  const leaving = [...stacks]
    .filter(([unit]) => !wanted.has(unit))
    .map(([unit, stack]) => ({ unit, stack }))
    .reverse();
  // Stryker disable next-line BooleanLiteral: where all have moved there is nothing left to take away
  const laid = { bundle, stacks, touched: new Map(), again: new Map(), isRunning: false };
  const firstLook = unitsOf({ ...laid, templates: new Map() });
  const changing = [
    ...firstLook.filter(({ applied }) => applied?.deployed !== true).map(({ goal }) => goal.unit),
    ...leaving.map(({ unit }) => unit),
  ];
  const templates = new Map(
    changing.flatMap((unit): readonly (readonly [string, Template])[] => {
      const template = stacks.get(unit)?.template;
      return template === undefined ? [] : [[unit, template]];
    }),
  );
  return {
    ...nothingElse,
    units: unitsOf({ ...laid, templates }),
    leaving,
    templates,
  };
}

const nothingElse = {
  changeSets: new Map(),
  detections: {},
  drifts: new Map(),
  foreign: new Map(),
  ids: new Map(),
  underWay: new Map(),
};

function deployed(
  stack: DesiredStack,
  target: Target,
  before: ReadonlyMap<string, ObservedStack>,
): ObservedStack {
  const parameters = Object.fromEntries(
    Object.entries(stack.parameters).map(([name, value]) => {
      if (typeof value === "string") return [name, value];
      const [provider, output] = value.output;
      return [name, outputNamed(before.get(provider)?.outputs ?? {}, output) ?? ""];
    }),
  );
  const digest = stackDigest(stack, parameters, target);
  const names = [...apart(stack.template.Outputs).keys()];
  const outputs = names.map((name) => [name, `${stack.unit}.${name}`]);
  return {
    name: stack.name,
    id: stack.name,
    status: "UPDATE_COMPLETE",
    reason: undefined,
    outputs: { ...Object.fromEntries(outputs), [stampOutput]: digest },
    parameters,
    tags: stack.tags,
    changeSetId: undefined,
    // Stryker disable next-line StringLiteral: it would name a change set, and none is made
    lastUpdated: "",
    template: stamped(stack, digest),
  };
}
