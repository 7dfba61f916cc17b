import { asMapping } from "../read.ts";
import type { Path } from "../report.ts";
import { definitionOf, type Scope } from "../scope.ts";
import { isOff } from "../services/unknown-service.ts";

/** Whether an alarm is not made, which is said. */
export function isLeftOut(name: string, path: Path, scope: Scope): boolean {
  const left = leftOut(name, scope);
  if (left === undefined) return false;
  const message = `the alarm is not made: ${left.why}`;
  const where = [...path, "MacroParameters", left.key];
  scope.report.warn({ code: "no-effect", path: where, message });
  return true;
}

interface LeftOut {
  /** Which of `MacroParameters` it is for. */
  readonly key: "CompositeExpression" | "ServiceName";
  readonly why: string;
}

/**
 * Why an alarm is not made, though the file has it: the profile of the service that it looks at is
 * off, or it looks at such an alarm. `above`: the alarms that look at it, which may be in a circle.
 */
export function leftOut(
  name: string,
  scope: Scope,
  above: readonly string[] = [],
): LeftOut | undefined {
  // In most files all profiles are on.
  if (scope.project.off.length === 0 || above.includes(name)) return undefined;
  const { MacroParameters } = asMapping(definitionOf("x-alarms", name, scope));
  const { CompositeExpression: expression, ServiceName: service } = asMapping(MacroParameters);
  if (typeof service === "string" && isOff(service, scope))
    return { key: "ServiceName", why: `the profile of ${service} is not on` };
  const looksAt = Array.from(
    String(expression ?? "").matchAll(states),
    ([, , other = ""]) => other,
  );
  const missing = looksAt.find((other) => leftOut(other, scope, [...above, name]) !== undefined);
  return missing === undefined
    ? undefined
    : { key: "CompositeExpression", why: `${missing} is not, which it looks at` };
}

/** States of other alarms in an expression: `ALARM(name)`. */
export const states = /\b(ALARM|OK|INSUFFICIENT_DATA)\(\s*"?([^()"]+?)"?\s*\)/g;
