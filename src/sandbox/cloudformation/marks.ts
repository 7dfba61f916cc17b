import { typeOf } from "./schema.ts";
import type { Properties, Resource, Stack, Value } from "./state.ts";
import { isObject } from "./templates/references.ts";

// By what resources are looked for among those of all stacks.

export const typeMark = (type: string): string => `type ${type}`;

/** `claim`: the name that a resource occupies, as `Resource.claim` has it. */
export const claimMark = (claim: string): string => `claim ${claim}`;

export const tagMark = (key: string, value: string): string => JSON.stringify([key, value]);

/** Of a listener or a rule of one that may send something to a target group. */
export const targetMark = (targetGroupArn: string): string => `target ${targetGroupArn}`;

/** All by which a stack itself is looked for. */
export const marksOfStack = ({ configuration }: Stack): readonly string[] =>
  Object.entries(configuration?.tags ?? {}).map(([key, value]) => tagMark(key, value));

/** All by which a resource is looked for. */
export const marksOf = (resource: Resource): readonly string[] => [
  typeMark(resource.type),
  ...(resource.claim === undefined ? [] : [claimMark(resource.claim)]),
  ...Object.entries(tagsGiven(resource)).map(([key, value]) => tagMark(key, value)),
  ...(isListener(resource) ? textsIn(resource.properties).map(targetMark) : []),
];

/** A listener of a load balancer, or a rule of one. */
export const isListener = ({ type }: Pick<Resource, "type">): boolean =>
  /::Listener(Rule)?$/.test(type);

/** Its own tags over those of its stack; none where its type takes none. */
export function tagsGiven({ properties, tags, type }: Resource): Readonly<Record<string, string>> {
  const information = typeOf(type)?.tagInformation;
  if (information === undefined) return {};
  return { ...tags, ...ownTags(properties[information.tagPropertyName]) };
}

function ownTags(own: Value | undefined): Readonly<Record<string, string>> {
  if (Array.isArray(own)) return Object.fromEntries(own.flatMap(pairOf));
  return isObject(own) ? texts(own) : {};
}

const pairOf = (tag: Value): readonly (readonly [string, string])[] =>
  isObject(tag) ? [[String(tag.Key), String(tag.Value)]] : [];

const texts = (tags: Properties): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));

/** Every text in a value, at whatever depth. */
function textsIn(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
