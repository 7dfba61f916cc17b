import { findImage, repositoriesOf } from "../ecr/repositories.ts";
import { refusalOf } from "../ecr/repository-policy.ts";
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
  const { ContainerDefinitions, ExecutionRoleArn } =
    taskDefinitions[taskDefinition]?.properties ?? {};
  const images = list(ContainerDefinitions).map((container) => text(member(container, "Image")));
  const refusal = images
    .map((image) => pullProblem(context, image, text(ExecutionRoleArn)))
    .find((problem) => problem !== undefined);
  if (refusal !== undefined) {
    return { stopCode: "TaskFailedToStart", reason: `CannotPullContainerError: ${refusal}` };
  }
  const crashing = images.some((image) => failing.some((part) => image.includes(part)));
  return crashing
    ? { stopCode: "EssentialContainerExited", reason: "Essential container in task exited" }
    : undefined;
}

/**
 * Why an image cannot be pulled; undefined: it can. Those of other registries than ECR are taken to
 * be there; those of another account's are for its repository's policy to let out.
 */
function pullProblem(context: Context, image: string, role: string): string | undefined {
  const { account, world } = context;
  const [, owner, region, name, tag, digest] = registry.exec(image) ?? [];
  if (owner === undefined || region === undefined || name === undefined) return undefined;
  const failed = `pull image manifest has been retried 1 time(s): failed to resolve ref ${image}`;
  const repository = repositoriesOf({ account: owner, region, world })[name];
  if (owner !== account && repository !== undefined) {
    const session = `arn:aws:sts::${account}:assumed-role/${role.split("/").at(-1)}/${world.text(32, "0123456789abcdef")}`;
    const puller = { account, principal: session, names: [role] };
    const refusal = refusalOf(repository, "ecr:BatchGetImage", puller);
    if (refusal !== undefined) {
      return `${failed}: pull access denied, repository does not exist or may require authorization: server message: denied: ${refusal}`;
    }
  }
  const found = findImage({ region, world }, owner, name, digest ?? tag ?? "latest");
  return found === undefined ? `${failed}: ${image}: not found` : undefined;
}

const registry =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)(?::([^@]+))?(?:@(sha256:.+))?$/;
