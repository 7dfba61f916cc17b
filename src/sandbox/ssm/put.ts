import { breaks } from "../inputs.ts";
import { put } from "../key-order.ts";
import { AwsError, type Context, notEmulated } from "../world.ts";
import {
  announce,
  newest,
  type Parameter,
  type ParameterType,
  type ParameterVersion,
  parametersOf,
  type Tier,
} from "./parameters.ts";

export interface PutParameterInput {
  readonly Name: string;
  readonly Value: string;
  readonly Type?: string;
  readonly Description?: string;
  readonly KeyId?: string;
  readonly Overwrite?: boolean;
  readonly Tier?: string;
  readonly DataType?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** Creates a parameter or adds a version to it. There is no compare-and-swap, as on AWS. */
export function putParameter(input: PutParameterInput, context: Context): unknown {
  checkName(input.Name);
  checkInput(input);
  const parameters = parametersOf(context);
  const before = parameters[input.Name];
  if (before === undefined && input.Type === undefined) {
    throw invalid("A parameter type is required when you create a parameter.");
  }
  if (before !== undefined && input.Overwrite !== true) {
    throw new AwsError(
      "ParameterAlreadyExists",
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    );
  }
  const version = nextVersion(input, before, context);
  const parameter: Parameter = {
    name: input.Name,
    versions: [...kept(before), version],
    tags: before?.tags ?? Object.fromEntries((input.Tags ?? []).map((t) => [t.Key, t.Value])),
  };
  put(parameters, input.Name, parameter);
  announce(before === undefined ? "Create" : "Update", parameter, context);
  return { Version: version.version, Tier: version.tier };
}

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

const maximumLevels = 15;
const maximumVersions = 100;
const maximumBytes = { Standard: 4096, Advanced: 8192 } as const;

function checkName(name: string): void {
  if (name.length > 1011) {
    throw breaks(name, "name", "Member must have length less than or equal to 1011");
  }
  if (/^\/?ssm/i.test(name) || !/^[a-zA-Z0-9_.\-/]+$/.test(name)) {
    throw invalid(
      `Parameter name: can't be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`,
    );
  }
  if (/^\/?aws/i.test(name)) {
    throw name.startsWith("/")
      ? new AwsError("AccessDeniedException", `No access to reserved parameter name: ${name}.`)
      : invalid(`Parameter name: can't be prefixed with "aws" (case-insensitive).`);
  }
  if (name.includes("/") && !name.startsWith("/")) {
    throw invalid("Parameter name must be a fully qualified name.");
  }
  if (name.split("/").length - 1 > maximumLevels) {
    throw new AwsError(
      "HierarchyLevelLimitExceededException",
      "A hierarchy can have a maximum of 15 levels. For more information, see Requirements and constraints for parameter names in the AWS Systems Manager User Guide.",
    );
  }
}

function checkInput({ DataType, Overwrite, Tags, Tier, Type, Value }: PutParameterInput): void {
  if (Value === "") {
    throw breaks("", "value", "Member must have length greater than or equal to 1");
  }
  if (Type !== undefined && !["String", "StringList", "SecureString"].includes(Type)) {
    const set = "[SecureString, StringList, String]";
    throw breaks(Type, "type", `Member must satisfy enum value set: ${set}`);
  }
  if (Tier !== undefined && !["Standard", "Advanced", "Intelligent-Tiering"].includes(Tier)) {
    const set = "[Standard, Advanced, Intelligent-Tiering]";
    throw breaks(Tier, "tier", `Member must satisfy enum value set: ${set}`);
  }
  if (DataType?.startsWith("aws:")) throw notEmulated(`parameters of data type ${DataType}`);
  if (DataType !== undefined && DataType !== "text") {
    throw invalid(
      `The following data type is not supported: ${DataType} (Data type names are all lowercase.)`,
    );
  }
  if (Overwrite === true && (Tags?.length ?? 0) > 0) {
    throw invalid(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
  if (/\{\{.*\}\}/s.test(Value)) {
    throw invalid(`Parameter value can't nest another parameter. Do not use "{{}}" in the value.`);
  }
}

function nextVersion(
  input: PutParameterInput,
  before: Parameter | undefined,
  context: Context,
): ParameterVersion {
  const last = before && newest(before);
  const type = (input.Type ?? last?.type) as ParameterType;
  if (last !== undefined && last.type !== type) {
    throw new AwsError(
      "HierarchyTypeMismatchException",
      "Parameter Store does not support changing a parameter type in a hierarchy. For example, you can't change a parameter from a String type to a SecureString type. You must create a new, unique parameter.",
    );
  }
  if (input.KeyId !== undefined && type !== "SecureString") {
    throw invalid(`KeyId is required for SecureString type parameter only.`);
  }
  return {
    version: (last?.version ?? 0) + 1,
    type,
    value: input.Value,
    keyId: type === "SecureString" ? (input.KeyId ?? last?.keyId ?? "alias/aws/ssm") : undefined,
    description: input.Description ?? last?.description,
    tier: tierOf(input, last?.tier),
    modified: context.world.now,
    user: context.principal,
    labels: [],
  };
}

function tierOf({ Tier: asked, Value }: PutParameterInput, before: Tier | undefined): Tier {
  const bytes = Buffer.byteLength(Value);
  if (asked === "Standard" && before === "Advanced") {
    throw invalid(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  const chosen = asked === "Intelligent-Tiering" && bytes > maximumBytes.Standard;
  const tier = chosen || asked === "Advanced" || before === "Advanced" ? "Advanced" : "Standard";
  if (bytes <= maximumBytes[tier]) return tier;

  throw invalid(
    tier === "Standard"
      ? "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"
      : "Advanced tier parameters support a maximum parameter value of 8192 characters.",
  );
}

/** The versions that stay beside a new one: the oldest goes, unless a label holds it. */
function kept(before: Parameter | undefined): readonly ParameterVersion[] {
  const versions = before?.versions ?? [];
  const [oldest] = versions;
  if (oldest === undefined || versions.length < maximumVersions) return versions;
  if (oldest.labels.length > 0) {
    throw new AwsError(
      "ParameterMaxVersionLimitExceeded",
      `You attempted to create a new version of ${before?.name} by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
  }
  return versions.slice(1);
}
