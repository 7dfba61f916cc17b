import { sha256 } from "../model/digest.ts";
import { join, type Output, type Value } from "../model/template.ts";

// A stack has at most 200 outputs, and an application may have more families than that, each with a
// security group in `base`. So their ids share outputs: `A=sg-1,B=sg-2` (design-aws 13). A parameter
// takes one item of such a pack, so it changes with that item only.

type Outputs = Readonly<Record<string, Output>>;

/**
 * How a parameter names an item of a pack: `SecurityGroups7/WebSecurityGroupRef`. The pack follows
 * from the item's own name alone: what comes or goes beside it leaves it where it is.
 */
export const inPack = (item: string): string =>
  `SecurityGroups${sha256(item).slice(0, 1).toUpperCase()}/${item}`;

/** The name of the parameter that takes an output, or an item of one. */
export const parameterOf = (name: string): string => name.slice(name.indexOf("/") + 1);

/** A template's outputs as parameters name them: packs are taken apart. */
export const apart = (outputs: Outputs = {}): ReadonlyMap<string, Output> =>
  new Map(
    Object.entries(outputs).flatMap(([name, output]): readonly (readonly [string, Output])[] =>
      /^SecurityGroups[0-9A-F]$/.test(name)
        ? itemsOf(output.Value).map(([item, Value]) => [`${name}/${item}`, { Value }])
        : [[name, output]],
    ),
  );

/** Outputs as a template has them, sorted: the reverse of `apart`. */
export function together(all: Iterable<readonly [string, Output]>): Outputs {
  const outputs: [string, Output][] = [];
  const packs = new Map<string, [string, Value][]>();
  for (const [name, output] of all) {
    const [pack = "", item] = name.split("/");
    if (item === undefined) outputs.push([name, output]);
    else packs.set(pack, [...(packs.get(pack) ?? []), [item, output.Value]]);
  }
  for (const [pack, items] of packs) outputs.push([pack, { Value: packed(items) }]);
  return Object.fromEntries(outputs.sort(byName));
}

/** What a deployed stack gives for a name that a parameter has: an output, or an item of one. */
export function outputNamed<T>(
  outputs: Readonly<Record<string, T>>,
  name: string,
): T | string | undefined {
  if (Object.hasOwn(outputs, name)) return outputs[name];
  const [pack = "", item] = name.split("/");
  const text = Object.hasOwn(outputs, pack) ? outputs[pack] : undefined;
  if (item === undefined || typeof text !== "string") return undefined;
  const found = text.split(",").find((one) => one.startsWith(`${item}=`));
  return found?.slice(item.length + 1);
}

const packed = (items: readonly (readonly [string, Value])[]): Value =>
  join(
    items
      .toSorted(byName)
      .flatMap(([item, value], at) => [`${at === 0 ? "" : ","}${item}=`, value]),
  );

/** The items of a pack's value: before each value stands its name. */
function itemsOf(value: Value): readonly (readonly [string, Value])[] {
  const { "Fn::Join": join } = value as { readonly "Fn::Join"?: readonly Value[] };
  const parts = (join?.[1] ?? []) as readonly Value[];
  return parts.flatMap((part, at) =>
    at % 2 === 1 ? [[String(parts[at - 1]).replace(/^,|=$/g, ""), part] as const] : [],
  );
}

const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : 1;
