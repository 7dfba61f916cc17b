import { findImage } from "../ecr/repositories.ts";
import type { Context } from "../world.ts";
import { ecsOf, list, member, text } from "./state.ts";

/** Why a task does not come up. */
export interface StartProblem {
  readonly stopCode: "TaskFailedToStart" | "EssentialContainerExited";
  readonly reason: string;
}

/** Makes tasks whose image has this text in its name end soon after they start. */
export function failTasks(context: Context, imageSubstring: string): void {
  ecsOf(context).failing.push(imageSubstring);
}

/** Lets such tasks live again. */
export function mendTasks(context: Context, imageSubstring: string): void {
  const state = ecsOf(context);
  state.failing = state.failing.filter((one) => one !== imageSubstring);
}

/** What keeps the tasks of a task definition from running; undefined: nothing. */
export function startProblem(context: Context, taskDefinition: string): StartProblem | undefined {
  const { failing, taskDefinitions } = ecsOf(context);
  const found = taskDefinitions[taskDefinition];
  const images = list(found?.properties.ContainerDefinitions).map((container) =>
    text(member(container, "Image")),
  );
  const missing = images.find((image) => !isThere(context, image));
  if (missing !== undefined) {
    return {
      stopCode: "TaskFailedToStart",
      reason: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${missing}: ${missing}: not found`,
    };
  }
  const crashing = images.some((image) => failing.some((part) => image.includes(part)));
  return crashing
    ? { stopCode: "EssentialContainerExited", reason: "Essential container in task exited" }
    : undefined;
}

/** Images of other registries than ECR are taken to be there. */
function isThere(context: Context, image: string): boolean {
  const [, account, region, repository, tag, digest] = registry.exec(image) ?? [];
  if (account === undefined || region === undefined || repository === undefined) return true;
  const found = findImage({ ...context, region }, account, repository, digest ?? tag ?? "latest");
  return found !== undefined;
}

const registry =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)(?::([^@]+))?(?:@(sha256:.+))?$/;
