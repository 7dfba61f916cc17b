import type { Check, Finding, Verdict } from "../../model/verification.ts";
import type { Attempt } from "../../ports/ports.ts";
import type { Call } from "../call.ts";
import { objectFrom } from "../parameters.ts";

/**
 * Asks a Lambda function, and waits: it gets `{revision, environment, outputs}` and answers
 * `{"verdict":"passed|failed|inconclusive","message"}`. One that takes longer than a request may is
 * a build or a task.
 */
export async function lookAtFunction(
  { function: name }: Extract<Check, { readonly kind: "lambda" }>,
  { environment, outputs, revision }: Attempt,
  call: Call,
): Promise<Finding> {
  const { FunctionError, Payload } = await call("lambda:Invoke", {
    FunctionName: name,
    InvocationType: "RequestResponse",
    Payload: new TextEncoder().encode(JSON.stringify({ revision, environment, outputs })),
  });
  const text = new TextDecoder().decode(Payload);
  if (FunctionError !== undefined) return { kind: "errored", message: `threw: ${cut(text)}` };
  const answer = objectFrom(text);
  if (typeof answer === "string") return { kind: "errored", message: `its answer ${answer}` };
  const { message = "", verdict } = answer;
  if (!isVerdict(verdict)) {
    const shape = '{"verdict":"passed|failed|inconclusive","message":"…"}';
    return { kind: "errored", message: `its answer is not ${shape}: ${cut(text)}` };
  }
  return { kind: "said", verdict, message: message === "" ? verdict : cut(String(message)) };
}

const isVerdict = (value: unknown): value is Verdict =>
  value === "passed" || value === "failed" || value === "inconclusive";

/** Enough to know what is meant, and little enough to be published. */
const cut = (text: string): string => (text.length <= 300 ? text : `${text.slice(0, 300)}…`);
