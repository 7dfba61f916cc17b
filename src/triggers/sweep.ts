import type { Trigger } from "./trigger.ts";

/** The clock struck: look at everything, since any other event may have been lost. */
export const sweep: Trigger = (event) =>
  event["detail-type"] === "Scheduled Event" ? { look: "everything" } : undefined;
