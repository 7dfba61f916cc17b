import type { Context } from "../world.ts";
import type { Resource, Stack } from "./state.ts";
import { secretsOf } from "./templates/parameters.ts";

type StackMove = Pick<Stack, "status"> & { readonly reason?: string };

/** Puts a stack into a status: the stack event and the event on the bus. */
export function moveStack(stack: Stack, { reason, status }: StackMove, context: Context): void {
  stack.status = status;
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
    ...(properties === undefined ? {} : { properties: masked(JSON.stringify(properties), stack) }),
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

/** A text without the values of `NoEcho` parameters. */
export function masked(text: string, { configuration }: Pick<Stack, "configuration">): string {
  if (configuration === undefined) return text;
  return secretsOf(configuration.template, configuration.parameters).reduce(
    (shown, secret) => shown.replaceAll(JSON.stringify(secret).slice(1, -1), "****"),
    text,
  );
}

function emit(detailType: string, stack: Stack, detail: object, context: Context): void {
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
