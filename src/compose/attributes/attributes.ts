import type { AttributeRules } from "../attribute.ts";
import { rulesOf } from "../rules.ts";
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

/** Everything that is particular to an attribute, found by its path. */
export const attributes: AttributeRules = rulesOf(
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
);
