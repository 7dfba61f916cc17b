import type { Properties, Value } from "../../../model/template.ts";
import { type Breach, below, itemsIn, listIn, type Rule, textIn } from "../literal.ts";

/** A table or an index: its keys, and where it stands. */
interface Keyed {
  readonly keys: readonly { readonly name: string; readonly type: string }[];
  readonly path: readonly (string | number)[];
  readonly properties: Properties;
}

const keyed = (properties: Properties, path: Keyed["path"]): Keyed => ({
  keys: listIn(properties.KeySchema).map((key: Value) => {
    const { AttributeName, KeyType } = below(key);
    return { name: textIn(AttributeName) ?? "", type: textIn(KeyType) ?? "" };
  }),
  path,
  properties,
});

const indexesOf = (table: Properties, kind: string): readonly Keyed[] =>
  itemsIn(table, kind).map(({ item, path }) => keyed(item, path));

const globals = (table: Properties) => indexesOf(table, "GlobalSecondaryIndexes");
const locals = (table: Properties) => indexesOf(table, "LocalSecondaryIndexes");

/** What a function makes is known by no name, and then nothing is said of keys. */
const isKnown = (table: Properties): boolean =>
  [keyed(table, []), ...globals(table), ...locals(table)].every(
    ({ keys, properties }) =>
      Array.isArray(properties.KeySchema) && keys.every(({ name, type }) => name && type),
  );

/** Keys and definitions say the same attributes. */
const attributesMatch: Rule = (table) => {
  const { AttributeDefinitions: given, VectorIndexes } = table;
  const defined = listIn(given).map((one) => textIn(below(one).AttributeName) ?? "");
  if (!Array.isArray(given) || defined.includes("") || !isKnown(table)) return [];
  const all = [keyed(table, []), ...globals(table), ...locals(table)];
  const unknown = all.flatMap(({ keys, path }) =>
    keys.flatMap(({ name }, at): readonly Breach[] =>
      defined.includes(name)
        ? []
        : [
            {
              path: [...path, "KeySchema", at, "AttributeName"],
              message: `${name} is a key, and AttributeDefinitions has no ${name}`,
              help: `Add {AttributeName: ${name}, AttributeType: S} there.`,
            },
          ],
    ),
  );
  const used = new Set(all.flatMap(({ keys }) => keys.map(({ name }) => name)));
  const unused = defined.flatMap((name, at): readonly Breach[] =>
    used.has(name) || VectorIndexes !== undefined
      ? []
      : [
          {
            path: ["AttributeDefinitions", at],
            message: `${name} is a key of neither the table nor an index, and only keys are defined`,
            help: "Remove it: items may have any attributes besides their keys.",
          },
        ],
  );
  return [...unknown, ...unused];
};

/** One partition key first, and one sort key at most; a global index may have four of each. */
const keysInOrder: Rule = (table) => {
  if (!isKnown(table)) return [];
  const orders: readonly (readonly [Keyed, RegExp, string])[] = [
    [keyed(table, []), /^HASH( RANGE)?$/, "one HASH, and then one RANGE at most"],
    ...globals(table).map(
      (index) =>
        [
          index,
          /^HASH( HASH){0,3}( RANGE){0,4}$/,
          "one to four HASH, and then four RANGE at most",
        ] as const,
    ),
  ];
  return orders.flatMap(([{ keys, path }, order, takes]) =>
    order.test(keys.map(({ type }) => type).join(" "))
      ? []
      : [{ path: [...path, "KeySchema"], message: `KeySchema must be ${takes}` }],
  );
};

/** A local index sorts the items of the table's partitions otherwise. */
const localIndexes: Rule = (table) => {
  if (!isKnown(table)) return [];
  const { keys } = keyed(table, []);
  const [partition] = keys;
  return locals(table).flatMap(({ keys: own, path }): readonly Breach[] => {
    const at = [...path, "KeySchema"];
    if (keys.length < 2)
      return [{ path: at, message: "a table without a sort key has no local indexes" }];
    const types = own.map(({ type }) => type).join(" ");
    if (types === "HASH RANGE" && own[0]?.name === partition?.name) return [];
    const message = `a local index has the table's own HASH, ${partition?.name}, and one RANGE`;
    return [{ path: at, message, help: "One with another HASH is a global index." }];
  });
};

const indexNames: Rule = (table) => {
  const all = [...globals(table), ...locals(table)];
  const names = all.map(({ properties }) => textIn(properties.IndexName));
  return all.flatMap(({ path }, at) => {
    const name = names[at];
    return name !== undefined && names.indexOf(name) < at
      ? [{ path: [...path, "IndexName"], message: `another index is called ${name}` }]
      : [];
  });
};

const projections: Rule = (table) =>
  [...globals(table), ...locals(table)].flatMap(({ path, properties }): readonly Breach[] => {
    const { NonKeyAttributes, ProjectionType } = below(properties.Projection);
    const type = textIn(ProjectionType);
    if (type === undefined || (type === "INCLUDE") === (NonKeyAttributes !== undefined)) return [];
    const message =
      type === "INCLUDE"
        ? "a projection that is INCLUDE says its NonKeyAttributes"
        : `a projection that is ${type} has no NonKeyAttributes`;
    return [{ path: [...path, "Projection"], message }];
  });

/** Paid by the request, or by what is provisioned, for the table and every index. */
const capacities: Rule = (table) => {
  const billing = table.BillingMode === undefined ? "PROVISIONED" : textIn(table.BillingMode);
  const all = [keyed(table, []), ...globals(table)];
  return all.flatMap(({ path, properties: { ProvisionedThroughput: said } }): readonly Breach[] => {
    if (billing === "PAY_PER_REQUEST" && said !== undefined)
      return [
        {
          path: [...path, "ProvisionedThroughput"],
          message: "what is paid by the request (PAY_PER_REQUEST) provisions nothing",
          help: "Remove ProvisionedThroughput, or make BillingMode PROVISIONED.",
        },
      ];
    if (billing !== "PROVISIONED" || said !== undefined) return [];
    return [
      {
        path: path.length > 0 ? path : ["BillingMode"],
        message: "ProvisionedThroughput is missing, which the table and each global index need",
        help: "Add it, or make BillingMode PAY_PER_REQUEST.",
      },
    ];
  });
};

const timeToLive: Rule = ({ TimeToLiveSpecification: given }) => {
  const { AttributeName, Enabled } = below(given);
  return /^true$/i.test(textIn(Enabled) ?? "") && AttributeName === undefined
    ? [
        {
          path: ["TimeToLiveSpecification"],
          message: "AttributeName is missing: the one that has the time",
        },
      ]
    : [];
};

export const tableRules: readonly Rule[] = [
  attributesMatch,
  keysInOrder,
  localIndexes,
  indexNames,
  projections,
  capacities,
  timeToLive,
];
