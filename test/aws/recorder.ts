import type { Call, Caller, Identity, Operation } from "../../src/aws/call.ts";

/** One request as it went out. */
interface Request {
  readonly operation: Operation;
  readonly input: unknown;
}

type Answer = (input: never) => unknown;

/** Writes down every request, and answers each from the next in its operation's list. */
export function recorder(answers: Partial<Record<Operation, readonly (Answer | object)[]>>) {
  const requests: Request[] = [];
  const identities: Identity[] = [];
  const left = new Map(Object.entries(answers).map(([key, list]) => [key, [...list]]));
  const call = (async (operation: Operation, input: unknown) => {
    requests.push({ operation, input });
    const answer = left.get(operation)?.shift();
    if (answer === undefined) throw new Error(`No answer for ${operation}`);
    if (answer instanceof Error) throw answer;
    return typeof answer === "function" ? answer(input as never) : answer;
  }) as Call;
  const caller: Caller = (identity) => {
    identities.push(identity);
    return call;
  };
  return { call, caller, identities, requests };
}

/** An error as the SDK throws it. */
export const awsError = (name: string, message = name): Error =>
  Object.assign(new Error(message), { name });
