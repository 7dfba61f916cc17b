import type { Check, Finding, Verdict, Verification } from "../model/verification.ts";

/** A verification of a revision that has not begun yet. */
export const beginning = (
  of: Pick<Verification, "bundle" | "revision" | "run">,
  now: string,
): Verification => ({ ...of, began: now, index: 0, since: now, tries: 0, errors: 0 });

/** Where a verification is after a look: under way, or at its end. */
export type Progress =
  | { readonly kind: "going"; readonly verification: Verification; readonly message: string }
  | { readonly kind: "ended"; readonly verdict: Verdict; readonly message: string };

export interface Look {
  readonly checks: readonly Check[];
  readonly finding: Finding;
  /** ISO 8601. */
  readonly now: string;
  /** How long a verification may take in all. */
  readonly deadlineSeconds: number;
}

/** How often a check that could not be made is made again before a person has to look. */
const mostErrors = 3;

/** What a look at the current check comes to. */
export function progressOf(verification: Verification, look: Look): Progress {
  const { checks, deadlineSeconds, finding, now } = look;
  const check = checks[verification.index];
  if (check === undefined) return { kind: "ended", verdict: "passed", message: passed(checks) };
  const progress = judged(verification, check, look);
  if (progress.kind === "ended" || finding.kind === "said") return progress;
  if (secondsBetween(verification.began, now) < deadlineSeconds) return progress;
  const message = `${nameOf(check)}: is not done after ${deadlineSeconds} s: ${progress.message}`;
  return { kind: "ended", verdict: "inconclusive", message };
}

function judged(
  verification: Verification,
  check: Check,
  { checks, finding, now }: Look,
): Progress {
  const going = (change: Partial<Verification>, message: string): Progress => {
    const { handle: _, ...rest } = verification;
    const told = `${nameOf(check)}: ${message}`;
    return { kind: "going", verification: { ...rest, ...change }, message: told };
  };
  const ended = (verdict: Verdict, message: string): Progress => {
    return { kind: "ended", verdict, message: `${nameOf(check)}: ${message}` };
  };
  switch (finding.kind) {
    case "running":
      return going({ handle: finding.handle }, "is running");
    case "errored":
      return verification.errors < mostErrors
        ? going({ errors: verification.errors + 1 }, finding.message)
        : ended("inconclusive", finding.message);
    case "said": {
      const { message, verdict } = finding;
      if (verdict === "failed" && mayTryAgain(verification, check, now)) {
        return going({ tries: verification.tries + 1 }, message);
      }
      if (verdict !== "passed") return ended(verdict, message);
      const index = verification.index + 1;
      if (index === checks.length) return { kind: "ended", verdict, message: passed(checks) };
      return going({ index, since: now, tries: 0, errors: 0 }, "passed");
    }
  }
}

/** Only what is asked over the network may come right by itself. */
function mayTryAgain({ since, tries }: Verification, check: Check, now: string): boolean {
  // Stryker disable next-line ConditionalExpression: no other check has retries
  if (check.kind !== "http") return false;
  return tries < check.retries && secondsBetween(since, now) < check.withinSeconds;
}

const secondsBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / 1000;

const passed = (checks: readonly Check[]): string =>
  checks.length === 1 ? "The check passed." : `All ${checks.length} checks passed.`;

/** A check in words. */
function nameOf(check: Check): string {
  switch (check.kind) {
    case "http":
      return `http ${check.url}`;
    case "lambda":
      return `lambda ${check.function}`;
    case "codebuild":
      return `codebuild ${check.project}`;
    case "task":
      return `task ${check.service}`;
  }
}

/** A check with its placeholders filled in, or what it names that is not there. */
export type Filled =
  | { readonly kind: "filled"; readonly check: Check }
  | { readonly kind: "unknown"; readonly message: string };

/** Fills `${revision}` and `${outputs.NAME}` in. */
export function filled(
  check: Check,
  { outputs, revision }: { readonly outputs: Outputs; readonly revision: string },
): Filled {
  const known = new Map(Object.entries(outputs).map(([name, value]) => [`outputs.${name}`, value]));
  known.set("revision", revision);
  const unknown = new Set<string>();
  const fill = (text: string): string =>
    text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
      const value = known.get(name);
      if (value === undefined) unknown.add(name);
      // Stryker disable next-line StringLiteral: what is filled with it is not used
      return value ?? "";
    });
  const entries = Object.entries(check).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map(fill) : typeof value === "string" ? fill(value) : value,
  ]);
  if (unknown.size === 0) return { kind: "filled", check: Object.fromEntries(entries) as Check };
  const message = `there is no ${[...unknown].join(", ")}; there are ${[...known.keys()].join(", ")}`;
  return { kind: "unknown", message };
}

type Outputs = Readonly<Record<string, string>>;
