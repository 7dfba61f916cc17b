import { deploy } from "../ecs/deployments.ts";
import type { Declared } from "../ecs/state.ts";
import type { Context } from "../world.ts";
import { type Held, holderOf } from "./held.ts";
import type { Properties, Value } from "./state.ts";
import { isObject } from "./templates/references.ts";

/** One operation of a JSON patch, as far as people need them. */
export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: Value;
}

/** Changes a resource behind its stack's back: the stack goes on to believe what it declared. */
export function changeByHand(held: Held, patch: readonly PatchOperation[], context: Context): void {
  const { logicalId, stack } = holderOf(held, context);
  const resource = stack.resources[logicalId];
  if (resource === undefined || resource.live === "gone") return;
  const live = patch.reduce(patched, resource.live ?? resource.properties);
  stack.resources[logicalId] = { ...resource, live };
  if (resource.type !== "AWS::ECS::Service") return;
  deploy(context, { arn: resource.physicalId, properties: live as Declared });
}

/** Deletes a resource behind its stack's back. */
export function deleteByHand(held: Held, context: Context): void {
  const { logicalId, stack } = holderOf(held, context);
  const resource = stack.resources[logicalId];
  if (resource !== undefined) stack.resources[logicalId] = { ...resource, live: "gone" };
}

/** The properties after one operation; `path` is a JSON pointer, and may not go through lists. */
function patched(before: Properties, { op, path, value }: PatchOperation): Properties {
  const [first = "", ...rest] = path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return at(before, [first, ...rest], op === "remove" ? undefined : value);
}

function at(
  before: Properties,
  [first, ...rest]: readonly [string, ...string[]],
  value: Value | undefined,
): Properties {
  const { [first]: old, ...others } = before;
  const [next, ...more] = rest;
  if (next !== undefined) {
    return { ...before, [first]: at(isObject(old) ? old : {}, [next, ...more], value) };
  }
  return value === undefined ? others : { ...before, [first]: value };
}
