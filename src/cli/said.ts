import type { Environment } from "../application/application.ts";
import { readParameters, wrongParameters } from "../application/parameters.ts";
import type { PositionOf } from "../application/shaped.ts";
import { storedNamesOf, withStandIns, withStored } from "../application/stored-environment.ts";
import { fromTarget, wrongTarget } from "../application/target.ts";
import { invalid } from "../model/errors.ts";
import { readCommitted } from "./committed.ts";
import { UsageError } from "./usage.ts";

/** Values by name; what is not there is not in the map. `placeholder`: stand-ins will do. */
export type ReadStored = (
  names: readonly string[],
) => Promise<ReadonlyMap<string, string> | "placeholder">;

interface Copy {
  readonly directory: string;
  readonly positionOf: PositionOf;
  /** Answers what Parameter Store has under names; none: that is an error. */
  readonly read?: ReadStored | undefined;
}

/**
 * An environment with all that it says: the parameters of its file, and what Parameter Store has where
 * there is `ssm:NAME`. Throws with every diagnostic of what the controller would refuse.
 */
export async function said(written: Environment, copy: Copy): Promise<Environment> {
  const environment = withFile(written, copy);
  const names = storedNamesOf(environment);
  if (names.length === 0) return environment;
  const values = await copy.read?.(names);
  if (values === "placeholder") return withStandIns(environment);
  const lacking = names.find((name) => values?.has(name) !== true);
  if (values === undefined || lacking !== undefined)
    throw new UsageError(
      `${written.name} takes ssm:${lacking}, which ${values === undefined ? "nobody is asked for: say --lookups FILE" : "is not there: say it"} with {"ssm:${lacking}": {"Value": …}} in it, or --lookups placeholder.`,
    );
  return refusingWrong(withStored(environment, values), copy);
}

function refusingWrong(environment: Environment, { positionOf }: Copy): Environment {
  const { name, parameters, target } = environment;
  const standing = (part: string) => ({ keys: ["environments", name, part], positionOf });
  const wrong = [
    ...wrongTarget(fromTarget(target), standing("target")),
    ...("values" in parameters ? wrongParameters(parameters.values, standing("parameters")) : []),
  ];
  if (wrong.length > 0) throw invalid("ParametersUnknown", wrong);
  return environment;
}

/** With the parameters of its file in place of its name. */
export function withFile(
  environment: Environment,
  { directory, positionOf }: Omit<Copy, "read">,
): Environment {
  const { name, parameters } = environment;
  if (!("file" in parameters)) return environment;
  const { file } = parameters;
  const text = readCommitted(directory, file);
  if (text === undefined) {
    const keys = ["environments", name, "parameters"];
    const origin = { ...positionOf(keys), path: keys.join(".") };
    const missing = { severity: "error", code: "missing-file" } as const;
    const message = `there is no file ${file}`;
    throw invalid("SourceInvalid", [{ ...origin, ...missing, message, help: "check the path" }]);
  }
  const read = readParameters(file, text);
  if (read.kind === "failed") throw invalid("SourceInvalid", read.diagnostics);
  return { ...environment, parameters: { values: read.parameters } };
}
