import { roleOf, trusts } from "../iam/roles.ts";
import { readObject } from "../s3/buckets.ts";
import { AwsError, type Context, notEmulated } from "../world.ts";
import { constraint, invalid } from "./errors.ts";
import { checkEvaluation } from "./scope.ts";
import type { Configuration, Template, Value } from "./state.ts";
import { checkTemplate } from "./templates/check.ts";
import { inOrder } from "./templates/order.ts";
import { type GivenParameter, resolveParameters } from "./templates/parameters.ts";
import { parseTemplate } from "./templates/parse.ts";
import { dependenciesOf } from "./templates/references.ts";

/** The members that CreateStack, UpdateStack and CreateChangeSet share. */
export interface Submission {
  readonly TemplateBody?: string;
  readonly TemplateURL?: string;
  readonly UsePreviousTemplate?: boolean;
  readonly Parameters?: readonly GivenParameter[];
  readonly Capabilities?: readonly string[];
  readonly ResourceTypes?: readonly string[];
  readonly RoleARN?: string;
  readonly NotificationARNs?: readonly string[];
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
  readonly RollbackConfiguration?: object;
}

/** A template's text and what it says, before anything is known of a stack. */
export interface Source {
  readonly text: string;
  readonly template: Template;
}

/** Reads and checks the template of a request; `previous`: the one that the stack has. */
export function readTemplate(
  input: Pick<Submission, "TemplateBody" | "TemplateURL" | "UsePreviousTemplate">,
  previous: Configuration | undefined,
  context: Context,
): Source {
  if (input.UsePreviousTemplate === true && previous !== undefined) {
    return { text: previous.text, template: previous.template };
  }
  const text = templateText(input, context);
  return { text, template: checked(text) };
}

const known = new Map<string, Template>();
const mostKnown = 200;

/** The same text says the same, however often it is sent. */
function checked(text: string): Template {
  const before = known.get(text);
  if (before !== undefined) return before;
  const template = checkTemplate(parseTemplate(text));
  if (known.size >= mostKnown) known.clear();
  known.set(text, template);
  return template;
}

function templateText(
  { TemplateBody, TemplateURL }: Pick<Submission, "TemplateBody" | "TemplateURL">,
  context: Context,
): string {
  if (TemplateBody !== undefined && TemplateURL !== undefined) {
    throw invalid("Only one of Template URL or Template Body may be specified.");
  }
  if (TemplateURL !== undefined) return fetchTemplate(TemplateURL, context);
  if (TemplateBody === undefined) {
    throw invalid("Either Template URL or Template Body must be specified.");
  }
  if (Buffer.byteLength(TemplateBody) > 51_200) {
    throw constraint(
      TemplateBody,
      "templateBody",
      "Member must have length less than or equal to 51200",
    );
  }
  if (TemplateBody === "") {
    throw constraint("", "templateBody", "Member must have length greater than or equal to 1");
  }
  return TemplateBody;
}

function fetchTemplate(url: string, context: Context): string {
  if (url.startsWith("s3://")) {
    throw invalid(
      `S3 error: Domain name specified in ${url.split("/")[2]} is not a valid S3 domain`,
    );
  }
  const { bucket, key } = locationOf(url) ?? {};
  if (bucket === undefined || key === undefined) {
    throw invalid("TemplateURL must be a supported URL.");
  }
  const text = fetched(bucket, key, context);
  if (text === undefined) throw invalid("S3 error: The specified key does not exist.");
  if (Buffer.byteLength(text) > 1_048_576) {
    throw invalid("Template may not exceed 1000000 bytes in size.");
  }
  return text;
}

function fetched(bucket: string, key: string, context: Context): string | undefined {
  try {
    return readObject(context, bucket, key);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(`S3 error: ${error.message}`);
  }
}

/** Path style, virtual-hosted style, and the sandbox's own address. */
function locationOf(url: string): { bucket: string; key: string } | undefined {
  const [, host = "", path = ""] = /^https?:\/\/([^/]+)\/([^?]*)/.exec(url) ?? [];
  const [, virtual] = /^(.+)\.s3[.-][a-z0-9.-]*amazonaws\.com$/.exec(host) ?? [];
  const key = decodeURIComponent(path);
  if (virtual !== undefined) return { bucket: virtual, key };
  const isS3 =
    /^s3[.-][a-z0-9.-]*amazonaws\.com$/.test(host) ||
    /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host);
  const slash = key.indexOf("/");
  if (!isS3 || slash < 1) return undefined;
  return { bucket: key.slice(0, slash), key: key.slice(slash + 1) };
}

