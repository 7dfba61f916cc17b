import type { Properties, Resource } from "./state.ts";

// Of the global indexes of a table an update makes or removes one
// (docs: AWS::DynamoDB::Table, "GlobalSecondaryIndexes").

/** Why a table cannot be changed so. */
export function atOnce({ properties: before, type }: Resource, desired: Properties) {
  if (type !== "AWS::DynamoDB::Table") return undefined;
  const [old, wanted] = [namesIn(before), namesIn(desired)];
  const changes = [...old].filter((name) => !wanted.has(name)).length;
  const all = changes + [...wanted].filter((name) => !old.has(name)).length;
  return all > 1
    ? "Cannot perform more than one GSI creation or deletion in a single update"
    : undefined;
}

const namesIn = ({ GlobalSecondaryIndexes: all }: Properties): ReadonlySet<string> =>
  new Set((Array.isArray(all) ? all : []).map((index) => String((index as Properties).IndexName)));
