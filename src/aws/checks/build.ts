import type { Check, Finding } from "../../model/verification.ts";
import type { Attempt } from "../../ports/ports.ts";
import type { Call } from "../call.ts";

/**
 * Starts a build of an existing CodeBuild project, and looks at it later. It gets
 * `TRUEUP_REVISION`, `TRUEUP_ENVIRONMENT` and `TRUEUP_OUTPUT_<NAME>`.
 */
export async function lookAtBuild(
  { project }: Extract<Check, { readonly kind: "codebuild" }>,
  attempt: Attempt,
  call: Call,
): Promise<Finding> {
  if (attempt.handle !== undefined) return lookAt(attempt.handle, call);
  const { build } = await call("codebuild:StartBuild", {
    projectName: project,
    // Within five minutes, the same token is the same build.
    idempotencyToken: attempt.token,
    environmentVariablesOverride: variablesOf(attempt).map(([name, value]) => ({
      name,
      value,
      type: "PLAINTEXT",
    })),
  });
  if (build?.id === undefined) return { kind: "errored", message: "CodeBuild named no build" };
  return { kind: "running", handle: build.id };
}

/** What a verification is told: the same for builds and tasks. */
export const variablesOf = ({ environment, key, outputs, revision }: Attempt) => [
  ["TRUEUP_KEY", key] as const,
  ["TRUEUP_REVISION", revision] as const,
  ["TRUEUP_ENVIRONMENT", environment] as const,
  ...Object.entries(outputs).map(
    ([name, value]) => [`TRUEUP_OUTPUT_${name.replace(/\W/g, "_").toUpperCase()}`, value] as const,
  ),
];

async function lookAt(id: string, call: Call): Promise<Finding> {
  const { builds: [build] = [] } = await call("codebuild:BatchGetBuilds", { ids: [id] });
  switch (build?.buildStatus) {
    case undefined:
      return { kind: "errored", message: `the build ${id} is gone` };
    case "IN_PROGRESS":
      return { kind: "running", handle: id };
    case "SUCCEEDED":
      return { kind: "said", verdict: "passed", message: `${id} succeeded` };
    case "FAILED":
      return { kind: "said", verdict: "failed", message: `${id} failed` };
    default:
      return { kind: "errored", message: `${id} is ${build?.buildStatus}` };
  }
}
