import { stampOutput } from "../link/digests.ts";
import type { Bundle } from "../model/bundle.ts";
import { imagesIn, serviceOf } from "../promote/running.ts";
import { filled } from "../promote/verification.ts";
import { type Finding, failuresFrom } from "./findings.ts";
import type { WorkingCopy } from "./working-copy.ts";

/** All that `verify:` names and that would not be there: such a check is never made. */
export function checkVerify(
  about: string,
  { bundle, environment, positionOf }: WorkingCopy,
): readonly Finding[] {
  if (environment === undefined || positionOf === undefined) return [];
  const outputs = outputsIn(bundle);
  const wrong = environment.verify.flatMap((check, index) => {
    const keys = ["environments", environment.name, "verify", index] as const;
    const path = `environments.${environment.name}.verify[${index}]`;
    const known = filled(check, { outputs, revision: "" });
    return [
      ...(known.kind === "unknown" ? [known.message] : []),
      ...(check.kind === "task" ? lackOf(check.service, bundle) : []),
    ].map((message) => ({
      ...positionOf(keys),
      severity: "error" as const,
      code: "verify",
      path,
      message,
      help: "name what is there once it is deployed",
    }));
  });
  return failuresFrom({ about, check: "verify" }, wrong);
}

function lackOf(service: string, bundle: Bundle): readonly string[] {
  if (service.includes("${") || serviceOf(bundle, service) !== undefined) return [];
  const names = Object.keys(imagesIn(bundle)).map((name) => name.split("/")[1]);
  return [`there is no service ${service}; there are ${names.join(", ")}`];
}

/** The names of the outputs of all stacks: what they will be is not known yet. */
const outputsIn = ({ stacks }: Bundle): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stacks
      .flatMap(({ template }) => Object.keys(template.Outputs ?? {}))
      .filter((name) => name !== stampOutput)
      .map((name) => [name, ""]),
  );
