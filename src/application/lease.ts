import type { Diagnostic } from "../model/diagnostic.ts";
import type { Environment } from "./application.ts";
import type { PositionOf } from "./shaped.ts";

const aDay = 86_400;

/** Every time of `ephemeral:` that is longer than a day: what is forgotten must not stay for long. */
export function checkLease(
  { ephemeral, name }: Environment,
  positionOf: PositionOf,
): readonly Diagnostic[] {
  const given = [
    ["ttl", ephemeral?.ttlSeconds],
    ["keepOnFailure", ephemeral?.keepOnFailureSeconds],
  ] as const;
  return given.flatMap(([key, seconds = 0]) => {
    if (seconds <= aDay) return [];
    const keys = ["environments", name, "ephemeral", key];
    return {
      ...positionOf(keys),
      severity: "error" as const,
      code: "lease-too-long",
      path: keys.join("."),
      message: "is longer than a day",
      help: "write 24h or less",
    };
  });
}
