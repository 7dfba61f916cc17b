import { type Diagnostic, isError, renderDiagnostic } from "../model/diagnostic.ts";
import { TerminalError } from "../model/errors.ts";
import { UsageError } from "./usage.ts";
import type { Io, Verb } from "./verb.ts";

/** What went wrong, in lines for a person, with what to do about it where that is known. */
export function explained(
  error: unknown,
  { usage }: Pick<Verb, "usage">,
  { env }: Pick<Io, "env">,
): readonly string[] {
  if (error instanceof UsageError) return [error.message, `usage: ${usage}`];
  if (error instanceof TerminalError) return terminal(error);
  if (!(error instanceof Error)) return [String(error)];
  const help = helpFor(error, env.AWS_ENDPOINT_URL);
  return [`${error.name}: ${error.message}`, ...(help === undefined ? [] : [help])];
}

const terminal = ({ diagnostics, message, reason }: TerminalError): readonly string[] =>
  diagnostics.length > 0 ? told(diagnostics) : [`${reason}: ${message}`];

/** What is only warned of is told first, and as that, beside what is wrong: the last lines are those to mend. */
export function told(diagnostics: readonly Diagnostic[]): readonly string[] {
  const wrong = diagnostics.filter(isError).map(renderDiagnostic);
  const odd = diagnostics.filter((one) => !isError(one)).map(renderDiagnostic);
  return wrong.length === 0 ? odd : [...odd.map((line) => `warning: ${line}`), ...wrong];
}

/** What a person at a desk meets before AWS has answered anything. */
function helpFor(error: Error, endpoint: string | undefined): string | undefined {
  const { code } = (error.cause ?? error) as NodeJS.ErrnoException;
  if (error.name === "CredentialsProviderError")
    return 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; for the sandbox, eval "$(npx trueup dev env)".';
  if (error.name.startsWith("ExpiredToken")) return "The session has ended: sign in again.";
  if (error.name === "NoSuchBucket")
    return "The controller has its bucket elsewhere: is it this account, and AWS_REGION its region? trueup doctor looks.";
  if ((code === "ECONNREFUSED" || code === "ENOTFOUND") && endpoint !== undefined)
    return `Nothing answers at ${endpoint}, which AWS_ENDPOINT_URL names: is \`trueup dev\` running?`;
  if (code === "ERR_INVALID_URL" && endpoint !== undefined)
    return `AWS_ENDPOINT_URL is ${endpoint}: write an address, as in http://127.0.0.1:4566.`;
  return undefined;
}
