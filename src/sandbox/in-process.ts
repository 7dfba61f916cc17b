import { principalOf } from "./callers.ts";
import { AwsError, type Principal, type World } from "./world.ts";

/**
 * The world's answers as an SDK client would give them, without a socket: inputs and answers are
 * copies, errors have the SDK's names.
 */
export function callsOf(
  world: World,
  principal: Principal,
): (operation: string, input: unknown) => Promise<unknown> {
  return async (operation, input) => answerOf(world, principal, operation, input);
}

/** One such answer, at once. */
export function answerOf(
  world: World,
  principal: Principal,
  operation: string,
  input: unknown,
): unknown {
  return asClient(operation, () => world.call(operation, sent(input), principal));
}

/** One such answer to whoever holds an access key: whose it is shows at each call, for keys run out. */
export function answerTo(
  world: World,
  { accessKeyId, region }: { readonly accessKeyId: string; readonly region: string },
  operation: string,
  input: unknown,
): unknown {
  return asClient(operation, () => {
    const [service = ""] = operation.split(":");
    return world.call(operation, sent(input), principalOf(world, { accessKeyId, region, service }));
  });
}

function asClient(operation: string, answer: () => unknown): unknown {
  try {
    return shaped(operation, copied(answer()));
  } catch (error) {
    throw error instanceof AwsError ? sdkError(error) : error;
  }
}

/** Wire codes that the SDK gives another name. */
const renamed: Readonly<Record<string, string>> = {
  ChangeSetNotFound: "ChangeSetNotFoundException",
  InvalidChangeSetStatus: "InvalidChangeSetStatusException",
};

function sdkError({ code, message, status }: AwsError): Error {
  return Object.assign(new Error(message), {
    name: renamed[code] ?? code,
    $fault: status < 500 ? "client" : "server",
    $metadata: { httpStatusCode: status },
  });
}

/** A client sends no members that are undefined, and never its own objects. */
function sent(input: unknown): unknown {
  if (typeof input !== "object" || input === null) return input;
  const copy: Record<string, unknown> = {};
  for (const key in input) {
    const value = (input as Record<string, unknown>)[key];
    if (value !== undefined) copy[key] = copied(value);
  }
  return copy;
}

/** A copy of plain data; dates and bytes, which nobody changes, are the same. */
function copied(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    copy[key] = typeof part === "object" ? copied(part) : part;
  }
  return copy;
}

function shaped(operation: string, answer: unknown): unknown {
  if (operation !== "s3:GetObject") return answer;
  const { Body, ETag } = answer as { readonly Body: Uint8Array; readonly ETag: string };
  return { text: Buffer.from(Body).toString(), ETag };
}
