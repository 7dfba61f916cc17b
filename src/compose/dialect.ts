import { mapServices } from "./children.ts";
import type { LoadInputs } from "./inputs.ts";
import { type Dict, entriesOf, get, type Tree, textOf, withEntries } from "./tree.ts";

/** The differences between the Compose Specification and what ECS ComposeX made of it. */
export interface Dialect {
  /** `Listeners: {80: …}` below `x-*`. */
  readonly integerKeysBelowExtensions: boolean;
  /** `Version: 2012-10-17` below `x-*` is what IAM calls its grammar, not a time of a day. */
  readonly datesAsWrittenBelowExtensions: boolean;
  /** `!Ref` and its like are errors: compose would take them for text. */
  readonly refusesShortFunctions: boolean;
  /** Whoever includes a file loses its `x-*` at the top, which here mean something. */
  readonly warnsOfLostExtensions: boolean;
  /** What between `${` and `}` is CloudFormation's to replace. */
  readonly leaveAlone: RegExp | undefined;
  /** The top-level objects that may say nothing of where they are; who uses one is told. */
  readonly sourceless: ReadonlySet<string>;
  /** `depends_on` may name a task family: the label `ecs.task.family` of `deploy`. */
  readonly dependsOnFamilies: boolean;
  /** Secrets that a service uses otherwise than by `secrets`. */
  secretsOf(service: Tree): readonly string[];
  /** What networks, volumes and secrets ask of AWS by: where no service has one, it is told of. */
  readonly asksBy: readonly string[];
  /** Files and variables that configs name are read as the project is loaded. */
  readonly readsConfigs: boolean;
  /** Turns forms of its own into those of today. */
  rewrite(tree: Tree): Tree;
}

export const dialects: Readonly<Record<LoadInputs["dialect"], Dialect>> = {
  compose: {
    integerKeysBelowExtensions: false,
    datesAsWrittenBelowExtensions: false,
    refusesShortFunctions: false,
    warnsOfLostExtensions: false,
    leaveAlone: undefined,
    sourceless: new Set(),
    dependsOnFamilies: false,
    secretsOf: () => [],
    asksBy: [],
    readsConfigs: false,
    rewrite: (tree) => tree,
  },
  composex: {
    integerKeysBelowExtensions: true,
    datesAsWrittenBelowExtensions: true,
    refusesShortFunctions: true,
    warnsOfLostExtensions: true,
    leaveAlone: /^(?:AWS::|!)/,
    sourceless: new Set(["secrets", "configs"]),
    dependsOnFamilies: true,
    secretsOf: secretsBeside,
    asksBy: ["x-efs", "x-secrets", "x-vpc"],
    readsConfigs: true,
    rewrite: foldEarlyXRay,
  },
};

/** `x-aws-pull_credentials: secrets::NAME`, and so in options of a log driver. */
function secretsBeside(service: Tree): readonly string[] {
  const credentials = get(service, "x-aws-pull_credentials");
  const options = get(get(service, "logging"), "options");
  const places = [credentials, ...Array.from(entriesOf(options), ([, option]) => option)];
  return places.flatMap((at) => /^secrets::(.+)$/.exec(textOf(at) ?? "")?.[1] ?? []);
}

/**
 * X-Ray's early syntax: `configs: {x-ray: {enabled: true}}` on a service, `configs: {composex:
 * {x-ray: …}}` at the top. It becomes `x-xray`, and leaves `configs`.
 */
function foldEarlyXRay(tree: Tree): Tree {
  if (tree.kind !== "dict") return tree;
  const top = get(get(tree, "configs"), "composex");
  const folded = foldXRay(tree, get(top, "x-ray"), "composex");
  return mapServices(folded, (service) =>
    foldXRay(service, get(get(service, "configs"), "x-ray"), "x-ray"),
  );
}

function foldXRay(owner: Dict, setting: Tree | undefined, key: string): Dict {
  const configs = get(owner, "configs");
  if (setting === undefined || configs?.kind !== "dict") return owner;
  const rest = withEntries(configs, { [key]: undefined });
  return withEntries(owner, {
    configs: rest.entries.size > 0 ? rest : undefined,
    "x-xray": get(owner, "x-xray") ?? get(setting, "enabled") ?? setting,
  });
}
