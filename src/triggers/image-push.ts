import { detailOf, type Trigger, textOf } from "./trigger.ts";

/** An image was pushed, or scanned: look at whoever names its repository. ECR knows what is newest. */
export const imagePush: Trigger = (event) => {
  const detail = detailOf(event, "ECR Image Action") ?? detailOf(event, "ECR Image Scan");
  const repository = textOf(detail?.["repository-name"]);
  return repository === undefined ? undefined : { look: "images", repository };
};
