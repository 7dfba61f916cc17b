import { byKey, pageOf, refuseOthers, takes } from "../inputs.ts";
import { timerOf } from "../timers.ts";
import { AwsError, type BusEvent, type Context, notEmulated, type Service } from "../world.ts";
import { describeEventBus, isBus, putPermission, removePermission } from "./buses.ts";
import { deliver, schedule, tick } from "./deliver.ts";
import { parsePattern, putEvents, testEventPattern } from "./put-events.ts";
import { checkBus, type Rule, ruleOf, rulesOf, type Target } from "./rules.ts";

/** EventBridge: the default bus, its rules and their targets: functions and queues. */
export const events: Service = {
  name: "events",
  operations: {
    Deliver: deliverFromService,
    PutRule: takes<PutRuleInput>(
      [
        "Description",
        "EventBusName",
        "EventPattern",
        "Name",
        "RoleArn",
        "ScheduleExpression",
        "State",
      ],
      putRule,
    ),
    DescribeRule: takes<Named>(["EventBusName", "Name"], (input, context) => {
      checkBus(input.EventBusName);
      const rule = shown(ruleOf(input.Name, context));
      return { ...rule, CreatedBy: context.account };
    }),
    ListRules: takes<ListRulesInput>(
      ["EventBusName", "Limit", "NamePrefix", "NextToken"],
      listRules,
    ),
    EnableRule: takes<Named>(["EventBusName", "Name"], (input, context) =>
      change(input, { enabled: true }, context),
    ),
    DisableRule: takes<Named>(["EventBusName", "Name"], (input, context) =>
      change(input, { enabled: false }, context),
    ),
    DeleteRule: takes<Named>(["EventBusName", "Force", "Name"], deleteRule),
    PutTargets: takes<PutTargetsInput>(["EventBusName", "Rule", "Targets"], putTargets),
    RemoveTargets: takes<RemoveTargetsInput>(
      ["EventBusName", "Force", "Ids", "Rule"],
      removeTargets,
    ),
    ListTargetsByRule: takes<OfRule & Paging>(
      ["EventBusName", "Limit", "NextToken", "Rule"],
      listTargetsByRule,
    ),
    ListRuleNamesByTarget: takes<OfTarget & Paging>(
      ["EventBusName", "Limit", "NextToken", "TargetArn"],
      listRuleNamesByTarget,
    ),
    PutPermission: takes(
      ["Action", "EventBusName", "Policy", "Principal", "StatementId"],
      putPermission,
    ),
    RemovePermission: takes(["EventBusName", "StatementId"], removePermission),
    DescribeEventBus: takes(["Name"], describeEventBus),
    PutEvents: takes(["Entries"], putEvents),
    TestEventPattern: takes(["Event", "EventPattern"], testEventPattern),
  },
  tasks: { Deliver: deliver, Tick: tick },
};

interface OnBus {
  readonly EventBusName?: string;
}

interface Named extends OnBus {
  readonly Name: string;
  readonly Force?: boolean;
}

interface OfRule extends OnBus {
  readonly Rule: string;
}

interface OfTarget extends OnBus {
  readonly TargetArn: string;
}

interface Paging {
  readonly Limit?: number;
  readonly NextToken?: string;
}

interface ListRulesInput extends OnBus, Paging {
  readonly NamePrefix?: string;
}

interface PutRuleInput extends Named {
  readonly Description?: string;
  readonly EventPattern?: string;
  readonly RoleArn?: string;
  readonly ScheduleExpression?: string;
  readonly State?: string;
}

interface PutTargetsInput extends OfRule {
  readonly Targets: readonly Target[];
}

interface RemoveTargetsInput extends OfRule {
  readonly Ids: readonly string[];
  readonly Force?: boolean;
}

/** What `World.emit` calls in a service's name. AWS has no such operation for clients. */
function deliverFromService(event: BusEvent, context: Context): unknown {
  if (context.principal.startsWith("arn:")) throw notEmulated("events:Deliver");
  return deliver(event, context);
}

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

function putRule(input: PutRuleInput, context: Context): unknown {
  const { account, region } = context;
  checkBus(input.EventBusName);
  checkRule(input);
  const rules = rulesOf(context);
  const before = rules[input.Name];
  const rule: Rule = {
    name: input.Name,
    arn: `arn:aws:events:${region}:${account}:rule/${input.Name}`,
    pattern: input.EventPattern,
    schedule: input.ScheduleExpression,
    description: input.Description,
    role: input.RoleArn,
    enabled: input.State !== "DISABLED",
    targets: before?.targets ?? [],
    timer: context.world.uuid(),
  };
  rules[rule.name] = rule;
  schedule(rule, context);
  return { RuleArn: rule.arn };
}

