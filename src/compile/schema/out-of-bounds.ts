import { pathText } from "../../compose/project.ts";
import type { Properties, Value } from "../../model/template.ts";
import type { Path } from "../report.ts";
import { bounds } from "./bounds.ts";
import { type Breach, isFunction } from "./literal.ts";

/** What is written in properties and is beyond what the API of the service takes. */
export function outOfBounds(type: string, properties: Properties): readonly Breach[] {
  const all = Object.hasOwn(bounds, type) ? bounds[type] : undefined;
  return Object.entries(all ?? {}).flatMap(([key, { fits, takes }]) =>
    placesOf(properties, key.split("."))
      .filter(({ value }) => !fits(value))
      .map(({ path }) => ({ path, message: `${pathText(path)} of ${type} must be ${takes}` })),
  );
}

interface Place {
  readonly path: Path;
  readonly value: Value;
}

/** Every value that is written at `A.B[].C`. */
function placesOf(value: Value, [first, ...rest]: readonly string[]): readonly Place[] {
  if (first === undefined) return isFunction(value) ? [] : [{ path: [], value }];
  const key = first.replace("[]", "");
  const found = isFunction(value) ? undefined : (value as Properties)[key];
  if (found === undefined) return [];
  if (!first.endsWith("[]")) return under(key, placesOf(found, rest));
  if (!Array.isArray(found)) return [];
  return found.flatMap((item: Value, at) =>
    under(
      key,
      under(at, typeof item === "object" || rest.length === 0 ? placesOf(item, rest) : []),
    ),
  );
}

const under = (key: string | number, places: readonly Place[]): readonly Place[] =>
  places.map(({ path, value }) => ({ path: [key, ...path], value }));
