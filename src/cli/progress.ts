import type { EnvironmentStatus } from "../model/status.ts";
import type { Io } from "./verb.ts";

/** Tells people who wait how an environment stands that is not ready, as often as that is another. */
export function progress({
  err,
}: Pick<Io, "err">): (status: EnvironmentStatus | undefined) => void {
  let told = "";
  return (status) => {
    const ready = status?.conditions.find(({ type }) => type === "Ready");
    if (ready === undefined || ready.status === "True") return;
    const line = `${ready.reason}: ${ready.message}`;
    if (line !== told) err(line);
    told = line;
  };
}
