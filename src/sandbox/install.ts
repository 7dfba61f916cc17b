import type { ResourceDeclaration, Value } from "./cloudformation/state.ts";
import { evaluate, holds, type Scope } from "./cloudformation/templates/evaluate.ts";
import { parseTemplate } from "./cloudformation/templates/parse.ts";
import { type InstalledFunction, installFunction } from "./install/functions.ts";
import type { Installation, SamTemplate } from "./install/installation.ts";
import { type Identity, identityOf, type Place } from "./install/names.ts";
import { makeResources } from "./install/resources.ts";
import { notEmulated, type World } from "./world.ts";

export interface InstallOptions {
  /** 123456789012, unless said. */
  readonly account?: string;
  /** eu-west-1, unless said. */
  readonly region?: string;
  /** What generated names begin with; trueup, unless said. */
  readonly stack?: string;
  /** Values for the template's parameters, beside their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What an installation made. */
export interface Installed {
  /** By logical id. */
  readonly functions: Readonly<Record<string, InstalledFunction>>;
  /** The template's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Installs a SAM template: its functions, queues, buckets, rules and schedule groups come to be in
 * the world. Installing again brings what is there up to date. What is not understood is refused.
 */
export function install(
  world: World,
  templateText: string,
  {
    account = "123456789012",
    parameters = {},
    region = "eu-west-1",
    stack = "trueup",
  }: InstallOptions = {},
): Installed {
  const template = parseTemplate(templateText) as unknown as SamTemplate;
  const scope = scopeOf(template, { world, account, region, stack }, parameters);
  const principal = { account, region, arn: `arn:aws:iam::${account}:user/installer` };
  const isThere = ({ Condition }: ResourceDeclaration): boolean =>
    Condition === undefined || holds(Condition, scope);
  const resources = Object.entries(template.Resources).filter(([, one]) => isThere(one));
  const wanted = { ...template, Resources: Object.fromEntries(resources) };
  const installation: Installation = { world, principal, scope, template: wanted };
  for (const [logicalId, { Type }] of resources) {
    if (!made.has(Type) && !withoutEffect.has(Type)) {
      throw notEmulated(`installing ${logicalId}, a ${Type}`);
    }
  }
  makeResources(installation);
  const functions = resources.flatMap(([logicalId, { Type }]) =>
    Type === "AWS::Serverless::Function"
      ? [[logicalId, installFunction(logicalId, installation)] as const]
      : [],
  );
  const outputs = Object.entries(template.Outputs ?? {}).map(
    ([name, { Value }]) => [name, String(evaluate(Value, scope))] as const,
  );
  return { functions: Object.fromEntries(functions), outputs: Object.fromEntries(outputs) };
}

const made: ReadonlySet<string> = new Set([
  "AWS::Events::EventBusPolicy",
  "AWS::IAM::Role",
  "AWS::S3::Bucket",
  "AWS::S3::BucketPolicy",
  "AWS::SQS::Queue",
  "AWS::Scheduler::ScheduleGroup",
  "AWS::Serverless::Function",
]);

/** Nothing in the sandbox asks what may be done, keeps logs or watches metrics. */
const withoutEffect: ReadonlySet<string> = new Set([
  "AWS::CloudWatch::Alarm",
  "AWS::IAM::ManagedPolicy",
  "AWS::Logs::LogGroup",
  "AWS::Logs::MetricFilter",
]);

/** SAM makes a role for each function, which the template may refer to. */
function roleOfFunction(
  logicalId: string,
  { Globals, Resources }: SamTemplate,
): ResourceDeclaration | undefined {
  const [, name = ""] = /^(.+)Role$/.exec(logicalId) ?? [];
  const { Properties = {}, Type } = Resources[name] ?? {};
  if (Type !== "AWS::Serverless::Function") return undefined;
  const path = Properties.RolePath ?? Globals?.Function?.RolePath;
  return { Type: "AWS::IAM::Role", Properties: path === undefined ? {} : { Path: path } };
}

function scopeOf(
  template: SamTemplate,
  place: Place,
  given: Readonly<Record<string, string>>,
): Scope {
  const parameters = Object.entries(template.Parameters ?? {}).map(([name, { Default }]) => {
    const value = given[name] ?? Default;
    if (value === undefined) throw new Error(`The parameter ${name} has no value`);
    return [name, { value: String(value) }] as const;
  });
  const identities = new Map<string, Identity>();
  const scope: Scope = {
    template,
    parameters: Object.fromEntries(parameters),
    pseudo: {
      "AWS::AccountId": place.account,
      "AWS::Partition": "aws",
      "AWS::Region": place.region,
      "AWS::StackName": place.stack,
      "AWS::URLSuffix": "amazonaws.com",
    },
    resource: (logicalId) => {
      const declaration = template.Resources[logicalId] ?? roleOfFunction(logicalId, template);
      if (declaration === undefined) throw new Error(`The template has no resource ${logicalId}`);
      const textOf = (value: Value) => String(evaluate(value, scope));
      const identity =
        identities.get(logicalId) ?? identityOf(logicalId, declaration, { place, textOf });
      identities.set(logicalId, identity);
      return identity;
    },
    exported: (name) => {
      throw notEmulated(`the import of ${name}`);
    },
    zones: [],
  };
  return scope;
}
