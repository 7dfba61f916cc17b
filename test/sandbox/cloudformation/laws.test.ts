import fc from "fast-check";
import { expect, test } from "vitest";
import {
  changeSetsOf,
  findStack,
  liveStacks,
  stacksMarked,
} from "../../../src/sandbox/cloudformation/directory.ts";
import { failResource } from "../../../src/sandbox/cloudformation/faults.ts";
import { marksOf } from "../../../src/sandbox/cloudformation/marks.ts";
import { stateOf } from "../../../src/sandbox/cloudformation/state.ts";
import { AwsError, type World } from "../../../src/sandbox/world.ts";
import { aWorld } from "../world-of-services.ts";
import { cloudformation, contextOf, parameters, settle } from "./a-world.ts";

// Whatever is asked of stacks, and whatever fails on the way.

/** The arrows of the status machine. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  "": ["REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS"],
  REVIEW_IN_PROGRESS: ["CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  CREATE_IN_PROGRESS: [
    "CREATE_COMPLETE",
    "CREATE_FAILED",
    "ROLLBACK_IN_PROGRESS",
    "DELETE_IN_PROGRESS",
  ],
  CREATE_COMPLETE: ["UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  CREATE_FAILED: ["UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  ROLLBACK_IN_PROGRESS: ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_IN_PROGRESS"],
  ROLLBACK_COMPLETE: ["DELETE_IN_PROGRESS"],
  ROLLBACK_FAILED: ["DELETE_IN_PROGRESS"],
  UPDATE_IN_PROGRESS: [
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_FAILED",
  ],
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: ["UPDATE_COMPLETE"],
  UPDATE_COMPLETE: ["UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  UPDATE_FAILED: ["UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  UPDATE_ROLLBACK_IN_PROGRESS: [
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
  ],
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: ["UPDATE_ROLLBACK_COMPLETE"],
  UPDATE_ROLLBACK_COMPLETE: ["UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  UPDATE_ROLLBACK_FAILED: ["UPDATE_ROLLBACK_IN_PROGRESS", "DELETE_IN_PROGRESS"],
  DELETE_IN_PROGRESS: ["DELETE_COMPLETE", "DELETE_FAILED"],
  DELETE_FAILED: ["DELETE_IN_PROGRESS"],
  DELETE_COMPLETE: [],
};

const contents = fc.record({
  A: fc.option(fc.constantFrom("/1", "/2")),
  B: fc.option(fc.constantFrom("x", "y")),
  chained: fc.boolean(),
});

type Contents = typeof contents extends fc.Arbitrary<infer T> ? T : never;

/** `A` has a name and so is replaced, `B` a value and so is updated, `C` reads `A`. */
const templateOf = ({ A, B, chained }: Contents): string =>
  parameters({
    Base: {},
    ...(A === null ? {} : { A: { Name: A } }),
    ...(B === null ? {} : { B: { Value: B } }),
    ...(chained && A !== null ? { C: { Value: { Ref: "A" } } } : {}),
  });

const request = fc.oneof(
  fc.record({ ask: fc.constant("create" as const), contents, disableRollback: fc.boolean() }),
  fc.record({ ask: fc.constant("update" as const), contents, disableRollback: fc.boolean() }),
  fc.record({ ask: fc.constant("propose" as const), contents, isNew: fc.boolean() }),
  fc.record({ ask: fc.constant("execute" as const), which: fc.nat(5) }),
  fc.record({ ask: fc.constantFrom("delete" as const, "cancel" as const, "continue" as const) }),
  fc.record({
    ask: fc.constant("fail" as const),
    logicalId: fc.constantFrom("A", "B", "C", "Base"),
    on: fc.constantFrom(
      "create" as const,
      "update" as const,
      "delete" as const,
      "rollback" as const,
    ),
  }),
  fc.record({ ask: fc.constant("wait" as const), seconds: fc.nat(30) }),
);

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

const stack = { StackName: "s" };

function carryOut(world: World, asked: Request, proposals: string[]): void {
  const name = `c${proposals.length}`;
  switch (asked.ask) {
    case "create":
    case "update":
      cloudformation(world, asked.ask === "create" ? "CreateStack" : "UpdateStack", {
        ...stack,
        TemplateBody: templateOf(asked.contents),
        DisableRollback: asked.disableRollback,
      });
      return;
    case "propose":
      proposals.push(
        cloudformation(world, "CreateChangeSet", {
          ...stack,
          ChangeSetName: name,
          ChangeSetType: asked.isNew ? "CREATE" : "UPDATE",
          TemplateBody: templateOf(asked.contents),
        }).Id,
      );
      return;
    case "execute":
      cloudformation(world, "ExecuteChangeSet", { ChangeSetName: proposals[asked.which] });
      return;
    case "delete":
      cloudformation(world, "DeleteStack", stack);
      return;
    case "cancel":
      cloudformation(world, "CancelUpdateStack", stack);
      return;
    case "continue":
      cloudformation(world, "ContinueUpdateRollback", stack);
      return;
    case "fail":
      failResource(contextOf(world), { ...asked, reason: "as asked", times: 1 });
      return;
    case "wait":
      world.advanceTo(world.now + asked.seconds * 1000);
      return;
  }
}