/** Everything a stack is to be made from; throws what CloudFormation would say. */
export function configure(
  { template, text }: Source,
  input: Submission,
  previous: Configuration | undefined,
  context: Context,
): Configuration {
  refuseUnknown(input, template);
  const parameters = resolveParameters(
    template,
    input.Parameters ?? [],
    previous?.parameters ?? {},
    context,
  );
  const capabilities = input.Capabilities ?? [];
  const roleArn = input.RoleARN ?? previous?.roleArn;
  const configuration: Configuration = {
    text,
    template,
    parameters,
    capabilities: capabilities.toSorted(),
    tags: input.Tags === undefined ? (previous?.tags ?? {}) : tagsOf(input.Tags),
    notificationArns: input.NotificationARNs ?? previous?.notificationArns ?? [],
    ...(roleArn === undefined ? {} : { roleArn }),
  };
  const holds = checkEvaluation(configuration, context);
  requireCapabilities(template, capabilities);
  inOrder(
    Object.fromEntries(
      Object.entries(template.Resources).map(([name, resource]) => [
        name,
        dependenciesOf(resource, template, holds),
      ]),
    ),
  );
  if (roleArn !== undefined) checkRole(roleArn, context);
  return configuration;
}

const tagsOf = (tags: NonNullable<Submission["Tags"]>) =>
  Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));

function refuseUnknown(input: Submission, template: Template): void {
  if (Object.keys(input.RollbackConfiguration ?? {}).length > 0) {
    throw notEmulated("RollbackConfiguration");
  }
  const allowed = input.ResourceTypes;
  if (allowed === undefined || allowed.length === 0) return;
  const fits = (type: string) =>
    allowed.some(
      (one) => one === type || (one.endsWith("::*") && type.startsWith(one.slice(0, -1))),
    );
  const strange = Object.values(template.Resources).find(({ Type }) => !fits(Type));
  if (strange !== undefined) {
    throw invalid(
      `Resource type ${strange.Type} is not allowed by parameter ResourceTypes [${allowed.join(", ")}]`,
    );
  }
}

/** Which capabilities a template asks for: named IAM resources need the stronger one. */
export function requiredCapabilities({ Resources }: Template): readonly string[] {
  const iam = Object.values(Resources).filter(({ Type }) => identities.has(Type));
  if (iam.length === 0) return [];
  const isNamed = ({
    Properties = {},
  }: {
    readonly Properties?: Readonly<Record<string, Value>>;
  }) => nameProperties.some((name) => Properties[name] !== undefined);
  return [iam.some(isNamed) ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM"];
}

const identities: ReadonlySet<string> = new Set([
  "AWS::IAM::AccessKey",
  "AWS::IAM::Group",
  "AWS::IAM::InstanceProfile",
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::IAM::User",
  "AWS::IAM::UserToGroupAddition",
]);

const nameProperties = [
  "GroupName",
  "InstanceProfileName",
  "ManagedPolicyName",
  "RoleName",
  "UserName",
];

function requireCapabilities(template: Template, given: readonly string[]): void {
  const [needed] = requiredCapabilities(template);
  if (needed === undefined || given.includes("CAPABILITY_NAMED_IAM") || given.includes(needed))
    return;
  throw new AwsError("InsufficientCapabilitiesException", `Requires capabilities : [${needed}]`);
}

/** A service role must be one of the stack's own account. */
/** A role that CloudFormation is to work as: of the stack's own account, and it has to trust it. */
export function checkRole(arn: string, { account, world }: Context): void {
  const [, , , , owner, name = ""] = arn.split(":");
  if (name.startsWith("role/") && owner !== account) {
    throw new AwsError("AccessDenied", "Cross-account pass role is not allowed.", 403);
  }
  const role = roleOf(world, arn);
  const who = {
    caller: { service: "cloudformation.amazonaws.com" },
    keys: { "aws:SourceAccount": account },
  };
  if (role !== undefined && trusts(role, who)) return;
  throw invalid(`Role ${arn} is invalid or cannot be assumed`);
}
