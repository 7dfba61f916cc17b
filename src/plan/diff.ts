import type { DesiredStack, Origin } from "../model/bundle.ts";
import { canonicalJson } from "../model/digest.ts";
import type { Change, Fate } from "../model/plan.ts";
import type { Template } from "../model/template.ts";
import {
  type Certainty,
  type Difference,
  differences,
  type Question,
  surer,
} from "./diff-compare.ts";
import { evaluated, type Parameters } from "./diff-values.ts";
import { isFixed, type Replacement, replacementBy } from "./replacement.ts";
import { badness, riskOf, worse } from "./risk.ts";

/** A stack as it is deployed: its template as submitted, and what its parameters were given. */
export interface Deployed {
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  /** The stack's; undefined: not told, and taken for those it should have. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What asked for its resources, where that is remembered: the cause of those that go. */
  readonly origins?: Origins;
}

type Origins = Readonly<Record<string, Origin>>;

/**
 * What a roll-out of one stack would change, resource by resource. A parameter whose value only a
 * deployment will tell makes what it feeds *perhaps* different. `TrueupDigest`, other outputs,
 * metadata and the order of creation change no resource.
 */
export const diff = (
  stack: DesiredStack,
  parameters: Parameters,
  deployed: Deployed | undefined,
): readonly Change[] => changes(stack, parameters, deployed, settled);

/**
 * The same as a change set may tell it, exaggerations included: to CloudFormation, whatever is
 * asked of a resource that is updated in place can come out different, its ARN too.
 */
export const foreseen = (
  stack: DesiredStack,
  parameters: Parameters,
  deployed: Deployed | undefined,
): readonly Change[] => changes(stack, parameters, deployed, exaggerated);

/** What goes when a whole stack goes. */
export const removal = (
  stack: string,
  { Resources }: Template,
  origins: Origins = {},
): readonly Change[] =>
  Object.entries(Resources).map(([id, resource]) => ({
    stack,
    logicalId: id,
    type: resource.Type,
    action: "remove",
    risk: riskOf("remove", resource),
    property: "",
    cause: origins[id],
  }));

/** Whether what is asked of a stack's resources comes out different after the roll-out. */
export const answers = (
  stack: DesiredStack,
  parameters: Parameters,
  deployed: Deployed,
): ((question: Question) => Certainty) => {
  const comparison = compared(stack, parameters, deployed);
  return answerer(comparison.comparisons, effectsOf(comparison, settled), settled);
};

/** Whether what is asked of a resource (no attribute: its Ref) comes out different, given its fate. */
type Outlook = (fate: Fate, type: string, attribute: string | undefined) => Certainty;

const settled: Outlook = (fate, type, attribute) => {
  const fixed = attribute === undefined || isFixed(type, attribute);
  if (fate === "same" || (fate === "update" && fixed)) return "no";
  return fate === "replace" && fixed ? "yes" : "perhaps";
};

const exaggerated: Outlook = (fate) => (fate === "same" ? "no" : "yes");

function changes(
  stack: DesiredStack,
  parameters: Parameters,
  deployed: Deployed | undefined,
  outlook: Outlook,
): readonly Change[] {
  const after = new Map(Object.entries(stack.template.Resources));
  const before = new Map(Object.entries(deployed?.template.Resources ?? {}));
  const effects =
    deployed === undefined
      ? new Map<string, Effect>()
      : effectsOf(compared(stack, parameters, deployed), outlook);

  const kept = [...after].flatMap(([logicalId, resource]): readonly Change[] => {
    const cause = stack.origins[logicalId];
    const common = { stack: stack.name, logicalId, type: resource.Type, cause };
    const old = before.get(logicalId);
    if (old === undefined) return [{ ...common, action: "add", risk: "none", property: "" }];
    const { fate, place, properties } = effects.get(logicalId) ?? unaffected;
    if (fate === "same") return [];
    const action = fate === "replace" ? "replace" : "modify";
    const property = properties.join(", ");
    const line = stack.originOf?.(logicalId, place) ?? cause;
    return [{ ...common, action, risk: riskOf(fate, old), property, cause: line }];
  });
  const gone = [...before].filter(([logicalId]) => !after.has(logicalId));
  const rest = { ...stack.template, Resources: Object.fromEntries(gone) };
  return [...kept, ...removal(stack.name, rest, deployed?.origins)];
}

/** One resource that was there and will be: what is different about it before others are looked at. */
interface Comparison {
  readonly type: string;
  readonly retyped: boolean;
  readonly aside: readonly string[];
  readonly differences: readonly Difference[];
}

