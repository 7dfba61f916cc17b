import type { DesiredStack, Origin } from "../model/bundle.ts";
import type { Change, Fate } from "../model/plan.ts";
import { isSameJson } from "../model/same.ts";
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
import { badness, leftBy, riskOf } from "./risk.ts";

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
    ...leftBy("remove", resource),
  }));

/** Whether what is asked of a stack's resources comes out different after the roll-out. */
export const answers = (
  stack: DesiredStack,
  parameters: Parameters,
  deployed: Deployed,
): ((question: Question) => Certainty) => {
  const comparison = compared(stack, parameters, deployed);
  return answerer(effectsOf(comparison, settled), settled);
};

/** Whether what is asked of a resource to which something is done (no attribute: its Ref) comes out different. */
type Outlook = (effect: Effect, attribute: string | undefined) => Certainty;

const settled: Outlook = ({ fate, type }, attribute) => {
  const fixed = attribute === undefined || isFixed(type, attribute);
  if (fate === "update" && fixed) return "no";
  return fate === "replace" && fixed ? "yes" : "perhaps";
};

const exaggerated: Outlook = () => "yes";

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
    const effect = effects.get(logicalId);
    if (effect === undefined) return [];
    const { fate, place } = effect;
    const action = fate === "replace" ? "replace" : "modify";
    const property = effect.properties.join(", ");
    const line = stack.originOf?.(logicalId, place) ?? cause;
    const cost = { risk: riskOf(fate, old), ...leftBy(fate, old) };
    return [{ ...common, action, ...cost, property, cause: line }];
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
  // Stryker disable next-line ConditionalExpression: it saves the work, and changes nothing
  if (last?.given === given && last.template === template) return last;
  const comparisons = compare(stack, parameters, deployed);
  const now = { template, given, comparisons, effects: new Map() };
  // Stryker disable next-line CallExpression: it saves the work, and changes nothing
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
  const retagged = isSameJson(deployed.tags ?? tags, tags) ? [] : ["Tags"];
  const comparisons = new Map<string, Comparison>();
  for (const [id, resource] of Object.entries(template.Resources)) {
    const old = before.get(id);
    if (old === undefined) continue;
    comparisons.set(id, {
      type: resource.Type,
      retyped: old.Type !== resource.Type,
      aside: [...retagged, ...aside.filter((name) => !isSameJson(old[name], resource[name]))],
      differences: differences(
        evaluated(old, deployed.template, deployed.parameters),
        evaluated(resource, template, parameters),
      ),
    });
  }
  return comparisons;
}

/** What a change set reports of a resource besides its properties. */
const aside = ["DeletionPolicy", "Metadata", "UpdateReplacePolicy"] as const;

/** What is done to a resource. */
interface Effect {
  readonly type: string;
  readonly fate: Fate;
  /** What differs, the worst first. */
  readonly properties: readonly string[];
  /** The first place of the worst: from the property's name down. */
  readonly place: readonly string[];
}

function effectsOf(
  { comparisons, effects }: Compared,
  outlook: Outlook,
): ReadonlyMap<string, Effect> {
  const known = effects.get(outlook) ?? follow(comparisons, outlook);
  // Stryker disable next-line CallExpression: it saves the work, and changes nothing
  effects.set(outlook, known);
  return known;
}

/** What is done to each resource, followed through references until nothing gets worse. */
function follow(
  comparisons: ReadonlyMap<string, Comparison>,
  outlook: Outlook,
): ReadonlyMap<string, Effect> {
  const effects = new Map<string, Effect>();
  const answer = answerer(effects, outlook);
  for (let restless = true; restless; ) {
    restless = false;
    for (const [id, comparison] of comparisons) {
      const effect = effectOf(comparison, answer);
      if (effect === undefined) continue;
      restless ||= effect.fate !== effects.get(id)?.fate;
      effects.set(id, effect);
    }
  }
  return effects;
}

/** Answers from what is known so far; what is not of the stack stays as it is. */
const answerer =
  (effects: ReadonlyMap<string, Effect>, outlook: Outlook) =>
  ({ attribute, resource }: Question): Certainty => {
    const effect = effects.get(resource);
    return effect === undefined ? "no" : outlook(effect, attribute);
  };

function effectOf(
  { aside: named, differences: found, retyped, type }: Comparison,
  answer: (question: Question) => Certainty,
): Effect | undefined {
  const noted = new Map<string, Pick<Effect, "fate" | "place">>();
  const note = (name: string, fate: Fate, place: readonly string[] = [name]) => {
    const before = noted.get(name);
    if (before === undefined || badness(fate) > badness(before.fate))
      noted.set(name, { fate, place });
  };
  if (retyped) note("Type", "replace");
  for (const name of named) note(name, "update");
  for (const { path, certainty, asks } of found) {
    const surest = asks.map(answer).reduce(surer, certainty);
    if (surest === "no") continue;
    // Stryker disable next-line StringLiteral: what differs is a property
    const [name = ""] = path;
    note(name, fateBy(surest, replacementBy(type, path)), path);
  }
  const worstFirst = [...noted].sort(([, a], [, b]) => badness(b.fate) - badness(a.fate));
  const [worst] = worstFirst;
  if (worst === undefined) return undefined;
  return { ...worst[1], type, properties: worstFirst.map(([name]) => name) };
}

function fateBy(certainty: Certainty, replacement: Replacement): Fate {
  if (replacement === "never") return "update";
  return certainty === "yes" && replacement === "always" ? "replace" : "may-replace";
}
