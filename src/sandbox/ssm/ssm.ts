import { declaredIn } from "../cloudformation/held.ts";
import { breaks, keyBefore, pageOf, takes } from "../inputs.ts";
import { remove as forget, keysFrom } from "../key-order.ts";
import { AwsError, type Context, notEmulated, type Service } from "../world.ts";
import { labelParameterVersion } from "./label.ts";
import {
  announce,
  arnOf,
  newest,
  type Parameter,
  type ParameterVersion,
  parametersOf,
  select,
  splitName,
} from "./parameters.ts";
import { type PutParameterInput, putParameter } from "./put.ts";

/** Systems Manager, as far as Parameter Store goes. */
export const ssm: Service = {
  name: "ssm",
  operations: {
    PutParameter: takes<PutParameterInput>(
      ["DataType", "Description", "KeyId", "Name", "Overwrite", "Tags", "Tier", "Type", "Value"],
      putParameter,
    ),
    GetParameter: takes<One>(["Name", "WithDecryption"], getParameter),
    GetParameters: takes<Several>(["Names", "WithDecryption"], getParameters),
    GetParametersByPath: takes<ByPath>(
      ["MaxResults", "NextToken", "Path", "Recursive", "WithDecryption"],
      getParametersByPath,
    ),
    GetParameterHistory: takes<One & Paging>(
      ["MaxResults", "Name", "NextToken", "WithDecryption"],
      getParameterHistory,
    ),
    DescribeParameters: takes<Described>(
      ["MaxResults", "NextToken", "ParameterFilters"],
      describeParameters,
    ),
    DeleteParameter: takes<One>(["Name"], deleteParameter),
    DeleteParameters: takes<Several>(["Names"], deleteParameters),
    LabelParameterVersion: takes(["Labels", "Name", "ParameterVersion"], labelParameterVersion),
    ListTagsForResource: takes(["ResourceId", "ResourceType"], listTagsForResource),
  },
};

interface One {
  readonly Name: string;
  readonly WithDecryption?: boolean;
}

interface Several {
  readonly Names: readonly string[];
  readonly WithDecryption?: boolean;
}

