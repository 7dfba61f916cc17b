import { type Trigger, textOf } from "./trigger.ts";

/** A wake-up that the controller set for itself: `{"key","execution"}`. */
export const schedule: Trigger = (event) => {
  const key = textOf(event.key);
  return key === undefined || textOf(event.execution) === undefined
    ? undefined
    : { look: "key", key };
};
