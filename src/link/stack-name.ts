import { sha256 } from "../model/digest.ts";

const longest = 100;

/**
 * `<prefix>-<app>-<env>-<unit>-<h>`: the hash tells names apart that fold together, and which key
 * a stack belongs to. `stem` stands for the first three where a person gives one.
 */
export function stackName(
  prefix: string,
  application: string,
  environment: string,
  unit: string,
  stem?: string,
): string {
  const hash = hashOf(application, environment, unit);
  const parts = stem === undefined ? [prefix, application, environment] : [stem];
  const readable = [...parts, unit].map(slug).join("-");
  return `${readable.slice(0, longest - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}

/** Whether a stack of this name can be an environment's unit, whatever the prefix. */
export const isNameOf = (
  name: string,
  application: string,
  environment: string,
  unit: string,
): boolean => name.endsWith(`-${hashOf(application, environment, unit)}`);

const hashOf = (application: string, environment: string, unit: string): string =>
  sha256(JSON.stringify([application, environment, unit])).slice(0, 8);

/** What the names of an environment's stacks begin with: other environments' may begin so too. */
export const stackStem = (prefix: string, application: string, environment: string): string =>
  [prefix, application, environment]
    .map(slug)
    .join("-")
    .slice(0, longest - 10);

/** What a stack's name may hold; a name begins with a letter. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