function checkRule({ EventPattern, Name, ScheduleExpression, State }: PutRuleInput): void {
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(Name)) {
    throw invalid(
      `1 validation error detected: Value '${Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
    );
  }
  if (State !== undefined && State !== "ENABLED" && State !== "DISABLED") {
    throw notEmulated(`rules in the state ${State}`);
  }
  if (EventPattern === undefined && ScheduleExpression === undefined) {
    throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  }
  if (EventPattern !== undefined) parsePattern(EventPattern);
  if (ScheduleExpression !== undefined && timerOf(ScheduleExpression)?.kind !== "recurring") {
    throw invalid("Parameter ScheduleExpression is not valid.");
  }
}

function change(input: Named, what: Pick<Rule, "enabled">, context: Context): unknown {
  checkBus(input.EventBusName);
  const before = ruleOf(input.Name, context);
  const rule = { ...before, ...what, timer: context.world.uuid() };
  rulesOf(context)[rule.name] = rule;
  schedule(rule, context);
  return {};
}

function deleteRule({ EventBusName, Name }: Named, context: Context): unknown {
  checkBus(EventBusName);
  const rules = rulesOf(context);
  if ((rules[Name]?.targets.length ?? 0) > 0) {
    throw invalid("Rule can't be deleted since it has targets.");
  }
  delete rules[Name];
  return {};
}

const mostTargets = 5;

const targetMembers: ReadonlySet<string> = new Set([
  "Arn",
  "DeadLetterConfig",
  "Id",
  "Input",
  "RetryPolicy",
  "RoleArn",
  "SqsParameters",
]);

function putTargets({ EventBusName, Rule, Targets }: PutTargetsInput, context: Context): unknown {
  checkBus(EventBusName);
  const rule = ruleOf(Rule, context);
  for (const target of Targets) checkTarget(target);
  const ids = new Set(Targets.map(({ Id }) => Id));
  const targets = [...rule.targets.filter(({ Id }) => !ids.has(Id)), ...Targets];
  if (targets.length > mostTargets) {
    throw new AwsError(
      "LimitExceededException",
      "The requested resource exceeds the maximum number allowed.",
    );
  }
  rulesOf(context)[Rule] = { ...rule, targets };
  return { FailedEntryCount: 0, FailedEntries: [] };
}

function checkTarget(target: Target): void {
  refuseOthers(target, targetMembers);
  const isTaken = /^arn:aws:(?:lambda:[^:]*:\d+:function:[^:]+$|sqs:)/.test(target.Arn);
  if (!isTaken && !isBus(target.Arn)) {
    throw notEmulated(`rule targets such as ${target.Arn}`);
  }
  if (target.Input === undefined) return;
  try {
    JSON.parse(target.Input);
  } catch {
    throw invalid(`JSON syntax error in input for target ${target.Id} .`);
  }
}

function removeTargets({ EventBusName, Ids, Rule }: RemoveTargetsInput, context: Context): unknown {
  checkBus(EventBusName);
  const rule = ruleOf(Rule, context);
  const targets = rule.targets.filter(({ Id }) => !Ids.includes(Id));
  rulesOf(context)[Rule] = { ...rule, targets };
  return { FailedEntryCount: 0, FailedEntries: [] };
}

function listRules({ EventBusName, NamePrefix = "", ...paging }: ListRulesInput, context: Context) {
  checkBus(EventBusName);
  const rules = Object.values(rulesOf(context))
    .filter(({ name }) => name.startsWith(NamePrefix))
    .sort(byKey(({ name }) => name));
  const { items, next } = page(rules, ({ name }) => name, paging);
  return { Rules: items.map(shown), ...next };
}

function listRuleNamesByTarget(
  { EventBusName, TargetArn, ...paging }: OfTarget & Paging,
  context: Context,
) {
  checkBus(EventBusName);
  const names = Object.values(rulesOf(context))
    .filter(({ targets }) => targets.some(({ Arn }) => Arn === TargetArn))
    .map(({ name }) => name)
    .sort(byKey((name) => name));
  const { items, next } = page(names, (name) => name, paging);
  return { RuleNames: items, ...next };
}

function listTargetsByRule({ EventBusName, Rule, ...paging }: OfRule & Paging, context: Context) {
  checkBus(EventBusName);
  const targets = [...ruleOf(Rule, context).targets].sort(byKey(({ Id }) => Id));
  const { items, next } = page(targets, ({ Id }) => Id, paging);
  return { Targets: items, ...next };
}

function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { Limit = 100, NextToken }: Paging,
): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  const cut = pageOf(items, keyOf, { size: Limit, token: NextToken });
  if (cut === undefined) throw invalid("The nextToken value is not valid.");
  return { items: cut.items, next: cut.next === undefined ? {} : { NextToken: cut.next } };
}

const shown = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  ...(rule.pattern === undefined ? {} : { EventPattern: rule.pattern }),
  ...(rule.schedule === undefined ? {} : { ScheduleExpression: rule.schedule }),
  State: rule.enabled ? "ENABLED" : "DISABLED",
  ...(rule.description === undefined ? {} : { Description: rule.description }),
  ...(rule.role === undefined ? {} : { RoleArn: rule.role }),
  EventBusName: "default",
});
