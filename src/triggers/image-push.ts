import { detailOf, type Trigger, textOf } from "./trigger.ts";

/** An image was pushed: look at whoever names its repository. ECR knows what is newest. */
export const imagePush: Trigger = (event) => {
  const repository = textOf(detailOf(event, "ECR Image Action")?.["repository-name"]);
  return repository === undefined ? undefined : { look: "images", repository };
};
