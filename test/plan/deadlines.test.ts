import { expect, test } from "vitest";
import type { ObservedStack } from "../../src/model/observed.ts";
import { lateOperation, mayBeLate, spoken } from "../../src/plan/deadlines.ts";
import { decide, type Situation } from "../../src/plan/decide.ts";
import { changeSetPrefix } from "../../src/plan/units.ts";
import {
  arnOf,
  brief,
  changeSetIn,
  situationOf,
  stackIn,
  unitOf,
  wantedName,
  withChangeSets,
} from "./situations.ts";

const failedHere = { changeSetId: arnOf(wantedName) };
const ours = { changeSetId: arnOf(`${changeSetPrefix("e".repeat(64))}new`) };
const since = "2026-01-01T00:00:00.000Z";

const busyWith = (...types: readonly string[]) =>
  new Map([["base", types.map((type) => ({ logicalId: type.split("::")[2] ?? "", type, since }))]]);

const hanging = busyWith("AWS::ECS::Service");
const unseen = new Map([["base", { refused: "AccessDenied: no" }]]);

const deciding = (
  status: string,
  from: Partial<ObservedStack>,
  underWay: Situation["underWay"],
  now: string,
) => decide(situationOf(unitOf(stackIn(status, from)), { underWay, now }))[0];

const [half, hour, more] = [
  "2026-01-01T00:31:00.000Z",
  "2026-01-01T01:01:00.000Z",
  "2026-01-01T02:01:00.000Z",
];

test.for<[string, Partial<ObservedStack>, Situation["underWay"], string, string]>([
  ["UPDATE_IN_PROGRESS", failedHere, hanging, "2026-01-01T00:29:00.000Z", "waiting stack"],
  ["UPDATE_IN_PROGRESS", failedHere, hanging, "2026-01-01T00:30:00.000Z", "waiting stack"],
  ["UPDATE_IN_PROGRESS", failedHere, hanging, half, "act cancel-update"],
  [
    "UPDATE_IN_PROGRESS",
    failedHere,
    busyWith("AWS::ECS::Service", "AWS::EC2::NatGateway"),
    half,
    "waiting stack",
  ],
  ["UPDATE_IN_PROGRESS", failedHere, busyWith("AWS::SQS::Queue"), hour, "stalled DeadlineExceeded"],
  ["UPDATE_IN_PROGRESS", failedHere, busyWith("AWS::EC2::NatGateway"), half, "waiting stack"],
  [
    "UPDATE_IN_PROGRESS",
    failedHere,
    busyWith("AWS::EC2::NatGateway"),
    "2026-01-01T01:00:00.000Z",
    "waiting stack",
  ],
  ["UPDATE_IN_PROGRESS", failedHere, busyWith("AWS::EC2::NatGateway"), hour, "act cancel-update"],
  ["UPDATE_IN_PROGRESS", ours, busyWith("AWS::EC2::NatGateway"), hour, "act cancel-update"],
  ["UPDATE_IN_PROGRESS", ours, busyWith("AWS::RDS::DBInstance"), hour, "stalled DeadlineExceeded"],
  ["UPDATE_IN_PROGRESS", ours, unseen, half, "waiting stack"],
  ["UPDATE_IN_PROGRESS", ours, unseen, hour, "stalled DeadlineExceeded"],
  ["UPDATE_IN_PROGRESS", { changeSetId: arnOf("somebodys") }, hanging, hour, "waiting stack"],
  ["CREATE_IN_PROGRESS", failedHere, hanging, half, "stalled DeadlineExceeded"],
  ["UPDATE_ROLLBACK_IN_PROGRESS", failedHere, hanging, hour, "waiting stack"],
  ["UPDATE_ROLLBACK_IN_PROGRESS", failedHere, hanging, more, "stalled DeadlineExceeded"],
])("%s from %o, busy with %o at %s: %s", ([status, from, underWay, now, expected]) => {
  expect(brief(deciding(status, from, underWay, now))).toBe(expected);
});

