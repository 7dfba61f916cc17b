import type { Gate } from "../model/gates.ts";
import type { Verdict } from "./steps.ts";

/** The one state that an environment is in. Its conditions are derived from it. */
export interface Conclusion {
  readonly state: "ready" | "reconciling" | "stalled" | "held";
  /** A CamelCase word that machines match on. */
  readonly reason: string;
  /** A sentence that people read. */
  readonly message: string;
}

/** What the verdicts on all units come to. A gate that holds changes nothing where nothing differs. */
export function conclude(verdicts: readonly Verdict[], gates: readonly Gate[]): Conclusion {
  const pending = verdicts.filter((verdict) => verdict.kind !== "deployed");
  if (pending.length === 0) {
    return { state: "ready", reason: "Deployed", message: "Everything is as the repository says." };
  }
  if (gates.length > 0) {
    const message = gates.map((gate) => gate.message).join("; ");
    return { state: "held", reason: "Held", message };
  }
  const moving = pending.filter(isMoving);
  if (moving.length > 0) {
    return { state: "reconciling", reason: "Progressing", message: sentence(moving) };
  }
  const stalls = pending.filter((verdict) => verdict.kind === "stalled");
  const [first] = stalls;
  return first === undefined
    ? { state: "reconciling", reason: "Waiting", message: sentence(pending) }
    : { state: "stalled", reason: first.reason, message: sentence(stalls) };
}

/** Something will happen without anybody changing anything. */
const isMoving = (verdict: Verdict): boolean =>
  verdict.kind === "act" || (verdict.kind === "waiting" && verdict.for !== "unit");

/** What is said of several units is said once: a status has room for little. */
const sentence = (verdicts: readonly Exclude<Verdict, { readonly kind: "deployed" }>[]): string =>
  [...Map.groupBy(verdicts, ({ message }) => ended(message))]
    .map(([message, of]) => `${of.map(({ unit }) => unit).join(", ")}: ${message}`)
    .join(" ");

/** What CloudFormation says often ends without a stop, or with a blank after it. */
const ended = (message: string): string => message.trim().replace(/[^.!?]$/, "$&.");