interface Seen {
  readonly id: string;
  readonly status: string;
  readonly resources: string;
}

/** Everything that can be seen of every stack there ever was. */
function look(world: World): readonly Seen[] {
  const { StackSummaries } = cloudformation(world, "ListStacks", {});
  return StackSummaries.map(
    ({ StackId, StackStatus }: { StackId: string; StackStatus: string }) => {
      const { StackResources } = cloudformation(world, "DescribeStackResources", {
        StackName: StackId,
      });
      const resources = StackResources.map(
        (one: { LogicalResourceId: string; PhysicalResourceId: string }) =>
          `${one.LogicalResourceId}=${one.PhysicalResourceId}`,
      );
      return { id: StackId, status: StackStatus, resources: resources.join() };
    },
  );
}

/** The statuses of a stack as its own events tell them, oldest first. */
const told = (world: World, id: string): string[] =>
  cloudformation(world, "DescribeStackEvents", { StackName: id })
    .StackEvents.filter((event: { PhysicalResourceId: string }) => event.PhysicalResourceId === id)
    .map((event: { ResourceStatus: string }) => event.ResourceStatus)
    .toReversed();

function ask(world: World, asked: Request, proposals: string[]): void {
  try {
    carryOut(world, asked, proposals);
  } catch (error) {
    // What is not legal is refused, and changes nothing.
    if (!(error instanceof AwsError)) throw error;
  }
}

const executionOf = (world: World, id: string): string =>
  cloudformation(world, "DescribeChangeSet", { ChangeSetName: id }).ExecutionStatus;

test("a stack only ever goes where the arrows lead, and its events tell its status", () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 25 }), (all) => {
      const world = aWorld();
      const proposals: string[] = [];
      for (const asked of all) ask(world, asked, proposals);
      settle(world);
      for (const { id, status } of look(world)) {
        const path = told(world, id);
        expect(path.at(-1)).toBe(status);
        for (const [at, next] of path.entries()) expect(arrows[path[at - 1] ?? ""]).toContain(next);
        if (status !== "REVIEW_IN_PROGRESS") expect(status).not.toMatch(/_IN_PROGRESS$/);
      }
    }),
    { numRuns: 150 },
  );
});

/** What was executed or made obsolete can never be executed again. */
function neverBack(id: string, last: Map<string, string>, now: string): void {
  const before = last.get(id) ?? "";
  if (before === "OBSOLETE") expect(now).toBe("OBSOLETE");
  if (before.startsWith("EXECUTE_")) expect(now).toMatch(/^EXECUTE_/);
  last.set(id, now);
}

test("what is obsolete stays so, and nothing is executed twice", () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 25 }), (all) => {
      const world = aWorld();
      const proposals: string[] = [];
      const last = new Map<string, string>();
      for (const asked of all) {
        ask(world, asked, proposals);
        for (const id of proposals) neverBack(id, last, executionOf(world, id));
        const running = proposals.filter((id) => executionOf(world, id) === "EXECUTE_IN_PROGRESS");
        expect(running.length).toBeLessThanOrEqual(1);
        // While one is carried out, no other waits: what they were computed from is gone.
        if (running.length === 1) {
          expect(proposals.map((id) => executionOf(world, id))).not.toContain("AVAILABLE");
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("after a rollback everything is as it was before the update", () => {
  const failure = fc.record({
    logicalId: fc.constantFrom("A", "B", "C"),
    on: fc.constantFrom("create" as const, "update" as const),
  });
  fc.assert(
    fc.property(contents, contents, failure, (before, after, fault) => {
      const world = aWorld();
      cloudformation(world, "CreateStack", { ...stack, TemplateBody: templateOf(before) });
      settle(world);
      const [was] = look(world);
      failResource(contextOf(world), { ...fault, reason: "as asked" });
      ask(world, { ask: "update", contents: after, disableRollback: false }, []);
      settle(world);
      const [is] = look(world);
      fc.pre(is?.status === "UPDATE_ROLLBACK_COMPLETE");
      expect(is?.resources).toBe(was?.resources);
      const { TemplateBody } = cloudformation(world, "GetTemplate", stack);
      expect(TemplateBody).toBe(templateOf(before));
    }),
    { numRuns: 60 },
  );
});

test("where to look for what stacks hold is always where it is", () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 25 }), (all) => {
      const world = aWorld();
      const proposals: string[] = [];
      const context = contextOf(world);
      for (const asked of all) {
        ask(world, asked, proposals);
        const { changeSets, stacks } = stateOf(context);
        const live = Object.values(stacks).filter(({ status }) => status !== "DELETE_COMPLETE");
        expect([...liveStacks(context).values()]).toEqual(live);
        for (const one of live) {
          expect(findStack(context, one.name)).toBe(one);
          const own = Object.values(changeSets).filter(({ stackId }) => stackId === one.id);
          expect([...changeSetsOf(one, context)]).toEqual(own);
          const made = Object.values(one.resources).filter(({ physicalId }) => physicalId !== "");
          for (const mark of made.flatMap(marksOf))
            expect(stacksMarked(mark, context)).toContain(one);
        }
      }
    }),
    { numRuns: 150 },
  );
});