test("says what was not done in time, and why it is let be", () => {
  expect(deciding("UPDATE_IN_PROGRESS", failedHere, hanging, half)).toMatchObject({
    step: { late: "Service did not become stable within 30 min." },
  });
  expect(
    deciding("UPDATE_IN_PROGRESS", ours, busyWith("AWS::RDS::DBInstance"), hour),
  ).toMatchObject({
    message:
      "The stack has been UPDATE_IN_PROGRESS for more than 60 min. It is busy with DBInstance. It is not broken off: DBInstance may hold data.",
  });
  expect(deciding("UPDATE_IN_PROGRESS", ours, unseen, half)).toMatchObject({
    message:
      "The stack is UPDATE_IN_PROGRESS. What it is busy with is for others to see: AccessDenied: no",
  });
  expect(deciding("UPDATE_IN_PROGRESS", ours, unseen, hour)).toMatchObject({
    message:
      "The stack has been UPDATE_IN_PROGRESS for more than 60 min. It is not broken off. What it is busy with is for others to see: AccessDenied: no",
  });
});

test("a change set that is not worked out in time is for a person to see", () => {
  const computing = withChangeSets({ wanted: changeSetIn("CREATE_IN_PROGRESS", "UNAVAILABLE") });
  const situation = situationOf(unitOf(stackIn("UPDATE_COMPLETE")), computing);
  expect(brief(decide(situation)[0])).toBe("waiting change-set");
  const last = { ...situation, now: "2026-01-01T00:05:00.000Z" };
  expect(brief(decide(last)[0])).toBe("waiting change-set");
  expect(brief(decide({ ...situation, now: "2026-01-01T00:06:00.000Z" })[0])).toBe(
    "stalled DeadlineExceeded",
  );
});

test.for([
  [3600, 1800, "2026-01-01T00:30:00.000Z", false],
  [3600, 1800, "2026-01-01T00:30:00.001Z", true],
  [60, 1800, "2026-01-01T00:01:00.001Z", true],
] as const)(
  "with %d s and %d s an operation may be late at %s: %s",
  ([execute, stabilise, now, expected]) => {
    const stack = stackIn("UPDATE_IN_PROGRESS", { lastUpdated: since });
    expect(mayBeLate(stack, { plan: 1, execute, stabilise }, now)).toBe(expected);
  },
);

test.for([
  ["DELETE_IN_PROGRESS", since, true],
  ["DELETE_IN_PROGRESS", "2026-01-01T00:30:00.000Z", false],
  ["UPDATE_IN_PROGRESS", "2026-01-01T00:30:00.000Z", true],
] as const)("%s, begun to be deleted at %s: %s", ([status, deletionBegan, expected]) => {
  const stack = stackIn(status, { lastUpdated: since, deletionBegan });
  const deadlines = { plan: 1, execute: 3600, stabilise: 3600 };
  expect(mayBeLate(stack, deadlines, hour)).toBe(expected);
  expect(lateOperation(stack, [], { deadlines, now: hour }) !== undefined).toBe(expected);
});

test.for([
  ["UPDATE_ROLLBACK_IN_PROGRESS", "2026-01-01T00:01:00.000Z", false],
  ["UPDATE_ROLLBACK_IN_PROGRESS", "2026-01-01T00:00:59.999Z", true],
  ["UPDATE_IN_PROGRESS", "2026-01-01T00:01:00.000Z", true],
] as const)("%s, continued at %s: %s", ([status, continued, expected]) => {
  const stack = stackIn(status, { lastUpdated: "2025-12-01T00:00:00.000Z" });
  const deadlines = { plan: 1, execute: 3600, stabilise: 3600 };
  const late = lateOperation(stack, [], { continued, deadlines, now: more });
  expect(late !== undefined).toBe(expected);
});

test("deadlines are said in minutes where they are whole ones", () => {
  expect([spoken(90), spoken(1800)]).toEqual(["90 s", "30 min"]);
});
