import type { Context } from "../world.ts";

export type ParameterType = "String" | "StringList" | "SecureString";
export type Tier = "Standard" | "Advanced";

/** One version of a parameter, as it was put. */
export interface ParameterVersion {
  readonly version: number;
  readonly type: ParameterType;
  readonly value: string;
  readonly keyId: string | undefined;
  readonly description: string | undefined;
  readonly tier: Tier;
  readonly modified: number;
  readonly user: string;
  readonly labels: readonly string[];
}

export interface Parameter {
  readonly name: string;
  /** Oldest first; at least one. */
  versions: readonly ParameterVersion[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Every parameter of the account and region, by name. */
export const parametersOf = (context: Pick<Context, "account" | "region" | "world">) =>
  context.world.stateOf<Record<string, Parameter>>("ssm", context, () => ({}));

export const newest = (parameter: Parameter): ParameterVersion =>
  parameter.versions.at(-1) as ParameterVersion;

export const arnOf = (name: string, { account, region }: Context): string =>
  `arn:aws:ssm:${region}:${account}:parameter${name.startsWith("/") ? "" : "/"}${name}`;

/** What a parameter holds now, for services that look into Parameter Store themselves. */
export function readParameter(
  context: Pick<Context, "account" | "region" | "world">,
  name: string,
): { readonly value: string; readonly version: number } | undefined {
  const parameter = parametersOf(context)[name];
  if (parameter === undefined) return undefined;
  const { value, version } = newest(parameter);
  return { value, version };
}

/** A name as callers write it: `name`, `name:3`, `name:label`, or an ARN of one of these. */
export function splitName(text: string): { readonly name: string; readonly selector: string } {
  const [, path = text] = /^arn:aws:ssm:[^:]*:[^:]*:parameter(\/.*)$/.exec(text) ?? [];
  const [name = "", selector] = path.split(":");
  return { name, selector: selector === undefined ? "" : `:${selector}` };
}

/** The version that a selector (`:3`, `:label`, or nothing for the newest) stands for. */
export function select(parameter: Parameter, selector: string): ParameterVersion | undefined {
  const wanted = selector.slice(1);
  if (wanted === "") return newest(parameter);
  return parameter.versions.find(({ labels, version }) =>
    /^\d+$/.test(wanted) ? version === Number(wanted) : labels.includes(wanted),
  );
}

/** Tells the bus: the value is never in the event. */
export function announce(
  operation: "Create" | "Delete" | "LabelParameterVersion" | "Update",
  parameter: Parameter,
  context: Context,
): void {
  const { description, type } = newest(parameter);
  context.world.emit({
    "detail-type": "Parameter Store Change",
    source: "aws.ssm",
    account: context.account,
    region: context.region,
    resources: [arnOf(parameter.name, context)],
    detail: {
      operation,
      name: parameter.name,
      type,
      ...(description === undefined ? {} : { description }),
    },
  });
}
