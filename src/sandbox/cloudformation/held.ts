import type { Context } from "../world.ts";
import { liveStacks, stacksMarked } from "./directory.ts";
import { tagsGiven, typeMark } from "./marks.ts";
import { typeOf } from "./schema.ts";
import { type Properties, type Resource, type Stack, stateOf, type Value } from "./state.ts";
import { isObject } from "./templates/references.ts";

/** A resource that a stack holds, as services see it that know nothing of stacks. */
export interface Held {
  readonly type: string;
  /** The values of its type's primary identifier, with `|` between. */
  readonly identifier: string;
  /** Undefined: its type has none. */
  readonly arn: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** What it was declared with and, beside it, what it turned out to be. */
  readonly properties: Properties;
  readonly stackId: string;
  readonly logicalId: string;
}

/** The stack that holds a resource. */
export function holderOf({ logicalId, stackId }: Held, context: Context) {
  const stack = stateOf(context).stacks[stackId];
  if (stack === undefined) throw new Error(`No stack ${stackId}`);
  return { logicalId, stack };
}

/** Everything that stacks hold, of all of an account and region unless some are named, in the order of identifiers. */
export const heldIn = (
  context: Context,
  stacks: readonly Stack[] = [...liveStacks(context).values()],
): readonly Held[] =>
  stacks
    .flatMap((stack) =>
      Object.values(stack.resources)
        .filter(exists)
        .map((resource) => heldOf(resource, stack, context)),
    )
    .sort((a, b) => (a.identifier < b.identifier ? -1 : Number(a.identifier > b.identifier)));

/** The resources of one type that the stacks of an account and region have made. */
export const declaredIn = (context: Context, type: string): readonly Resource[] =>
  stacksMarked(typeMark(type), context)
    .flatMap(({ resources }) => Object.values(resources))
    .filter((resource) => resource.type === type && exists(resource));

const exists = ({ live, physicalId, status }: Resource): boolean =>
  live !== "gone" &&
  physicalId !== "" &&
  status !== "DELETE_COMPLETE" &&
  status !== "CREATE_FAILED";

function heldOf(resource: Resource, stack: Stack, context: Context): Held {
  const { attributes, live, physicalId, type } = resource;
  const properties = live === undefined || live === "gone" ? resource.properties : live;
  const known: Properties = { ...properties, ...nested(attributes) };
  const identifiers = typeOf(type)?.primaryIdentifier ?? [];
  return {
    type,
    identifier:
      identifiers.map((name) => String(known[name] ?? physicalId)).join("|") || physicalId,
    arn: arnOf(resource, context),
    tags: tagsOf(resource, stack),
    stackId: stack.id,
    logicalId: resource.logicalId,
    properties: {
      ...Object.fromEntries(identifiers.map((name) => [name, physicalId])),
      ...known,
    },
  };
}

/** `Endpoint.Address` is a member of the property `Endpoint`, and comes after it. */
function nested(attributes: Properties): Properties {
  const found: Record<string, Value> = {};
  for (const [name, value] of Object.entries(attributes).sort()) {
    const [first = "", member] = name.split(".");
    const others = found[first];
    found[first] =
      member === undefined ? value : { ...(isObject(others) ? others : {}), [member]: value };
  }
  return found;
}

function arnOf({ attributes, physicalId, type }: Resource, context: Context): string | undefined {
  const given = [physicalId, attributes.Arn].find((value) => String(value).startsWith("arn:"));
  if (given !== undefined) return String(given);
  const place: Readonly<Record<string, string>> = {
    Partition: "aws",
    Region: context.region,
    Account: context.account,
  };
  return typeOf(type)?.arnTemplate?.replaceAll(
    /\$\{([^}]+)\}/g,
    (_, part: string) => place[part] ?? physicalId,
  );
}

/** Its tags, with those that CloudFormation gives by itself. */
const tagsOf = (resource: Resource, { id, name }: Stack): Readonly<Record<string, string>> =>
  typeOf(resource.type)?.tagInformation === undefined
    ? {}
    : {
        ...tagsGiven(resource),
        "aws:cloudformation:logical-id": resource.logicalId,
        "aws:cloudformation:stack-id": id,
        "aws:cloudformation:stack-name": name,
      };
