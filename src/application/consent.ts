import type { Diagnostic } from "../model/diagnostic.ts";
import type { Environment } from "./application.ts";
import type { PositionOf } from "./shaped.ts";

/**
 * Every consent that reaches more than thirty days past `today` (ISO 8601 day, UTC): one that
 * never ends is forgotten, and then replaces what nobody meant.
 */
export function checkConsents(
  { name, allow }: Environment,
  today: string,
  positionOf: PositionOf,
): readonly Diagnostic[] {
  const last = new Date(Date.parse(today) + 30 * 86_400_000).toISOString().slice(0, 10);
  return allow.flatMap(({ until }, index) =>
    until <= last
      ? []
      : [
          {
            ...positionOf(["environments", name, "allow", index, "until"]),
            severity: "error",
            code: "consent-too-long",
            path: `environments.${name}.allow[${index}].until`,
            message: `${until} is more than 30 days ahead`,
            help: `write ${last} or a day before it`,
          },
        ],
  );
}
