import type { Data } from "../../compose/project.ts";
import { asList, isMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";

/**
 * What becomes of a compose key on ECS. `honoured`: some module makes something of it.
 * `warned`: it does nothing there, and only a local engine misses it. `refused`: without it a
 * service would be less isolated, lose data or not be what was asked for; `but` are values that ask
 * for what there is anyway, and `loose` those that ask for less isolation than there is: these are
 * warned of.
 */
export type Fate =
  | { readonly fate: "honoured" }
  | { readonly fate: "warned"; readonly because: string; readonly but?: readonly string[] }
  | {
      readonly fate: "refused";
      readonly because: string;
      readonly but?: readonly string[];
      readonly loose?: RegExp;
    };

export const honoured: Fate = { fate: "honoured" };
export const warned = (because: string): Fate => ({ fate: "warned", because });
export const refused = (because: string): Fate => ({ fate: "refused", because });
export const refusedBut = (but: readonly string[], because: string, loose?: RegExp): Fate => ({
  fate: "refused",
  because,
  but,
  ...(loose === undefined ? {} : { loose }),
});

export const warnedBut = (but: readonly string[], because: string): Fate => ({
  fate: "warned",
  because,
  but,
});

/** What becomes of a key with this value. */
export function fateWith(value: Data | undefined, fate: Fate | undefined): Fate | undefined {
  if (fate?.fate !== "refused" || fate.loose === undefined) return fate;
  const { because, loose } = fate;
  const items = Array.isArray(value) ? asList(value) : [value];
  return items.every((item) => loose.test(String(item))) ? warned(because) : fate;
}

/** Whether a value asks for nothing that would be missed: of what is refused, too. */
export const asksForNothing = (value: Data | undefined, fate: Fate | undefined): boolean =>
  isNothing(value) ||
  (fate !== undefined && fate.fate !== "honoured" && fate.but?.includes(String(value)) === true);

/** Says what becomes of the key at `path`, which messages call `name`. */
export function sayFate(fate: Fate, name: string, path: Path, report: Report): void {
  if (fate.fate === "warned") {
    const message = `${name} does nothing on ECS: ${fate.because}`;
    report.warn({ code: "no-effect", path, message });
  } else if (fate.fate === "refused") {
    const message = `${name} cannot be honoured: ${fate.because}`;
    const help = "Remove it here, or take it back with !reset in an overlay.";
    report.error({ code: "cannot-honour", path, message, help });
  }
}

/** `privileged: false`, `devices: []`: asking for nothing is always granted. */
export const isNothing = (value: Data | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (isMapping(value) && Object.keys(value).length === 0);
