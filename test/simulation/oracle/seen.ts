import { createHash } from "node:crypto";
import {
  type ChangeSet,
  type Configuration,
  type Stack,
  stateOf,
  type Template,
  type Value,
} from "../../../src/sandbox/cloudformation/state.ts";
import { queuesOf } from "../../../src/sandbox/sqs/queues.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { account, elsewhere, region, rolesElsewhere } from "../shop.ts";

// What the oracle sees of the world, and its own way to a digest: nothing here is the controller's.

/** Where the shop is: elsewhere, if that was ever set up. */
function place(world: World) {
  const other = world
    .places("cloudformation")
    .find((one) => one.account === elsewhere.account && one.region === elsewhere.region);
  const isThere = other !== undefined && Object.keys(stateOf(other).stacks).length > 0;
  return { world, ...(isThere ? elsewhere : { account, region }) };
}

export const changeSetOf = (world: World, arn: string): ChangeSet | undefined =>
  stateOf(place(world)).changeSets[arn];

/** Stacks that are there, deleted ones too. */
export const everyStack = (world: World): readonly Stack[] =>
  Object.values(stateOf(place(world)).stacks);

export const liveStacks = (world: World): readonly Stack[] =>
  everyStack(world).filter(({ status }) => status !== "DELETE_COMPLETE");

export const stackOf = (world: World, nameOrId: string): Stack | undefined =>
  liveStacks(world).find(({ id, name }) => id === nameOrId || name === nameOrId);

export const changeSetsOn = (world: World, stack: Stack): readonly ChangeSet[] =>
  Object.values(stateOf(place(world)).changeSets).filter(({ stackId }) => stackId === stack.id);

/** Whether something waits in a dead-letter queue, of which an alarm tells: the sweep is what it waits for. */
export const isGivenUp = (world: World): boolean =>
  Object.values(queuesOf({ account, region, world }).queues).some(
    ({ messages, name }) => name.includes("DeadLetterQueue") && messages.length > 0,
  );

/** `base`, `s-web`, …: undefined for a stack that is somebody else's. */
export const unitOf = (stackName: string): string | undefined =>
  /^trueup-shop-dev-(.+)-[0-9a-f]{8}$/.exec(stackName)?.[1];

export const isOurs = (changeSetName: string): boolean =>
  /^trueup-[0-9a-f]{20}-/.test(changeSetName);

/** The name in a change set's ARN. */
export const nameIn = (arn: string | undefined): string => arn?.split("/")[1] ?? "";

export const stampOf = (stack: Stack): string | undefined =>
  stack.outputs.find(({ key }) => key === "TrueupDigest")?.value;

export const stampIn = (template: Template): string | undefined => {
  const value = template.Outputs?.TrueupDigest?.Value;
  return typeof value === "string" ? value : undefined;
};

/** Whether a stack was ever whole: before that it holds nothing that anybody relies on. */
export const wasWhole = ({ events, id }: Stack): boolean =>
  events.some(
    ({ physicalId, status }) =>
      physicalId === id && (status === "CREATE_COMPLETE" || status === "IMPORT_COMPLETE"),
  );

const stateful: ReadonlySet<string> = new Set(["AWS::DynamoDB::Table", "AWS::SQS::Queue"]);

export const isStateful = (type: string): boolean => stateful.has(type);

/** The digest of what a change set holds, worked out anew from what CloudFormation was sent. */
export function digestOf(stackName: string, configuration: Configuration): string {
  const { Metadata: _, Outputs = {}, ...template } = JSON.parse(configuration.text);
  const { TrueupDigest: __, ...outputs } = Outputs;
  const { parameters, roleArn, tags } = configuration;
  const where = roleArn === rolesElsewhere.cloudformationRole ? elsewhere : { account, region };
  const values = Object.entries(parameters).map(([name, { value }]) => [name, value] as const);
  return hash({
    ...where,
    capabilities: configuration.capabilities,
    ...(roleArn === undefined ? {} : { cloudFormationRole: roleArn }),
    name: stackName,
    parameters: Object.fromEntries(values),
    tags,
    template: Object.keys(outputs).length === 0 ? template : { ...template, Outputs: outputs },
  });
}

const hash = (value: unknown): string => createHash("sha256").update(sorted(value)).digest("hex");

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${sorted(item)}`);
  return `{${members.join(",")}}`;
}

const at = (value: Value | undefined, ...path: readonly (string | number)[]): Value | undefined => {
  let found: unknown = value;
  for (const step of path) found = (found as Record<string | number, unknown> | undefined)?.[step];
  return found as Value | undefined;
};

/** What a template says of the few things that histories change. */
export interface Said {
  readonly queues: Readonly<Record<string, number>>;
  readonly key: string | undefined;
  readonly notes: readonly string[];
  readonly images: readonly string[];
}

/** Whether ECS is to go on trying what does not come up. */
export const isPatient = ({ Resources }: Template): boolean =>
  Object.values(Resources).some(
    ({ Properties = {}, Type }) =>
      Type === "AWS::ECS::Service" &&
      at(Properties, "DeploymentConfiguration", "DeploymentCircuitBreaker", "Enable") === false,
  );

/** The containers of all tasks. */
export const containersIn = ({ Resources }: Template): readonly Value[] =>
  Object.values(Resources).flatMap(({ Properties = {}, Type }) =>
    Type === "AWS::ECS::TaskDefinition"
      ? ((at(Properties.ContainerDefinitions) ?? []) as readonly Value[])
      : [],
  );

export function saidIn(template: Template): Said {
  const { Resources } = template;
  const all = Object.entries(Resources);
  const of = (type: string) => all.filter(([, { Type }]) => Type === type);
  const queues = of("AWS::SQS::Queue").map(([id, { Properties = {} }]) => [
    id,
    Number(Properties.VisibilityTimeout),
  ]);
  const [table] = of("AWS::DynamoDB::Table");
  const containers = containersIn(template);
  const variables = containers.flatMap((one) => (at(one, "Environment") ?? []) as readonly Value[]);
  const key = at(table?.[1].Properties ?? {}, "KeySchema", 0, "AttributeName");
  return {
    queues: Object.fromEntries(queues),
    key: key === undefined ? undefined : String(key),
    notes: variables.flatMap((one) =>
      at(one, "Name") === "NOTE" ? [String(at(one, "Value"))] : [],
    ),
    images: containers.map((one) => String(at(one, "Image"))),
  };
}
