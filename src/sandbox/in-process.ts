import { AwsError, type Principal, type World } from "./world.ts";

/**
 * The world's answers as an SDK client would give them, without a socket: inputs and answers are
 * copies, errors have the SDK's names.
 */
export function callsOf(
  world: World,
  principal: Principal,
): (operation: string, input: unknown) => Promise<unknown> {
  return async (operation, input) => {
    try {
      return shaped(operation, structuredClone(world.call(operation, copied(input), principal)));
    } catch (error) {
      throw error instanceof AwsError ? sdkError(error) : error;
    }
  };
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
const copied = (input: unknown): unknown =>
  structuredClone(
    typeof input === "object" && input !== null
      ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
      : input,
  );

function shaped(operation: string, answer: unknown): unknown {
  if (operation !== "s3:GetObject") return answer;
  const { Body, ETag } = answer as { readonly Body: Uint8Array; readonly ETag: string };
  return { text: Buffer.from(Body).toString(), ETag };
}
