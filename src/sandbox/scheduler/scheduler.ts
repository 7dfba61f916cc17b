import { byKey, pageOf, refuseOthers, takes } from "../inputs.ts";
import { timerOf } from "../timers.ts";
import { type Context, notEmulated, type Service } from "../world.ts";
import { appoint, fire, recur } from "./fire.ts";
import {
  checkName,
  conflict,
  type Group,
  groupOf,
  invalid,
  notFound,
  type Schedule,
  type ScheduleTarget,
  schedulesOf,
} from "./schedules.ts";

const scheduleMembers = [
  "ActionAfterCompletion",
  "ClientToken",
  "Description",
  "FlexibleTimeWindow",
  "GroupName",
  "Name",
  "ScheduleExpression",
  "ScheduleExpressionTimezone",
  "State",
  "Target",
] as const;

/** EventBridge Scheduler: one-time and recurring schedules in groups, kept to the minute, in UTC. */
export const scheduler: Service = {
  name: "scheduler",
  operations: {
    CreateSchedule: takes<ScheduleInput>(scheduleMembers, createSchedule),
    UpdateSchedule: takes<ScheduleInput>(scheduleMembers, updateSchedule),
    GetSchedule: takes<Named>(["GroupName", "Name"], (input, context) =>
      shown(scheduleOf(input, context)),
    ),
    DeleteSchedule: takes<Named>(["ClientToken", "GroupName", "Name"], deleteSchedule),
    ListSchedules: takes<ListInput>(
      ["GroupName", "MaxResults", "NamePrefix", "NextToken", "State"],
      listSchedules,
    ),
    CreateScheduleGroup: takes<GroupInput>(["ClientToken", "Name"], createGroup),
    GetScheduleGroup: takes<GroupInput>(["Name"], ({ Name }, context) =>
      shownGroup(existingGroup(Name, context)),
    ),
    DeleteScheduleGroup: takes<GroupInput>(["ClientToken", "Name"], deleteGroup),
    ListScheduleGroups: takes<ListInput>(["MaxResults", "NamePrefix", "NextToken"], listGroups),
  },
  tasks: { Fire: fire, Recur: recur },
};

interface Named {
  readonly Name: string;
  readonly GroupName?: string;
  readonly ClientToken?: string;
}

interface ScheduleInput extends Named {
  readonly ActionAfterCompletion?: string;
  readonly Description?: string;
  readonly FlexibleTimeWindow: { readonly Mode: string };
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly State?: string;
  readonly Target: ScheduleTarget;
}

interface GroupInput {
  readonly Name: string;
  readonly ClientToken?: string;
}

interface ListInput {
  readonly GroupName?: string;
  readonly MaxResults?: number;
  readonly NamePrefix?: string;
  readonly NextToken?: string;
  readonly State?: string;
}

function createSchedule(input: ScheduleInput, context: Context): unknown {
  checkName(input.Name);
  const group = existingGroup(input.GroupName ?? "default", context).name;
  const other = schedulesOf(context).schedules[`${group}/${input.Name}`];
  if (other !== undefined) {
    if (input.ClientToken !== undefined && input.ClientToken === other.token) {
      return { ScheduleArn: other.arn };
    }
    throw conflict(`Schedule ${input.Name}`);
  }
  return put(input, undefined, context);
}

/** Replaces the whole schedule: what is not given has its default again. */
function updateSchedule(input: ScheduleInput, context: Context): unknown {
  return put(input, scheduleOf(input, context), context);
}

function put(input: ScheduleInput, before: Schedule | undefined, context: Context): unknown {
  const { account, region, world } = context;
  check(input, world.now);
  const group = input.GroupName ?? "default";
  const schedule: Schedule = {
    name: input.Name,
    group,
    arn: `arn:aws:scheduler:${region}:${account}:schedule/${group}/${input.Name}`,
    expression: input.ScheduleExpression,
    enabled: input.State !== "DISABLED",
    deletes: input.ActionAfterCompletion === "DELETE",
    description: input.Description,
    target: input.Target,
    created: before?.created ?? world.now,
    modified: world.now,
    token: before === undefined ? input.ClientToken : before.token,
    timer: world.uuid(),
  };
  schedulesOf(context).schedules[`${group}/${input.Name}`] = schedule;
  appoint(schedule, world.now, context);
  return { ScheduleArn: schedule.arn };
}

const targetMembers: ReadonlySet<string> = new Set([
  "Arn",
  "DeadLetterConfig",
  "Input",
  "RetryPolicy",
  "RoleArn",
  "SqsParameters",
]);

function check(input: ScheduleInput, now: number): void {
  const { FlexibleTimeWindow, ScheduleExpression, ScheduleExpressionTimezone = "UTC" } = input;
  if (ScheduleExpressionTimezone !== "UTC") {
    throw notEmulated(`schedules in the time zone ${ScheduleExpressionTimezone}`);
  }
  if (FlexibleTimeWindow.Mode !== "OFF") throw notEmulated("flexible time windows");
  checkEnum("state", input.State, ["ENABLED", "DISABLED"]);
  checkEnum("actionAfterCompletion", input.ActionAfterCompletion, ["NONE", "DELETE"]);
  const timer = timerOf(ScheduleExpression);
  if (timer === undefined) throw invalid(`Invalid Schedule Expression ${ScheduleExpression}.`);
  if (timer.kind === "once" && timer.at < now) {
    throw invalid(`Invalid Schedule Expression ${ScheduleExpression}. The time is in the past.`);
  }
  checkTarget(input.Target);
}

