import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DesiredStack } from "../../src/model/bundle.ts";
import type { Change } from "../../src/model/plan.ts";
import {
  getAtt,
  join,
  type Properties,
  ref,
  type Template,
  type Value,
} from "../../src/model/template.ts";
import rules from "../../src/plan/data/replacement.json" with { type: "json" };
import { diff } from "../../src/plan/diff.ts";

// A second opinion that shares no code with the plan: it deploys the old template and then the new
// one on paper, with physical ids, and sees from the package's own schemas which of them change.

const database = loadAwsServiceSpecSync();

const everySchema = database.all("resource");

type Schema = (typeof everySchema)[number];
type PropertyType = Schema["properties"][string]["type"];

// Two types have rules that the schemas lack; diff.test.ts and replacement.test.ts have those.
const types = Object.keys(rules).filter(
  (type) => type !== "AWS::DynamoDB::Table" && type !== "AWS::OpenSearchService::Domain",
);

const schemas = types.map((type) => {
  const schema = everySchema.find(({ cloudFormationType }) => cloudFormationType === type);
  if (schema === undefined) throw new Error(`no schema of ${type}`);
  return schema;
});

type Answer = "no" | "maybe" | "yes";

const strength = (answer: Answer): number => ["no", "maybe", "yes"].indexOf(answer);

const partsOf = (type: PropertyType): Schema["properties"] => {
  if (type.type === "array" || type.type === "map") return partsOf(type.element);
  if (type.type === "ref") return database.get("typeDefinition", type.reference.$ref).properties;
  return {};
};

/** What the schema says of a property that is `before` and becomes `after`, its first parts looked at too. */
function schemaSays(schema: Schema, name: string, before: unknown, after: unknown): Answer {
  const property = schema.properties[name];
  if (JSON.stringify(before) === JSON.stringify(after)) return "no";
  if (property === undefined) return "maybe";
  const parts = Object.entries(partsOf(property.type)).filter(
    ([part]) => JSON.stringify(partOf(before, part)) !== JSON.stringify(partOf(after, part)),
  );
  return [property, ...parts.map(([, part]) => part)]
    .map(({ causesReplacement = "no" }) => causesReplacement)
    .reduce((a, b) => (strength(a) < strength(b) ? b : a));
}

const partOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;

interface Deployment {
  readonly physical: ReadonlyMap<string, string>;
  readonly properties: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** CloudFormation on paper. `bold`: what may replace does. */
function deployed(template: Template, before: Deployment | undefined, bold: boolean): Deployment {
  const physical = new Map<string, string>();
  const properties = new Map<string, Readonly<Record<string, unknown>>>();
  for (const [id, { Properties = {}, Type }] of Object.entries(template.Resources)) {
    const now = concrete(Properties, physical) as Readonly<Record<string, unknown>>;
    const old = before?.properties.get(id);
    const schema = schemas.find(({ cloudFormationType }) => cloudFormationType === Type);
    const names = new Set([...Object.keys(now), ...Object.keys(old ?? {})]);
    const replaced =
      schema === undefined ||
      [...names].some((name) => {
        const answer = schemaSays(schema, name, old?.[name], now[name]);
        return answer === "yes" || (answer === "maybe" && bold);
      });
    physical.set(
      id,
      old === undefined ? `${id}-1` : `${before?.physical.get(id)}${replaced ? "'" : ""}`,
    );
    properties.set(id, now);
  }
  return { physical, properties };
}

/** The three functions that the corpus uses. */
function concrete(value: Value, physical: ReadonlyMap<string, string>): unknown {
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => concrete(item, physical));
  const { Ref: name, "Fn::GetAtt": attribute, "Fn::Join": list } = value as Properties;
  if (typeof name === "string") return physical.get(name);
  if (Array.isArray(attribute)) return `arn:${physical.get(attribute[0])}`;
  if (Array.isArray(list)) return (concrete(list[1], physical) as string[]).join("");
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, concrete(item, physical)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const scalar = fc.constantFrom<Value>("a", "b", 1, true);

/** A value for one property; resources come in order, so the first `earlier` may be referred to. */
function valueFor(schema: Schema, name: string, earlier: readonly Schema[]): fc.Arbitrary<Value> {
  const names = Object.keys(partsOf(schema.properties[name]?.type ?? { type: "string" }));
  const references = earlier.flatMap(({ cloudFormationType, attributes }, index): Value[] => [
    ref(`R${index}`),
    join(["to ", ref(`R${index}`)]),
    ...("Arn" in attributes && cloudFormationType in rules ? [getAtt(`R${index}`, "Arn")] : []),
  ]);
  return fc.oneof(
    scalar,
    ...(references.length > 0 ? [fc.constantFrom(...references)] : []),
    ...(names.length > 0 ? [fc.dictionary(fc.constantFrom(...names), scalar, { maxKeys: 3 })] : []),
  );
}

const propertiesFor = (schema: Schema, earlier: readonly Schema[]): fc.Arbitrary<Properties> =>
  fc
    .uniqueArray(fc.constantFrom(...Object.keys(schema.properties)), { minLength: 1, maxLength: 4 })
    .chain((names) =>
      fc.record(Object.fromEntries(names.map((name) => [name, valueFor(schema, name, earlier)]))),
    );

const changing = [
  "AWS::EC2::VPC",
  "AWS::EC2::Subnet",
  "AWS::ECS::TaskDefinition",
  "AWS::ECS::Service",
  "AWS::RDS::DBInstance",
  "AWS::ServiceDiscovery::Service",
  "AWS::SQS::Queue",
];

/** (old, new): the new one is the old one with some properties other, gone or added. */
const pair = fc
  .array(
    fc.oneof(
      fc.constantFrom(...schemas),
      fc.constantFrom(...schemas.filter((one) => changing.includes(one.cloudFormationType))),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((schema, index) => {
        const earlier = chosen.slice(0, index);
        return fc
          .tuple(
            propertiesFor(schema, earlier),
            fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, propertiesFor(schema, earlier)),
            fc.boolean(),
          )
          .map(([old, edits, drop]) => {
            const edited = Object.entries({ ...old, ...edits });
            const now = Object.fromEntries(
              drop && Object.keys(edits).length > 0 ? edited.slice(1) : edited,
            );
            return { Type: schema.cloudFormationType, old, now };
          });
      }),
    ),
  )
  .map((resources) => [templateOf(resources, "old"), templateOf(resources, "now")] as const);

