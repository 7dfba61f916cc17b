import { sha256 } from "../model/digest.ts";
import type { WakeupPurpose, Wakeups } from "../ports/ports.ts";
import { isNamed } from "./answers.ts";
import type { Call, Operations } from "./call.ts";
import type { Installation } from "./installation.ts";

type Schedule = Operations["scheduler:CreateSchedule"][0];

/**
 * One schedule a key and purpose, replaced not added. There is no upsert: it is updated, created if there is
 * none, and updated again if another pass has created it in between. After it has gone off it
 * stays, since a deletion by itself would race the next update.
 */
export const wakeupsOf = (installation: Installation, call: Call): Wakeups => ({
  async set(key, at, purpose = "look") {
    const name = `${letters[purpose]}-${sha256(key).slice(0, 40)}`;
    const due = { at, key, name };
    const schedule =
      purpose === "teardown" ? teardownOf(due, installation) : scheduleOf(due, installation);
    if (await done(call("scheduler:UpdateSchedule", schedule), "ResourceNotFoundException")) return;
    if (await done(call("scheduler:CreateSchedule", schedule), "ConflictException")) return;
    await call("scheduler:UpdateSchedule", schedule);
  },
});

/** What the names of schedules begin with: IAM allows these and no others. */
const letters: Readonly<Record<WakeupPurpose, string>> = {
  again: "a",
  images: "i",
  look: "q",
  teardown: "t",
};

interface Due {
  readonly at: string;
  readonly key: string;
  readonly name: string;
}

const scheduleOf = ({ at, key, name }: Due, installation: Installation): Schedule => ({
  GroupName: installation.scheduleGroup,
  Name: name,
  ScheduleExpression: `at(${at.slice(0, "2026-03-02T10:23:43".length)})`,
  ScheduleExpressionTimezone: "UTC",
  FlexibleTimeWindow: { Mode: "OFF" },
  ActionAfterCompletion: "NONE",
  Target: {
    Arn: installation.signalFunctionArn,
    RoleArn: installation.schedulerRoleArn,
    // The scheduler puts an id of its own there: the same key at another time is another message.
    Input: JSON.stringify({ key, execution: "<aws.scheduler.execution-id>" }),
  },
});

/** A lease ends once, so its schedule goes with it. */
function teardownOf(due: Due, installation: Installation): Schedule {
  const Input = JSON.stringify({ lease: due.key, execution: "<aws.scheduler.execution-id>" });
  const { Target, ...schedule } = scheduleOf(due, installation);
  return {
    ...schedule,
    ActionAfterCompletion: "DELETE",
    Target: { RoleArn: Target?.RoleArn, Arn: installation.janitorFunctionArn, Input },
  };
}

async function done(call: Promise<unknown>, unlessNamed: string): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isNamed(error, unlessNamed)) return false;
    throw error;
  }
}