function checkEnum(member: string, value: string | undefined, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return;
  throw invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${known.join(", ")}]`,
  );
}

function checkTarget(target: ScheduleTarget): void {
  refuseOthers(target, targetMembers);
  if (!/^arn:aws:(?:lambda:[^:]*:\d+:function:[^:]+$|sqs:)/.test(target.Arn)) {
    throw notEmulated(`schedule targets such as ${target.Arn}`);
  }
  if (!target.Arn.startsWith("arn:aws:lambda:") || target.Input === undefined) return;
  try {
    JSON.parse(target.Input);
  } catch {
    throw invalid("Provided Input for the target is not valid JSON.");
  }
}

function scheduleOf({ GroupName = "default", Name }: Named, context: Context): Schedule {
  existingGroup(GroupName, context);
  const schedule = schedulesOf(context).schedules[`${GroupName}/${Name}`];
  if (schedule === undefined) throw notFound(`Schedule ${Name}`);
  return schedule;
}

function deleteSchedule(input: Named, context: Context): unknown {
  const { group, name } = scheduleOf(input, context);
  delete schedulesOf(context).schedules[`${group}/${name}`];
  return {};
}

function listSchedules(input: ListInput, context: Context): unknown {
  const { GroupName, NamePrefix = "", State } = input;
  if (GroupName !== undefined) existingGroup(GroupName, context);
  const all = Object.values(schedulesOf(context).schedules)
    .filter(({ group }) => GroupName === undefined || group === GroupName)
    .filter(({ name }) => name.startsWith(NamePrefix))
    .filter(({ enabled }) => State === undefined || (State === "ENABLED") === enabled);
  const { items, next } = page(all, ({ group, name }) => `${group}/${name}`, input);
  return {
    Schedules: items.map((schedule) => {
      const { Arn, CreationDate, GroupName, LastModificationDate, Name, State } = shown(schedule);
      const Target = { Arn: schedule.target.Arn };
      return { Arn, CreationDate, GroupName, LastModificationDate, Name, State, Target };
    }),
    ...next,
  };
}

function existingGroup(name: string, context: Context): Group {
  const group = schedulesOf(context).groups[name];
  if (group === undefined) throw notFound(`Schedule group ${name}`);
  return group;
}

function createGroup({ ClientToken, Name }: GroupInput, context: Context): unknown {
  checkName(Name);
  const { groups } = schedulesOf(context);
  const other = groups[Name];
  if (other !== undefined && (ClientToken === undefined || ClientToken !== other.token)) {
    throw conflict(`Schedule group ${Name}`);
  }
  const group = other ?? groupOf(Name, ClientToken, context);
  groups[Name] = group;
  return { ScheduleGroupArn: group.arn };
}

function deleteGroup({ Name }: GroupInput, context: Context): unknown {
  if (Name === "default") throw invalid("Schedule group default cannot be deleted.");
  existingGroup(Name, context);
  const { groups, schedules } = schedulesOf(context);
  delete groups[Name];
  for (const [key, { group }] of Object.entries(schedules)) {
    if (group === Name) delete schedules[key];
  }
  return {};
}

function listGroups(input: ListInput, context: Context): unknown {
  const all = Object.values(schedulesOf(context).groups).filter(({ name }) =>
    name.startsWith(input.NamePrefix ?? ""),
  );
  const { items, next } = page(all, ({ name }) => name, input);
  return { ScheduleGroups: items.map(shownGroup), ...next };
}

function page<T>(
  items: T[],
  keyOf: (item: T) => string,
  { MaxResults = 100, NextToken }: ListInput,
): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  if (MaxResults < 1 || MaxResults > 100) {
    throw invalid(
      `1 validation error detected: Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and 100`,
    );
  }
  const cut = pageOf(items.sort(byKey(keyOf)), keyOf, { size: MaxResults, token: NextToken });
  if (cut === undefined) throw invalid("Invalid NextToken.");
  return { items: cut.items, next: cut.next === undefined ? {} : { NextToken: cut.next } };
}

const shown = (schedule: Schedule) => ({
  ActionAfterCompletion: schedule.deletes ? "DELETE" : "NONE",
  Arn: schedule.arn,
  CreationDate: new Date(schedule.created),
  ...(schedule.description === undefined ? {} : { Description: schedule.description }),
  FlexibleTimeWindow: { Mode: "OFF" },
  GroupName: schedule.group,
  LastModificationDate: new Date(schedule.modified),
  Name: schedule.name,
  ScheduleExpression: schedule.expression,
  ScheduleExpressionTimezone: "UTC",
  State: schedule.enabled ? "ENABLED" : "DISABLED",
  Target: schedule.target,
});

const shownGroup = ({ arn, created, name }: Group) => ({
  Arn: arn,
  CreationDate: new Date(created),
  LastModificationDate: new Date(created),
  Name: name,
  State: "ACTIVE",
});
