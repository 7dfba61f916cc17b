import { sha256 } from "../model/digest.ts";
import type { Condition, EnvironmentStatus } from "../model/status.ts";
import { watched } from "./next-look.ts";

/** Of what kind an error is that may pass by itself: too much was asked, or nobody answered. */
export type ErrorClass = "throttled" | "unreachable" | "other";

/** Sorts errors by what they say of themselves, as in `ThrottlingException: Rate exceeded`. */
export function errorClassOf(text: string): ErrorClass {
  if (throttled.test(text)) return "throttled";
  return unreachable.test(text) ? "unreachable" : "other";
}

// Each service has a word of its own for either.
const throttled =
  /^(\w*Throttl\w*|TooMany(Requests|Updates)\w*|RequestLimitExceeded|SlowDown)\b|Rate exceeded/;
const unreachable =
  /^(\w*Timeout\w*|NetworkingError|ServiceUnavailable\w*|\w*Internal(Error|Exception|Failure|Serv)\w*|Serv(er|ice)Exception)\b|\b(ECONN[A-Z]+|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT)\b/;

/** Whether somebody may not do what was asked for: only another permission mends that. */
export const isRefusal = (text: string): boolean =>
  errorClassOf(text) === "other" && /denied|not authorized/i.test(text);

/** Seconds: what a first error waits, and what none waits longer than. */
const shortest = 60;
const longest = 600;

interface Moment {
  /** Whose error it is. */
  readonly key: string;
  readonly before: Pick<EnvironmentStatus, "conditions"> & {
    readonly nextLook?: string | undefined;
  };
  /** ISO 8601. */
  readonly now: string;
}

interface Retry {
  /** The next try, in milliseconds since the epoch; undefined: whenever everything is looked at. */
  readonly at: number | undefined;
  /** Since when the error stays. ISO 8601. */
  readonly since: string;
}

/**
 * When to try again after an error. While the same error stays each wait is up to twice the one
 * before, which is how long it has been waited for altogether, and once more the shortest. What was
 * refused together does not come back together. A pass that something else woke before its time does
 * not count. What is refused for an hour waits for somebody, and is left to the sweep.
 */
export function retryAfter(text: string, { before, key, now }: Moment): Retry {
  const time = Date.parse(now);
  const after = (wait: number): number => time + wait * 1000 * share(`${key} ${now}`);
  const last = before.conditions.find(({ type }) => type === "Reconciling");
  const isSame = last?.reason === retrying && sameErrorOf(last.message) === sameErrorOf(text);
  if (isSame && isRefusal(text) && time - Date.parse(last.since) > watched)
    return { at: undefined, since: last.since };
  if (!isSame || before.nextLook === undefined) return { at: after(shortest), since: now };
  const { since } = last;
  const expected = Date.parse(before.nextLook);
  if (time < expected) return { at: expected, since };
  const waited = (expected - Date.parse(since)) / 1000;
  return { at: after(Math.min(waited + shortest, longest)), since };
}

/** `Reconciling` is there since the error is, and not since anything else went on. */
export const waiting =
  (since: string) =>
  (condition: Condition): Condition =>
    condition.type === "Reconciling" ? { ...condition, since } : condition;

/** From a half to one, by the text alone. */
const share = (text: string): number =>
  0.5 + Number.parseInt(sha256(text).slice(0, 8), 16) / 2 ** 33;

/** The reason of a condition that tells of an error which may pass. */
export const retrying = "ProgressingWithRetry";

/** An error in one line, its name first. */
export const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** What errors have in common that are one and the same to whoever waits for their end. */
export function sameErrorOf(text: string): string {
  const kind = errorClassOf(text);
  return kind === "other" ? `other ${text.split(":", 1)[0]}` : kind;
}
