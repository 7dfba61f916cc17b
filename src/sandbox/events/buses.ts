import { declaredIn } from "../cloudformation/held.ts";
import { isObject } from "../cloudformation/templates/references.ts";
import { allows } from "../iam/policy.ts";
import { AwsError, type BusEvent, type Context } from "../world.ts";
import { matches } from "./pattern.ts";
import { busPolicyOf, checkBus, defaultBus } from "./rules.ts";

/** Whether a rule's target is a bus: that of another account, or of another region. */
export const isBus = (arn: string): boolean =>
  /^arn:aws:events:[a-z0-9-]+:\d{12}:event-bus\/.+$/.test(arn);

/**
 * Where an event goes that a rule hands to another bus; undefined: that bus does not take it. One
 * that came from another bus goes no further.
 */
export function destinationOf(arn: string, event: BusEvent, context: Context): Context | undefined {
  const [, , , region = "", account = ""] = arn.split(":");
  const hasTravelled = event.account !== context.account || event.region !== context.region;
  const place = { ...context, account, region };
  if (hasTravelled || arn !== defaultBus(place)) return undefined;
  const root = `arn:aws:iam::${context.account}:root`;
  const asked = {
    action: "events:PutEvents",
    resource: arn,
    caller: { account: context.account, arn: root, principalArn: root },
  };
  const isLetIn = account === context.account || allows({ Statement: policyOf(place) }, asked);
  return isLetIn ? place : undefined;
}

/** The buses to which rules of stacks hand an event. All else that such a rule does is not emulated. */
export const busesOfStacks = (event: BusEvent, context: Context): readonly string[] =>
  declaredIn(context, "AWS::Events::Rule")
    .map(({ properties }) => properties)
    .filter(
      ({ EventPattern, State }) =>
        isObject(EventPattern) && State !== "DISABLED" && matches(EventPattern, event),
    )
    .flatMap(({ Targets }) => (Array.isArray(Targets) ? Targets : []))
    .map((target) => (isObject(target) ? String(target.Arn) : ""))
    .filter(isBus);

const policyOf = (context: Context): readonly unknown[] => [
  ...Object.values(busPolicyOf(context)),
  ...declaredIn(context, "AWS::Events::EventBusPolicy").map(({ properties }) =>
    isObject(properties.Statement)
      ? properties.Statement
      : // Without a statement it is the older form: these properties.
        granted(properties as Grant, context),
  ),
];

interface Grant {
  readonly StatementId?: string;
  readonly Action?: string;
  readonly Principal?: string;
}

interface PermissionInput extends Grant {
  readonly EventBusName?: string;
  readonly Policy?: string;
}

const granted = ({ Action, Principal, StatementId }: Grant, context: Context) => ({
  Sid: StatementId,
  Effect: "Allow",
  Principal: Principal === "*" ? "*" : { AWS: `arn:aws:iam::${Principal}:root` },
  Action,
  Resource: defaultBus(context),
});

/** Lets another account put events on the bus; with `Policy` it says all of who may. */
export function putPermission(input: PermissionInput, context: Context): unknown {
  const { EventBusName, Policy, StatementId } = input;
  checkBus(EventBusName);
  const statements = busPolicyOf(context);
  if (Policy === undefined) {
    if (StatementId === undefined) throw invalid("StatementId is required.");
    statements[StatementId] = granted(input, context);
    return {};
  }
  const { Statement = [] } = JSON.parse(Policy);
  for (const id of Object.keys(statements)) delete statements[id];
  for (const statement of [Statement].flat()) statements[String(statement.Sid)] = statement;
  return {};
}

export function removePermission(
  { EventBusName, StatementId = "" }: PermissionInput,
  context: Context,
): unknown {
  checkBus(EventBusName);
  const statements = busPolicyOf(context);
  if (statements[StatementId] === undefined) {
    throw new AwsError(
      "ResourceNotFoundException",
      `Statement with the provided id does not exist.`,
    );
  }
  delete statements[StatementId];
  return {};
}

export function describeEventBus({ Name }: { readonly Name?: string }, context: Context): unknown {
  checkBus(Name);
  const Statement = policyOf(context);
  return {
    Name: "default",
    Arn: defaultBus(context),
    ...(Statement.length === 0
      ? {}
      : { Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }),
  };
}

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);
