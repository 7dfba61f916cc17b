import type { Properties, Value } from "../cloudformation/state.ts";
import { properties } from "../cloudformation/templates/evaluate.ts";
import { isObject } from "../cloudformation/templates/references.ts";
import { ruleOf, rulesOf } from "../events/rules.ts";
import { addRole } from "../iam/roles.ts";
import { type AsyncSettings, asyncDefaults, workOf } from "../lambda/work.ts";
import { type Context, notEmulated } from "../world.ts";
import type { Installation } from "./installation.ts";
import { known } from "./known.ts";
import { generatedName, type Identity } from "./names.ts";

/** A function of an installation. */
export interface InstalledFunction {
  readonly name: string;
  readonly arn: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Makes a function known, and whatever wakes it. */
export function installFunction(logicalId: string, installation: Installation): InstalledFunction {
  const { principal, scope, template, world } = installation;
  const own = template.Resources[logicalId]?.Properties ?? {};
  const merged = merge(template.Globals?.Function ?? {}, own) as Properties;
  const wanted = known("AWS::Serverless::Function", properties(merged, scope));
  const { attributes, physicalId: name } = scope.resource(logicalId) as Identity;
  const arn = String(attributes.Arn);
  const environment = texts(members(members(wanted.Environment).Variables));
  const place = { ...principal, world, stack: String(scope.pseudo["AWS::StackName"]) };
  const role = String((scope.resource(`${logicalId}Role`) as Identity).attributes.Arn);
  addRole(world, role, byLambda);
  workOf(world).functions[arn] = {
    name,
    arn,
    description: String(wanted.Description ?? ""),
    handler: String(wanted.Handler),
    runtime: String(wanted.Runtime),
    role,
    memory: Number(wanted.MemorySize ?? 128),
    timeout: Number(wanted.Timeout ?? 3),
    environment,
    async: asyncSettings(members(wanted.EventInvokeConfig)),
    modified: world.now,
  };
  for (const [eventId, event] of Object.entries(members(wanted.Events))) {
    const { Properties: given, Type } = members(event);
    const details = known(String(Type), members(given));
    const source = { id: `${logicalId}${eventId}`, arn, details };
    if (Type === "SQS") mapQueue(source, installation);
    else installRule({ ...source, name: generatedName(source.id, place) }, installation);
  }
  return { name, arn, environment };
}

/** The trust policy that SAM gives the role of a function. */
const byLambda = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: ["lambda.amazonaws.com"] },
      Action: ["sts:AssumeRole"],
    },
  ],
};

interface Source {
  readonly id: string;
  /** The function's. */
  readonly arn: string;
  readonly details: Properties;
}

const members = (value: Value | undefined): Properties => (isObject(value) ? value : {});

const texts = (values: Properties): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

/** SAM's way: maps are merged, lists joined, and of all else the function's own wins. */
function merge(globals: Value, own: Value): Value {
  if (Array.isArray(globals) && Array.isArray(own)) return [...globals, ...own];
  if (!isObject(globals) || !isObject(own)) return own;
  const names = [...new Set([...Object.keys(globals), ...Object.keys(own)])];
  return Object.fromEntries(
    names.map((name) => {
      const [general, special] = [globals[name], own[name]];
      if (general === undefined || special === undefined) return [name, special ?? general ?? null];
      return [name, merge(general, special)];
    }),
  );
}

function asyncSettings(given: Properties): AsyncSettings {
  const { DestinationConfig, MaximumEventAgeInSeconds, MaximumRetryAttempts, ...others } = given;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw notEmulated(`EventInvokeConfig's ${unknown}`);
  const { OnFailure, ...destinations } = members(DestinationConfig);
  const { Destination, Type } = members(OnFailure);
  if (Object.keys(destinations).length > 0 || (Type !== undefined && Type !== "SQS")) {
    throw notEmulated("destinations other than a queue for failures");
  }
  return {
    retries: Number(MaximumRetryAttempts ?? asyncDefaults.retries),
    maximumAgeSeconds: Number(MaximumEventAgeInSeconds ?? asyncDefaults.maximumAgeSeconds),
    onFailure: Destination === undefined ? undefined : String(Destination),
  };
}

function mapQueue({ arn, details, id }: Source, { world }: Installation): void {
  const { BatchSize, Enabled, FunctionResponseTypes, Queue, ScalingConfig } = details;
  if (Enabled === false) throw notEmulated("event sources that are not enabled");
  const maximum = members(ScalingConfig).MaximumConcurrency;
  workOf(world).mappings[id] = {
    id,
    queue: String(Queue),
    function: arn,
    batchSize: Number(BatchSize ?? 10),
    maximumConcurrency: maximum === undefined ? undefined : Number(maximum),
    reportsItemFailures: JSON.stringify(FunctionResponseTypes ?? []).includes(
      "ReportBatchItemFailures",
    ),
  };
}

/** Puts a rule, unless the same is there: putting it again would start its timer anew. */
function installRule(
  { arn, details, id, name }: Source & { readonly name: string },
  { principal, world }: Installation,
): void {
  const { Description, Enabled, Input, Pattern, Schedule, State } = details;
  const rule = {
    Name: name,
    ...(Pattern === undefined ? {} : { EventPattern: JSON.stringify(Pattern) }),
    ...(Schedule === undefined ? {} : { ScheduleExpression: Schedule }),
    ...(Description === undefined ? {} : { Description }),
    State: Enabled === false ? "DISABLED" : (State ?? "ENABLED"),
  };
  const context: Context = { world, ...principal, principal: principal.arn };
  const present = rulesOf(context)[name] && ruleOf(name, context);
  const same =
    present?.pattern === rule.EventPattern &&
    present?.schedule === rule.ScheduleExpression &&
    present?.description === rule.Description &&
    present?.enabled === (rule.State !== "DISABLED");
  if (present === undefined || !same) world.call("events:PutRule", rule, principal);
  const target = { Id: id, Arn: arn, ...(Input === undefined ? {} : { Input }) };
  world.call("events:PutTargets", { Rule: name, Targets: [target] }, principal);
}