interface Paging {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface Described extends Paging {
  readonly ParameterFilters?: readonly {
    readonly Key: string;
    readonly Option?: string;
    readonly Values?: readonly string[];
  }[];
}

interface ByPath extends Paging {
  readonly Path: string;
  readonly Recursive?: boolean;
  readonly WithDecryption?: boolean;
}

const parameterNotFound = (): AwsError =>
  new AwsError(
    "ParameterNotFound",
    "The parameter couldn't be found. Verify the name and try again.",
  );

function getParameter({ Name, WithDecryption }: One, context: Context): unknown {
  const { name, selector } = splitName(Name);
  const parameter = parametersOf(context)[name];
  if (parameter === undefined) throw parameterNotFound();

  const version = select(parameter, selector);
  if (version !== undefined) {
    return { Parameter: described(parameter, version, { context, selector, WithDecryption }) };
  }
  const wanted = selector.slice(1);
  throw new AwsError(
    "ParameterVersionNotFound",
    /^\d+$/.test(wanted)
      ? `Systems Manager could not find version ${wanted} of ${name}. Verify the version and try again.`
      : `Systems Manager could not find label ${wanted} for parameter ${name}. Verify the label and try again.`,
  );
}

function getParameters({ Names, WithDecryption }: Several, context: Context): unknown {
  checkNames(Names);
  const found = Names.map((text) => {
    const { name, selector } = splitName(text);
    const parameter = parametersOf(context)[name];
    const version = parameter && select(parameter, selector);
    return { text, selector, parameter, version };
  });
  return {
    Parameters: found.flatMap(({ parameter, selector, version }) =>
      parameter && version
        ? [described(parameter, version, { context, selector, WithDecryption })]
        : [],
    ),
    InvalidParameters: found.flatMap(({ text, version }) => (version ? [] : [text])),
  };
}

function getParametersByPath(input: ByPath, context: Context): unknown {
  const { Path, Recursive, WithDecryption } = input;
  if (!/^\/(?:[a-zA-Z0-9_.-]+\/)*[a-zA-Z0-9_.-]*$/.test(Path)) {
    throw new AwsError(
      "ValidationException",
      `The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can't be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.`,
    );
  }
  const folder = Path.endsWith("/") ? Path : `${Path}/`;
  const parameters = parametersOf(context);
  // Only of the root a name without a slash is inside, and it is inside of nothing else.
  const prefix = folder === "/" ? "" : folder;
  const inside =
    Recursive === true
      ? keysFrom(parameters, prefix, { after: keyBefore(input.NextToken), most: longestPage + 1 })
      : keysFrom(parameters, prefix).filter((name) => !name.slice(folder.length).includes("/"));
  const { items, next } = page(inside, itself, input, longestPage);
  return {
    Parameters: items.map((name) => {
      const parameter = parameters[name] as Parameter;
      return described(parameter, newest(parameter), { context, WithDecryption });
    }),
    NextToken: next,
  };
}

/** Parameters by path, a page. */
const longestPage = 10;

function getParameterHistory(input: One & Paging, context: Context): unknown {
  const parameter = parametersOf(context)[splitName(input.Name).name];
  if (parameter === undefined) throw parameterNotFound();

  const place = ({ version }: ParameterVersion): string => String(version).padStart(12, "0");
  const { items, next } = page(parameter.versions, place, input, 50);
  return {
    Parameters: items.map((version) => ({
      ...recorded(parameter, version),
      Value: shown(version, input.WithDecryption),
      Labels: version.labels,
    })),
    NextToken: next,
  };
}

function describeParameters(input: Described, context: Context): unknown {
  const [filter, ...others] = input.ParameterFilters ?? [];
  if (filter !== undefined) {
    const { Key, Option = "Equals", Values = [] } = filter;
    if (others.length > 0 || Key !== "Name" || Option !== "Equals")
      throw notEmulated("filters of parameters but one by names");
    return {
      Parameters: named(Values, context).map((Name) => ({ Name, ARN: arnOf(Name, context) })),
    };
  }
  const parameters = parametersOf(context);
  const { items, next } = page(keysFrom(parameters, ""), itself, input, 50);
  return {
    Parameters: items.map((name) => {
      const parameter = parameters[name] as Parameter;
      return { ...recorded(parameter, newest(parameter)), ARN: arnOf(name, context) };
    }),
    NextToken: next,
  };
}

/** Which of these names are taken, by people or by stacks. */
function named(names: readonly string[], context: Context): readonly string[] {
  const taken = new Set([
    ...Object.keys(parametersOf(context)),
    ...declaredIn(context, "AWS::SSM::Parameter").map(({ physicalId }) => physicalId),
  ]);
  return names.filter((name) => taken.has(name));
}

function deleteParameter({ Name }: One, context: Context): unknown {
  if (!remove(Name, context)) throw parameterNotFound();
  return {};
}

function deleteParameters({ Names }: Several, context: Context): unknown {
  checkNames(Names);
  const removed = Names.map((name) => ({ name, there: remove(name, context) }));
  return {
    DeletedParameters: removed.flatMap(({ name, there }) => (there ? [name] : [])),
    InvalidParameters: removed.flatMap(({ name, there }) => (there ? [] : [name])),
  };
}

function listTagsForResource(
  { ResourceId, ResourceType }: { readonly ResourceId: string; readonly ResourceType: string },
  context: Context,
): unknown {
  const parameter = ResourceType === "Parameter" ? parametersOf(context)[ResourceId] : undefined;
  if (parameter === undefined) {
    throw new AwsError(
      "InvalidResourceId",
      "The resource ID isn't valid. Verify that you entered the correct ID and try again.",
    );
  }
  return { TagList: Object.entries(parameter.tags).map(([Key, Value]) => ({ Key, Value })) };
}

function remove(name: string, context: Context): boolean {
  const parameters = parametersOf(context);
  const parameter = parameters[splitName(name).name];
  if (parameter === undefined) return false;
  forget(parameters, parameter.name);
  announce("Delete", parameter, context);
  return true;
}

const itself = (name: string): string => name;

function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { MaxResults, NextToken }: Paging,
  most: number,
): { readonly items: readonly T[]; readonly next: string | undefined } {
  if (MaxResults !== undefined && MaxResults > most) {
    throw breaks(MaxResults, "maxResults", `Member must have value less than or equal to ${most}`);
  }
  const cut = pageOf(items, keyOf, { size: MaxResults ?? most, token: NextToken });
  if (cut === undefined) throw new AwsError("InvalidNextToken", "The specified token isn't valid.");
  return cut;
}

function checkNames(names: readonly string[]): void {
  if (names.length > 10) {
    throw breaks(names, "names", "Member must have length less than or equal to 10");
  }
}

function described(
  parameter: Parameter,
  version: ParameterVersion,
  {
    context,
    selector = "",
    WithDecryption,
  }: {
    readonly context: Context;
    readonly selector?: string;
    readonly WithDecryption: boolean | undefined;
  },
): unknown {
  return {
    Name: parameter.name,
    Type: version.type,
    Value: shown(version, WithDecryption),
    Version: version.version,
    ...(selector === "" ? {} : { Selector: selector }),
    LastModifiedDate: new Date(version.modified),
    ARN: arnOf(parameter.name, context),
    DataType: "text",
  };
}

const recorded = (parameter: Parameter, version: ParameterVersion) => ({
  Name: parameter.name,
  Type: version.type,
  ...(version.keyId === undefined ? {} : { KeyId: version.keyId }),
  LastModifiedDate: new Date(version.modified),
  LastModifiedUser: version.user,
  ...(version.description === undefined ? {} : { Description: version.description }),
  Version: version.version,
  Tier: version.tier,
  Policies: [],
  DataType: "text",
});

/** What stands for a SecureString that is read without decryption. */
const shown = ({ type, value }: ParameterVersion, decrypt: boolean | undefined): string =>
  type === "SecureString" && decrypt !== true
    ? Buffer.from(`encrypted:${value.length}`).toString("base64")
    : value;
