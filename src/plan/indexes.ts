import type { DesiredStack } from "../model/bundle.ts";
import { isSameJson } from "../model/same.ts";
import type { Properties, Resource, Template, Value } from "../model/template.ts";
import { references } from "./expand.ts";

/**
 * What goes before a table has all of its indexes: DynamoDB makes or removes one global index at a time,
 * and CloudFormation refuses an update with more. First go those that go, one an update, and then come
 * those that come, each with what scales it. Undefined: no table has more than one to do.
 */
export function indexing(goal: DesiredStack, deployed: Template): DesiredStack | undefined {
  const all = goal.template.Resources;
  const steps = Object.entries(all).flatMap(([id, table]) => {
    const step = stepOf(table, deployed.Resources[id]);
    return step === undefined ? [] : [{ id, ...step }];
  });
  if (steps.length === 0) return undefined;
  const later = scalingOf(
    all,
    steps.flatMap((step) => step.later),
  );
  const Resources = Object.fromEntries(
    Object.entries(all).flatMap(([id, resource]) => {
      const step = steps.find((one) => one.id === id);
      return later.has(id) ? [] : [[id, step?.table ?? resource]];
    }),
  );
  return { ...goal, template: { ...goal.template, Resources } };
}

interface Step {
  readonly table: Resource;
  /** Names of the indexes that come after it. */
  readonly later: readonly string[];
}

type Indexes = ReadonlyMap<string, Properties>;

function stepOf(table: Resource, before: Resource | undefined): Step | undefined {
  if (table.Type !== "AWS::DynamoDB::Table" || before?.Type !== table.Type) return undefined;
  const [wanted, had] = [indexesOf(table), indexesOf(before)];
  // A table that is replaced is made with all of them.
  if (!wanted || !had || !lasting.every((key) => isSame(key, table, before))) return undefined;
  const isKept = (name: string): boolean =>
    ["KeySchema", "Projection"].every((key) =>
      isSameJson(wanted.get(name)?.[key], had.get(name)?.[key]),
    );
  const gone = [...had.keys()].filter((name) => !isKept(name));
  const come = [...wanted.keys()].filter((name) => !(had.has(name) && isKept(name)));
  if (gone.length + come.length <= 1) return undefined;
  const [first] = gone;
  const names =
    first === undefined
      ? [...wanted.keys()].filter((name) => name === come[0] || !come.includes(name))
      : [...had.keys()].filter((name) => name !== first);
  const indexes = names.flatMap(
    (name) => (isKept(name) ? wanted : had).get(name) ?? wanted.get(name) ?? [],
  );
  return {
    table: withIndexes(table, before, indexes as readonly Properties[]),
    later: come.filter((name) => first !== undefined || name !== come[0]),
  };
}

/** What else would make it another table. */
const lasting = ["KeySchema", "LocalSecondaryIndexes", "TableName"];

const isSame = (key: string, { Properties: a }: Resource, { Properties: b }: Resource): boolean =>
  isSameJson(a?.[key], b?.[key]);

/** By name; undefined: not all are known by theirs. */
function indexesOf({ Properties }: Resource): Indexes | undefined {
  const all = listOf(Properties?.GlobalSecondaryIndexes) as readonly Properties[];
  const indexes = new Map(all.map((index) => [index.IndexName, index] as const));
  const isKnown = [...indexes.keys()].every((name) => typeof name === "string");
  return isKnown && indexes.size === all.length ? (indexes as Indexes) : undefined;
}

/** Attributes are defined of keys, and of no others. */
function withIndexes(table: Resource, before: Resource, indexes: readonly Properties[]): Resource {
  const { GlobalSecondaryIndexes: _, ...own } = table.Properties ?? {};
  const keyed = [own, ...listOf(own.LocalSecondaryIndexes), ...indexes] as readonly Properties[];
  const keys = new Set(
    keyed.flatMap(({ KeySchema }) => listOf(KeySchema).map((key) => nameIn(key))),
  );
  const defined = new Map(
    [before.Properties, own].flatMap((properties) =>
      listOf(properties?.AttributeDefinitions).map((one) => [nameIn(one), one] as const),
    ),
  );
  return {
    ...table,
    Properties: {
      ...own,
      AttributeDefinitions: [...defined].flatMap(([name, one]) => (keys.has(name) ? [one] : [])),
      ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
    },
  };
}

const nameIn = (value: Value): Value | undefined => (value as Properties).AttributeName;

const listOf = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : []);

/** What scales indexes, and what needs that. */
function scalingOf(all: Template["Resources"], indexes: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const [id, { DependsOn = [], Properties = {} }] of Object.entries(all)) {
      const text = JSON.stringify(Properties.ResourceId ?? "");
      const isOf = indexes.some((name) => text.includes(`/index/${name}"`));
      const needs = [...[DependsOn].flat(), ...references(Properties)].some((one) =>
        found.has(one),
      );
      if (isOf || needs) found.add(id);
    }
  }
  return found;
}
