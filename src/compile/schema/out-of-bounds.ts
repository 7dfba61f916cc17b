import { pathText } from "../../compose/project.ts";
import type { Properties, Value } from "../../model/template.ts";
import type { Mapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { Bound } from "./bound.ts";
import { bounds } from "./bounds.ts";
import { type Breach, isFunction } from "./literal.ts";

/** What is written in properties and is beyond what the API of the service takes. */
export function outOfBounds(type: string, properties: Properties): readonly Breach[] {
  const level = levels.get(type);
  if (level === undefined) return [];
  const found: Breach[] = [];
  look(level, properties, [], ({ takes }, path) => {
    found.push({ path, message: `${pathText(path)} of ${type} must be ${takes}` });
  });
  return found;
}

/** Bounds of a value, of each of its items, and of what is below its keys. */
interface Level {
  bound?: Bound;
  items?: Level;
  readonly members: Map<string, Level>;
}

const level = (): Level => ({ members: new Map() });

/** Goes only where there is something. */
function look(
  { bound, items, members }: Level,
  value: Value,
  path: Path,
  say: (bound: Bound, path: Path) => void,
): void {
  if (isFunction(value)) return;
  if (bound !== undefined && !bound.fits(value)) say(bound, path);
  if (Array.isArray(value)) {
    if (items === undefined) return;
    value.forEach((item: Value, at) => {
      look(items, item, [...path, at], say);
    });
  } else if (typeof value === "object")
    members.forEach((below, key) => {
      const found = (value as Mapping)[key] as Value | undefined;
      if (found !== undefined) look(below, found, [...path, key], say);
    });
}

/** `A.B[].C` → bound, as one tree for each type. */
const levels: ReadonlyMap<string, Level> = new Map(
  Object.entries(bounds).map(([type, all]) => {
    const top = level();
    for (const [key, bound] of Object.entries(all)) levelAt(top, key).bound = bound;
    return [type, top];
  }),
);

function levelAt(top: Level, key: string): Level {
  let at = top;
  for (const part of key.split(".")) {
    const name = part.replace("[]", "");
    const found = at.members.get(name) ?? level();
    at.members.set(name, found);
    if (part !== name) found.items ??= level();
    at = part === name ? found : (found.items as Level);
  }
  return at;
}