/** Once for all that is asked of it, and for passes that follow while nothing else is so. */
function compared(stack: DesiredStack, parameters: Parameters, deployed: Deployed): Compared {
  const { tags, template } = stack;
  const given = JSON.stringify([tags, parameters, deployed.tags, deployed.parameters]);
  const last = comparedLast.get(deployed.template);
  if (last?.given === given && last.template === template) return last;
  const comparisons = compare(stack, parameters, deployed);
  const now = { template, given, comparisons, effects: new Map() };
  comparedLast.set(deployed.template, now);
  return now;
}

interface Compared {
  readonly template: Template;
  readonly given: string;
  readonly comparisons: ReadonlyMap<string, Comparison>;
  /** What follows from them, as far as it was asked for. */
  readonly effects: Map<Outlook, ReadonlyMap<string, Effect>>;
}

/** By the deployed template: what it was compared with last. Templates are never changed in place. */
const comparedLast = new WeakMap<Template, Compared>();

function compare(
  { tags, template }: DesiredStack,
  parameters: Parameters,
  deployed: Deployed,
): ReadonlyMap<string, Comparison> {
  const before = new Map(Object.entries(deployed.template.Resources));
  const retagged = canonicalJson(deployed.tags ?? tags) === canonicalJson(tags) ? [] : ["Tags"];
  const comparisons = new Map<string, Comparison>();
  for (const [id, resource] of Object.entries(template.Resources)) {
    const old = before.get(id);
    if (old === undefined) continue;
    comparisons.set(id, {
      type: resource.Type,
      retyped: old.Type !== resource.Type,
      aside: [
        ...retagged,
        ...aside.filter((name) => canonicalJson(old[name]) !== canonicalJson(resource[name])),
      ],
      differences: differences(
        evaluated(old, deployed.template, deployed.parameters),
        evaluated(resource, template, parameters),
        [],
      ),
    });
  }
  return comparisons;
}

/** What a change set reports of a resource besides its properties. */
const aside = ["DeletionPolicy", "Metadata", "UpdateReplacePolicy"] as const;

interface Effect {
  readonly fate: Fate;
  /** What differs, the worst first. */
  readonly properties: readonly string[];
  /** The first place of the worst: from the property's name down. */
  readonly place: readonly string[];
}

const unaffected: Effect = { fate: "same", properties: [], place: [] };

function effectsOf(
  { comparisons, effects }: Compared,
  outlook: Outlook,
): ReadonlyMap<string, Effect> {
  const known = effects.get(outlook) ?? follow(comparisons, outlook);
  effects.set(outlook, known);
  return known;
}

/** Each resource's fate, followed through references until nothing gets worse. */
function follow(
  comparisons: ReadonlyMap<string, Comparison>,
  outlook: Outlook,
): ReadonlyMap<string, Effect> {
  const effects = new Map<string, Effect>();
  const answer = answerer(comparisons, effects, outlook);
  for (let restless = true; restless; ) {
    restless = false;
    for (const [id, comparison] of comparisons) {
      const effect = effectOf(comparison, answer);
      restless ||= effect.fate !== (effects.get(id) ?? unaffected).fate;
      effects.set(id, effect);
    }
  }
  return effects;
}

/** Answers from what is known of the fates so far; what is not of the stack stays as it is. */
const answerer =
  (
    comparisons: ReadonlyMap<string, Comparison>,
    effects: ReadonlyMap<string, Effect>,
    outlook: Outlook,
  ) =>
  ({ resource, attribute }: Question): Certainty => {
    const type = comparisons.get(resource)?.type;
    if (type === undefined) return "no";
    return outlook((effects.get(resource) ?? unaffected).fate, type, attribute);
  };

function effectOf(comparison: Comparison, answer: (question: Question) => Certainty): Effect {
  const fates = new Map<string, Fate>();
  const places = new Map<string, readonly string[]>();
  const note = (name: string, fate: Fate, place: readonly string[] = [name]) => {
    const before = fates.get(name) ?? "same";
    if (badness(fate) > badness(before)) places.set(name, place);
    fates.set(name, worse(fate, before));
  };
  if (comparison.retyped) note("Type", "replace");
  for (const name of comparison.aside) note(name, "update");
  for (const { path, certainty, asks } of comparison.differences) {
    const surest = asks.map(answer).reduce(surer, certainty);
    if (surest === "no") continue;
    note(path[0] ?? "", fateBy(surest, replacementBy(comparison.type, path)), path);
  }
  const worstFirst = [...fates].sort(([, a], [, b]) => badness(b) - badness(a));
  return {
    fate: [...fates.values()].reduce(worse, "same"),
    properties: worstFirst.map(([name]) => name),
    place: places.get(worstFirst[0]?.[0] ?? "") ?? [],
  };
}

function fateBy(certainty: Certainty, replacement: Replacement): Fate {
  if (replacement === "never") return "update";
  return certainty === "yes" && replacement === "always" ? "replace" : "may-replace";
}
