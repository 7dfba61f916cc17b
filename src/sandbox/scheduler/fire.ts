import { wholeSeconds } from "../events/deliver.ts";
import { enqueue } from "../lambda/work.ts";
import { sendTo } from "../sqs/send.ts";
import { timerOf } from "../timers.ts";
import type { Context } from "../world.ts";
import { type Schedule, type Scope, schedulesOf } from "./schedules.ts";

/** A timer that is set: its own name, for which schedule, and for when. */
export interface Appointment {
  readonly group: string;
  readonly name: string;
  readonly timer: string;
  /** The time it is for; it fires up to a minute later. */
  readonly at: number;
}

/** Schedules are kept to the minute. */
const precision = 60_000;

/** Sets the timer for the next time a schedule is due after `after`. */
export function appoint(schedule: Schedule, after: number, context: Context): void {
  const { enabled, expression, group, name, timer } = schedule;
  const due = timerOf(expression);
  if (!enabled || due === undefined) return;
  const at = due.kind === "once" ? due.at : due.next(after);
  if (at === undefined) return;
  const { world } = context;
  const late = Math.floor((world.chance() * precision * Math.min(1, world.tempo)) / 1000) * 1000;
  const task = due.kind === "once" ? "Fire" : "Recur";
  const appointment: Appointment = { group, name, timer, at };
  world.later(at + late - world.now, "scheduler", task, appointment, context);
}

/** Whether a timer still stands for its schedule: there is no taking one off the agenda. */
export const isSet = (appointment: Appointment, scope: Scope): boolean =>
  current(appointment, scope) !== undefined;

/** A one-time schedule is due. */
export function fire(appointment: Appointment, context: Context): void {
  const schedule = current(appointment, context);
  if (schedule === undefined) return;
  handOver(schedule, appointment.at, context);
  if (schedule.deletes) delete schedulesOf(context).schedules[`${schedule.group}/${schedule.name}`];
}

/** A recurring schedule is due: once more, and it will be again. */
export function recur(appointment: Appointment, context: Context): void {
  const schedule = current(appointment, context);
  if (schedule === undefined) return;
  handOver(schedule, appointment.at, context);
  // What was missed while the clock stood still is not made up for.
  appoint(schedule, Math.max(appointment.at, context.world.now - precision), context);
}

function current({ group, name, timer }: Appointment, scope: Scope): Schedule | undefined {
  const schedule = schedulesOf(scope).schedules[`${group}/${name}`];
  return schedule?.timer === timer ? schedule : undefined;
}

function handOver({ arn, target }: Schedule, at: number, context: Context): void {
  const { world } = context;
  const text = filled(target.Input ?? defaultInput(arn, at, context), { arn, at, context });
  const service = { principal: "scheduler.amazonaws.com", world };
  const group = target.SqsParameters?.MessageGroupId;
  const taken = target.Arn.startsWith("arn:aws:lambda:")
    ? enqueue(target.Arn, JSON.parse(text), world)
    : sendTo(
        target.Arn,
        { MessageBody: text, ...(group === undefined ? {} : { MessageGroupId: group }) },
        service,
      );
  const deadLetterQueue = target.DeadLetterConfig?.Arn;
  if (!taken && deadLetterQueue !== undefined)
    sendTo(deadLetterQueue, { MessageBody: text }, service);
}

/** What a target gets that was given no input: here the detail is a text. */
const defaultInput = (arn: string, at: number, { account, region, world }: Context): string =>
  JSON.stringify({
    version: "0",
    id: world.uuid(),
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    account,
    time: wholeSeconds(at),
    region,
    resources: [arn],
    detail: "{}",
  });

function filled(
  text: string,
  { arn, at, context }: { readonly arn: string; readonly at: number; readonly context: Context },
): string {
  const values: Readonly<Record<string, string>> = {
    "attempt-number": "1",
    "execution-id": context.world.uuid(),
    "schedule-arn": arn,
    "scheduled-time": wholeSeconds(at),
  };
  return text.replace(
    /<aws\.scheduler\.([a-z-]+)>/g,
    (whole, name: string) => values[name] ?? whole,
  );
}
