import { detailOf, type Trigger, textOf } from "./trigger.ts";

/** A stack moved: look at its environment. This is what resumes a roll-out that waits. */
export const stackChange: Trigger = (event) => {
  const id = textOf(detailOf(event, "CloudFormation Stack Status Change")?.["stack-id"]);
  const [, name = ""] = id?.split("/") ?? [];
  return name === "" ? undefined : { look: "stack", name };
};
