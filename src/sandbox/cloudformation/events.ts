import type { Context } from "../world.ts";
import { leaveStack } from "./directory.ts";
import type { Resource, Stack, Value } from "./state.ts";
import { secretsOf } from "./templates/parameters.ts";
import { isObject } from "./templates/references.ts";

type StackMove = Pick<Stack, "status"> & { readonly reason?: string };

/** Puts a stack into a status: the stack event and the event on the bus. */
export function moveStack(stack: Stack, { reason, status }: StackMove, context: Context): void {
  stack.status = status;
  if (status === "DELETE_COMPLETE") leaveStack(stack, context);
  stack.reason = reason;
  const token = stack.operation?.token;
  const operationId = stack.operation?.id;
  stack.events.push({
    id: context.world.uuid(),
    logicalId: stack.name,
    physicalId: stack.id,
    type: "AWS::CloudFormation::Stack",
    at: context.world.now,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(token === undefined ? {} : { token }),
    ...(operationId === undefined ? {} : { operationId }),
  });
  emit(
    "CloudFormation Stack Status Change",
    stack,
    {
      "status-details": { status, "status-reason": reason ?? "" },
    },
    context,
  );
}

/** What becomes of one resource. */
export interface ResourceMove {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly status: string;
  readonly reason?: string;
  /** Absent when the update that made it superfluous deletes it: AWS then shows none. */
  readonly properties?: Resource["properties"];
}

/** A stack event of one resource, and its event on the bus. */
export function noteResource(stack: Stack, move: ResourceMove, context: Context): void {
  const { logicalId, physicalId, properties, reason, status, type } = move;
  const at = context.world.now;
  const token = stack.operation?.token;
  const operationId = stack.operation?.id;
  stack.events.push({
    id:
      properties === undefined
        ? `${logicalId}-${context.world.uuid()}`
        : `${logicalId}-${status}-${new Date(at).toISOString()}`,
    logicalId,
    physicalId,
    type,
    at,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(properties === undefined ? {} : { properties: JSON.stringify(masked(properties, stack)) }),
    ...(token === undefined ? {} : { token }),
    ...(operationId === undefined ? {} : { operationId }),
  });
  emit(
    "CloudFormation Resource Status Change",
    stack,
    {
      "logical-resource-id": logicalId,
      "physical-resource-id": physicalId,
      "resource-type": type,
      "status-details": { status, "status-reason": reason ?? "" },
    },
    context,
  );
}

/** A value without what `NoEcho` parameters hold. Of short secrets only the whole is known again. */
export function masked(value: Value, stack: Pick<Stack, "configuration">): Value {
  const { configuration } = stack;
  if (configuration === undefined) return value;
  const secrets = secretsOf(configuration.template, configuration.parameters);
  return secrets.length === 0 ? value : without(secrets, value);
}

function without(secrets: readonly string[], value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => without(secrets, item));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, without(secrets, item)]),
    );
  }
  if (typeof value !== "string") return value;
  // The contexts of a change set are JSON in text.
  if (value.startsWith('{"Properties":')) {
    return JSON.stringify(without(secrets, JSON.parse(value)));
  }
  return secrets.reduce((text, secret) => hidden(text, secret), value);
}

function hidden(text: string, secret: string): string {
  if (text === secret) return "****";
  return secret.length < 4 ? text : text.replaceAll(secret, "****");
}

/** An event about a stack on the bus. */
export function emit(detailType: string, stack: Stack, detail: object, context: Context): void {
  context.world.emit({
    "detail-type": detailType,
    source: "aws.cloudformation",
    account: context.account,
    region: context.region,
    resources: [stack.id],
    detail: {
      "stack-id": stack.id,
      ...detail,
      "client-request-token": stack.operation?.token ?? "",
    },
  });
}
