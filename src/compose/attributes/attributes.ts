import type { Attribute, Attributes } from "../attribute.ts";
import { type Rules, rulesOf } from "../rules.ts";
import { build } from "./build.ts";
import { casts } from "./casts.ts";
import { commands } from "./commands.ts";
import { lists } from "./lists.ts";
import { mounts } from "./mounts.ts";
import { pairAttributes } from "./pairs.ts";
import { ports } from "./ports.ts";
import { resources } from "./resources.ts";
import { relations } from "./services.ts";
import { sources } from "./sources.ts";
import { volumes } from "./volumes.ts";

const tables: readonly Attributes[] = [
  casts,
  build,
  commands,
  lists,
  mounts,
  pairAttributes,
  ports,
  relations,
  resources,
  sources,
  volumes,
];

/**
 * Everything that is particular to an attribute, found by its path. Each facet is a table of its
 * own, so that a walk for one goes only where that one has something to say.
 */
export const attributes = {
  cast: facet("cast"),
  merge: facet("merge"),
  unique: facet("unique"),
  canonical: rulesOf(entries().filter(([, { canonical, unique }]) => canonical ?? unique)),
  /** `defaults`, `check` and `locate`, which one walk applies in that order. */
  complete: rulesOf(
    entries().filter(([, { check, defaults, locate }]) => check ?? defaults ?? locate),
  ),
  locate: facet("locate"),
  form: facet("form"),
} as const;

function facet<F extends keyof Attribute>(name: F): Rules<NonNullable<Attribute[F]>> {
  return rulesOf(
    entries().flatMap(([pattern, { [name]: rule }]) =>
      rule === undefined ? [] : [[pattern, rule] as const],
    ),
  );
}

function entries(): readonly (readonly [string, Attribute])[] {
  return tables.flatMap((table) => Object.entries(table));
}
