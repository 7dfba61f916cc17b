import type { Diagnostic } from "../model/diagnostic.ts";
import { isRefused, type Refused } from "../model/refused.ts";
import type { Registration } from "../model/registration.ts";
import type { PositionOf } from "./shaped.ts";

/** Texts of `trueup.yaml` by key, some of which stand for what Parameter Store holds: `ssm:NAME`. */
export type Texts = Readonly<Record<string, string>>;

/** Where texts stand in `trueup.yaml`. */
export interface Standing {
  /** Of the mapping that they are the values of. */
  readonly keys: readonly string[];
  readonly positionOf: PositionOf;
}

/**
 * Begins the pattern of every text that may name some: what `ssm:` stands before, at the beginning or
 * after a comma, is a name.
 */
export const wellNamed = "(?!(?:[\\s\\S]*,)?ssm:(?![A-Za-z0-9_./-]+(?:,|$)))";

type StoredValue = { readonly text: string } | { readonly isSecret: true } | Refused;

/** Everybody may name what is below this; all else is for the registration to allow. */
const shared = "/trueup/shared/";

/** Every name that texts stand for, each once. A list with commas may have some among its items. */
export const namesIn = (texts: Texts): readonly string[] => [
  ...new Set(Object.values(texts).flatMap((text) => text.split(",").flatMap(nameOf))),
];

const nameOf = (item: string): readonly string[] =>
  item.startsWith(scheme) ? [item.slice(scheme.length)] : [];

const scheme = "ssm:";

/** The texts with what their names stand for; names that are not known stay as they are. */
export const filledIn = <T extends Texts>(texts: T, values: ReadonlyMap<string, string>): T =>
  Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [
      key,
      text
        .split(",")
        .map((item) => values.get(nameOf(item)[0] ?? "") ?? item)
        .join(","),
    ]),
  ) as T;

/** All that texts name and may not: whoever can push would read it in a template. */
export const refusedNames = (
  texts: Texts,
  standing: Standing,
  { ssm }: Pick<Registration, "ssm">,
): readonly Diagnostic[] =>
  eachName(texts, standing, (name) =>
    name.startsWith(shared) || ssm.includes(name)
      ? undefined
      : {
          code: "not-permitted",
          message: `the registration does not allow \`${name}\``,
          help: `take one below ${shared}, or have it put in the registration's \`ssm\``,
        },
  );

/** All that is named and not for the controller to read: its role has what the installation says. */
export const deniedNames = (
  texts: Texts,
  standing: Standing,
  found: ReadonlyMap<string, StoredValue>,
): readonly Diagnostic[] =>
  eachName(texts, standing, (name) => {
    if (!isRefused(found.get(name))) return undefined;
    const message = `the controller may not read the parameter \`${name}\``;
    const help = `take one below ${shared}, or have the installation's \`SharedParameters\` name it`;
    return { code: "not-permitted", message, help };
  });

/** All that is named and cannot be had; what is not for whoever asks may be there. */
export const lackingNames = (
  texts: Texts,
  standing: Standing,
  found: ReadonlyMap<string, StoredValue>,
): readonly Diagnostic[] =>
  eachName(texts, standing, (name) => {
    const value = found.get(name);
    if (value === undefined) {
      const message = `there is no parameter \`${name}\``;
      const help = "make one, in the account and region of the controller, or mend the name";
      return { code: "missing-parameter", message, help };
    }
    if (!("isSecret" in value)) return undefined;
    const message = `\`${name}\` is a SecureString, which is not read`;
    const help = "what is secret is given to containers by `secrets:`, never written in a template";
    return { code: "secret-parameter", message, help };
  });

type Wrong = Pick<Diagnostic, "code" | "message" | "help">;

const eachName = (
  texts: Texts,
  { keys, positionOf }: Standing,
  wrongOf: (name: string) => Wrong | undefined,
): readonly Diagnostic[] =>
  Object.entries(texts).flatMap(([key, text]) =>
    namesIn({ [key]: text }).flatMap((name): readonly Diagnostic[] => {
      const wrong = wrongOf(name);
      if (wrong === undefined) return [];
      const path = [...keys, key];
      return [{ ...positionOf(path), severity: "error", path: path.join("."), ...wrong }];
    }),
  );
