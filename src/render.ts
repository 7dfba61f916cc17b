import { compile } from "./compile/compile.ts";
import type { CompileSettings } from "./compile/scope.ts";
import { unpinned } from "./compile/unpinned.ts";
import type { Loaded, LoadInputs } from "./compose/inputs.ts";
import { load } from "./compose/load.ts";
import { link } from "./link/link.ts";
import type { Bundle, Target } from "./model/bundle.ts";
import { type Diagnostic, fromTheTop, isError } from "./model/diagnostic.ts";
import type { FixedName } from "./model/fixed-name.ts";
import type { OpenLookup } from "./model/lookup.ts";

/** One environment of one application, as far as its stacks depend on it. */
export interface RenderSettings {
  readonly application: string;
  /** The environment, or one instance of it. */
  readonly environment: string;
  readonly target: Target;
  /** What stack names begin with. */
  readonly prefix: string;
  /** What stands for prefix, application and environment in the names of stacks. */
  readonly stem?: string;
  readonly layout: "per-service" | "single";
  /** Whether the environment is made to be deleted again: then nothing outlives its stacks. */
  readonly ephemeral?: boolean;
  /** What stands for creations and lookups of the compose files. */
  readonly parameters?: CompileSettings["parameters"];
  readonly lookups?: CompileSettings["lookups"];
}

/**
 * `needs`: files that only loading discovers; read them into `contents` and render again.
 * `lookups`: all is well but for these; answer them in the settings and render again.
 */
export type Rendered =
  | { readonly kind: "needs"; readonly paths: readonly string[] }
  | {
      readonly kind: "lookups";
      readonly lookups: readonly OpenLookup[];
      /** What to say where nobody answers them. */
      readonly diagnostics: readonly Diagnostic[];
      /** What the files name themselves, as far as it does not hang on an answer. */
      readonly names: readonly FixedName[];
    }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly kind: "rendered";
      readonly bundle: Bundle;
      /** All that was looked up for it. */
      readonly lookups: readonly OpenLookup[];
      /** What the files name themselves. */
      readonly names: readonly FixedName[];
      readonly warnings: readonly Diagnostic[];
    };

/** Compose text in, stacks out. */
export const render = (inputs: LoadInputs, settings: RenderSettings): Rendered =>
  renderLoaded(load(inputs), settings);

/** What was loaded in, stacks out. */
export function renderLoaded(loaded: Loaded, settings: RenderSettings): Rendered {
  if (loaded.kind !== "loaded") return loaded;

  const { project } = loaded;
  const compiled = compile(project, settings);
  if (compiled.kind === "failed") {
    const wrong = compiled.diagnostics.filter(isError);
    const isOpen = ({ code }: Diagnostic): boolean => code === "lookup-unanswered";
    // An answer is asked for when there is nothing else to do: the file is not to blame for it.
    if (!wrong.every(isOpen))
      return failed([...loaded.warnings, ...compiled.diagnostics.filter((one) => !isOpen(one))]);
    const { lookups, names } = compiled;
    return { kind: "lookups", lookups, diagnostics: fromTheTop(wrong), names };
  }

  const linked = link(compiled.graph, settings);
  const told = [...loaded.warnings, ...unpinned(project), ...compiled.warnings];
  if (linked.kind === "failed") return failed([...told, ...linked.diagnostics]);

  const { lookups, names } = compiled;
  const { bundle } = linked;
  const warnings = fromTheTop([...told, ...linked.warnings]);
  return { kind: "rendered", bundle, lookups, names, warnings };
}

/** With what is only warned of: it may be what the error comes from, as a variable that is not set. */
const failed = (diagnostics: readonly Diagnostic[]): Rendered => ({
  kind: "failed",
  diagnostics: fromTheTop(diagnostics),
});
