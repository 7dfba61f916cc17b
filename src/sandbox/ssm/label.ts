import { AwsError, type Context } from "../world.ts";
import { announce, newest, parametersOf } from "./parameters.ts";

export interface LabelParameterVersionInput {
  readonly Name: string;
  readonly ParameterVersion?: number;
  readonly Labels: readonly string[];
}

/** Puts labels on a version; a label that another version had moves over. */
export function labelParameterVersion(
  { Labels, Name, ParameterVersion }: LabelParameterVersionInput,
  context: Context,
): unknown {
  const parameter = parametersOf(context)[Name];
  if (parameter === undefined) {
    throw new AwsError(
      "ParameterNotFound",
      "The parameter couldn't be found. Verify the name and try again.",
    );
  }
  const wanted = ParameterVersion ?? newest(parameter).version;
  const target = parameter.versions.find(({ version }) => version === wanted);
  if (target === undefined) {
    throw new AwsError(
      "ParameterVersionNotFound",
      `Systems Manager could not find version ${wanted} of ${Name}. Verify the version and try again.`,
    );
  }
  const valid = Labels.filter(isLabel);
  const labels = [...new Set([...target.labels, ...valid])];
  if (labels.length > 10) {
    throw new AwsError(
      "ParameterVersionLabelLimitExceeded",
      "A parameter version can have maximum 10 labels.Move one or more labels to another version and try again.",
    );
  }
  parameter.versions = parameter.versions.map((version) =>
    version === target
      ? { ...version, labels }
      : { ...version, labels: version.labels.filter((label) => !valid.includes(label)) },
  );
  if (valid.length > 0) announce("LabelParameterVersion", parameter, context);
  return {
    InvalidLabels: Labels.filter((label) => !isLabel(label)),
    ParameterVersion: wanted,
  };
}

const isLabel = (label: string): boolean =>
  /^[a-zA-Z_.-][a-zA-Z0-9_.-]{0,99}$/.test(label) && !/^(?:aws|ssm)/i.test(label);