interface Both {
  readonly Type: string;
  readonly old: Properties;
  readonly now: Properties;
}

const templateOf = (resources: readonly Both[], which: "old" | "now"): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: Object.fromEntries(
    resources.map((one, index) => [`R${index}`, { Type: one.Type, Properties: one[which] }]),
  ),
});

const stackOf = (template: Template): DesiredStack => ({
  name: "stack",
  unit: "base",
  template,
  parameters: {},
  tags: {},
  capabilities: [],
  dependsOn: [],
  origins: {},
});

const changesFrom = (old: Template, now: Template): ReadonlyMap<string, Change> =>
  new Map(
    diff(stackOf(now), {}, { template: old, parameters: {} }).map((change) => [
      change.logicalId,
      change,
    ]),
  );

const shuffled = (value: Value): Value => {
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(shuffled);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, shuffled(item)]),
  );
};

describe("over any two templates", () => {
  const seed = 20_261_123;

  test("no replacement is missed, whether what may replace does or not", () => {
    fc.assert(
      fc.property(pair, fc.boolean(), ([old, now], bold) => {
        const before = deployed(old, undefined, bold);
        const after = deployed(now, before, bold);
        const planned = changesFrom(old, now);
        for (const [id, physical] of after.physical) {
          if (physical === before.physical.get(id)) continue;
          expect(planned.get(id)).toBeDefined();
          expect(planned.get(id)?.risk).not.toBe("none");
        }
      }),
      { numRuns: 2_000, seed },
    );
  });

  test("what is called a replacement is one", () => {
    fc.assert(
      fc.property(pair, ([old, now]) => {
        const before = deployed(old, undefined, false);
        const after = deployed(now, before, false);
        for (const [id, { action }] of changesFrom(old, now)) {
          if (action !== "replace") continue;
          expect(after.physical.get(id)).not.toBe(before.physical.get(id));
        }
      }),
      { numRuns: 1_000, seed },
    );
  });

  test("what comes out the same is not in the plan, and what doesn't is", () => {
    fc.assert(
      fc.property(pair, ([old, now]) => {
        const before = deployed(old, undefined, true);
        const after = deployed(now, before, true);
        const differing = [...after.properties].filter(
          ([id, properties]) =>
            JSON.stringify(properties) !== JSON.stringify(before.properties.get(id)),
        );
        expect([...changesFrom(old, now).keys()].sort()).toEqual(
          differing.map(([id]) => id).sort(),
        );
      }),
      { numRuns: 1_000, seed },
    );
  });

  test("nothing differs from itself, in whatever order its keys stand", () => {
    fc.assert(
      fc.property(pair, ([old]) => {
        const turned = shuffled(old as unknown as Value) as unknown as Template;
        expect(changesFrom(old, turned)).toEqual(new Map());
      }),
      { numRuns: 500, seed },
    );
  });
});
