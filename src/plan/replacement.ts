import data from "./data/replacement.json" with { type: "json" };

/** Whether another value of a property is another physical resource. */
export type Replacement = "never" | "maybe" | "always";

/**
 * What CloudFormation does when a property at `path` (as `["DnsConfig", "NamespaceId"]`, without
 * the indexes of lists) gets another value. What the schema data doesn't know may replace.
 */
export function replacementBy(type: string, path: readonly string[]): Replacement {
  const rules = byType.get(type);
  if (rules === undefined) return "maybe";
  const above = path.map((_, index) => path.slice(0, index + 1).join("."));
  if (above.some((name) => rules.replace.has(name))) return "always";
  if (above.some((name) => rules.maybe.has(name))) return "maybe";
  return above.some((name) => rules.update.has(name)) ? "never" : "maybe";
}

/**
 * Whether an attribute stays while its resource does, as its ARN does: then an update in place
 * changes nothing for whoever asks for it, although CloudFormation reports that it may.
 */
export const isFixed = (type: string, attribute: string): boolean =>
  byType.get(type)?.fixed.has(attribute) ?? (attribute === "Arn" || attribute === "Id");

const names = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const byType = new Map(
  Object.entries(data).map(([type, { replace, maybe, update, fixed }]) => [
    type,
    {
      replace: names(replace),
      maybe: names(maybe),
      update: names(update),
      fixed: names(fixed),
    },
  ]),
);
