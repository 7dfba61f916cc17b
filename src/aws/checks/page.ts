import type { Check, Finding } from "../../model/verification.ts";
import { isNamed } from "../answers.ts";
import type { Call } from "../call.ts";

/** Asks a public address once. No answer is a no: whoever listens there may still be starting. */
export async function lookAtPage(
  { host, match, status, url }: Extract<Check, { readonly kind: "http" }>,
  call: Call,
): Promise<Finding> {
  const got = await call("http:Get", { url, ...(host === undefined ? {} : { host }) }).catch(
    (error: unknown) => {
      if (isNamed(error, "NotPublicError", "TypeError")) throw error;
      return String(error);
    },
  );
  const failed = (message: string): Finding => ({ kind: "said", verdict: "failed", message });
  if (typeof got === "string") return failed(`no answer: ${got}`);
  if (got.status !== status) return failed(`answers ${got.status} where ${status} is asked for`);
  if (match !== undefined && !got.body.includes(match)) {
    return failed(`answers ${status}, and nowhere says ${JSON.stringify(match)}`);
  }
  return { kind: "said", verdict: "passed", message: `answers ${status}` };
}
