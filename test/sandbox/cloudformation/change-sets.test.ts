import { describe, expect, test } from "vitest";
import type { BusEvent, World } from "../../../src/sandbox/world.ts";
import { aWorld, refusal } from "../world-of-services.ts";
import {
  cloudformation,
  deployed,
  described,
  eventsOf,
  parameters,
  proposed,
  settle,
  stackOf,
  statusOf,
} from "./a-world.ts";

const old = parameters({ A: { Value: "old" } });
const next = parameters({ A: { Value: "next" } });

const names = (world: World): string[] =>
  cloudformation(world, "ListChangeSets", { StackName: "s" }).Summaries.map(
    (summary: { ChangeSetName: string }) => summary.ChangeSetName,
  );

const execute = (world: World, id: string, more: object = {}) =>
  cloudformation(world, "ExecuteChangeSet", { ChangeSetName: id, ...more });

describe("a change set's life", () => {
  test("it is asked for, computed, executed; its status stays CREATE_COMPLETE", () => {
    const world = aWorld();
    const seen: string[] = [];
    const { Id } = cloudformation(world, "CreateChangeSet", {
      StackName: "s",
      ChangeSetName: "first",
      ChangeSetType: "CREATE",
      TemplateBody: old,
    });
    const look = () => {
      const { ExecutionStatus, Status } = described(world, Id);
      const now = `${Status} ${ExecutionStatus}`;
      if (seen.at(-1) !== now) seen.push(now);
    };
    for (look(); world.nextDue() !== undefined; look()) world.advanceTo(world.nextDue() ?? 0);
    execute(world, Id);
    for (look(); world.nextDue() !== undefined; look()) world.advanceTo(world.nextDue() ?? 0);
    look();
    expect(seen).toEqual([
      "CREATE_PENDING UNAVAILABLE",
      "CREATE_IN_PROGRESS UNAVAILABLE",
      "CREATE_COMPLETE AVAILABLE",
      "CREATE_COMPLETE EXECUTE_IN_PROGRESS",
      "CREATE_COMPLETE EXECUTE_COMPLETE",
    ]);
    expect(names(world)).toEqual([]);
  });

  test("the stack it will create is under review until then, without tags", () => {
    const world = aWorld();
    const Tags = [{ Key: "team", Value: "blue" }];
    const { Id, StackId } = proposed(world, "s", old, { ChangeSetType: "CREATE", Tags });
    expect(stackOf(world, "s")).toMatchObject({
      StackId,
      StackStatus: "REVIEW_IN_PROGRESS",
      StackStatusReason: "User Initiated",
      Tags: [],
    });
    execute(world, Id);
    settle(world);
    expect(stackOf(world, "s")).toMatchObject({ StackStatus: "CREATE_COMPLETE", Tags });
  });

  test("one that fails on the way is EXECUTE_FAILED", () => {
    const world = aWorld();
    const { Id } = proposed(world, "s", parameters({ A: { Bogus: 1 } }), {
      ChangeSetType: "CREATE",
    });
    execute(world, Id);
    settle(world);
    expect(described(world, Id)).toMatchObject({
      Status: "CREATE_COMPLETE",
      ExecutionStatus: "EXECUTE_FAILED",
    });
  });
});

describe("a change set without changes", () => {
  test("fails with AWS's reason and stays listed", () => {
    const world = aWorld();
    deployed(world, "s", old);
    const { Id } = proposed(world, "s", old);
    expect(described(world, Id)).toMatchObject({
      Status: "FAILED",
      ExecutionStatus: "UNAVAILABLE",
      Changes: [],
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    expect(names(world)).toEqual(["change"]);
    expect(refusal(world, "cloudformation:ExecuteChangeSet", { ChangeSetName: Id })).toBe(
      `InvalidChangeSetStatus: ChangeSet [${Id}] cannot be executed in its current status of [FAILED]`,
    );
  });

  test("is not one that only changes outputs, tags, or topics", () => {
    const more: Readonly<Record<string, object>> = {
      outputs: {
        TemplateBody: parameters({ A: { Value: "old" } }, { Outputs: { O: { Value: "o" } } }),
      },
      tags: { Tags: [{ Key: "a", Value: "b" }] },
      topics: { NotificationARNs: ["arn:aws:sns:eu-west-1:123456789012:t"] },
    };
    for (const change of Object.values(more)) {
      const world = aWorld();
      deployed(world, "s", old);
      const { Id } = proposed(world, "s", old, change);
      expect(described(world, Id)).toMatchObject({ Status: "CREATE_COMPLETE" });
    }
  });

  test("of outputs alone has no changes and can be executed", () => {
    const world = aWorld();
    deployed(world, "s", old);
    const { Id } = proposed(
      world,
      "s",
      parameters({ A: { Value: "old" } }, { Outputs: { O: { Value: "o" } } }),
    );
    expect(described(world, Id)).toMatchObject({ ExecutionStatus: "AVAILABLE", Changes: [] });
    execute(world, Id);
    settle(world);
    expect(stackOf(world, "s").Outputs).toEqual([{ OutputKey: "O", OutputValue: "o" }]);
    expect(eventsOf(world, "s").slice(-3)).toEqual([
      "s UPDATE_IN_PROGRESS User Initiated",
      "s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
      "s UPDATE_COMPLETE",
    ]);
  });
});

describe("a name", () => {
  const input = { StackName: "s", ChangeSetName: "c", TemplateBody: next, ClientToken: "t" };
  const again = (change: object) => {
    const world = aWorld();
    deployed(world, "s", old);
    cloudformation(world, "CreateChangeSet", input);
    return refusal(world, "cloudformation:CreateChangeSet", { ...input, ...change });
  };
  const mismatch = (attribute: string) =>
    `AlreadyExistsException: ChangeSet c cannot be created due to a mismatch with existing attribute ${attribute}`;

  test("asked for twice with the same content and token is the same change set", () => {
    const world = aWorld();
    deployed(world, "s", old);
    const first = cloudformation(world, "CreateChangeSet", input);
    expect(cloudformation(world, "CreateChangeSet", input)).toEqual(first);
    settle(world);
    expect(cloudformation(world, "CreateChangeSet", input)).toEqual(first);
    expect(names(world)).toEqual(["c"]);
  });

  test("with another template or token is taken", () => {
    expect(again({ TemplateBody: parameters({ A: { Value: "more" } }) })).toBe(
      mismatch("Template"),
    );
    expect(again({ ClientToken: "u" })).toBe(mismatch("ClientToken"));
    expect(again({ ClientToken: undefined })).toBe(mismatch("ClientToken"));
  });

  test("is free again once its change set is deleted", () => {
    const world = aWorld();
    deployed(world, "s", old);
    const first = cloudformation(world, "CreateChangeSet", input);
    settle(world);
    cloudformation(world, "DeleteChangeSet", { ChangeSetName: first.Id });
    expect(refusal(world, "cloudformation:DescribeChangeSet", { ChangeSetName: first.Id })).toBe(
      `ChangeSetNotFound: ChangeSet [${first.Id}] does not exist`,
    );
    expect(cloudformation(world, "CreateChangeSet", input).Id).not.toBe(first.Id);
  });
});

describe("what another operation makes obsolete", () => {
  test("every other change set of a stack that one is executed on", () => {
    const world = aWorld();
    deployed(world, "s", old);
    const one = proposed(world, "s", next, { ChangeSetName: "one" });
    const two = proposed(world, "s", next, { ChangeSetName: "two" });
    execute(world, one.Id);
    expect(described(world, two.Id)).toMatchObject({
      Status: "CREATE_COMPLETE",
      ExecutionStatus: "OBSOLETE",
    });
    settle(world);
    expect(names(world)).toEqual([]);
    expect(refusal(world, "cloudformation:ExecuteChangeSet", { ChangeSetName: two.Id })).toBe(
      `InvalidChangeSetStatus: ChangeSet [${two.Id}] cannot be executed in its current execution status of [OBSOLETE]`,
    );
  });

  test("the change sets of a review that CreateStack overtakes", () => {
    const world = aWorld();
    const { Id, StackId } = proposed(world, "s", old, { ChangeSetType: "CREATE" });
    expect(deployed(world, "s", next)).toBe(StackId);
    expect(described(world, Id).ExecutionStatus).toBe("OBSOLETE");
    expect(stackOf(world, "s").LastUpdatedTime).toBeUndefined();
  });

  test("one that is still being computed", () => {
    const world = aWorld();
    deployed(world, "s", old);
    const { Id } = cloudformation(world, "CreateChangeSet", {
      StackName: "s",
      ChangeSetName: "slow",
      TemplateBody: next,
    });
    cloudformation(world, "UpdateStack", { StackName: "s", TemplateBody: next });
    settle(world);
    expect(described(world, Id).ExecutionStatus).toBe("OBSOLETE");
  });
});

describe("execution", () => {
  test("is claimed by one call; its token is in every event", () => {
    const events: BusEvent[] = [];
    const world = aWorld(events);
    const { Id } = proposed(world, "s", old, { ChangeSetType: "CREATE" });
    execute(world, Id, { ClientRequestToken: "try-1" });
    const again = { ChangeSetName: Id, ClientRequestToken: "try-1" };
    expect(refusal(world, "cloudformation:ExecuteChangeSet", again)).toBe(
      "InvalidChangeSetStatus: An operation on this ChangeSet is currently in progress.  Please attempt this operation again later.",
    );
    settle(world);
    const stackEvents = events.filter(
      (event) => event["detail-type"] === "CloudFormation Stack Status Change",
    );
    expect(stackEvents.map(({ detail }) => detail)).toEqual(
      ["REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"].map((status) => ({
        "stack-id": stackOf(world, "s").StackId,
        "status-details": {
          status,
          "status-reason": status === "CREATE_COMPLETE" ? "" : "User Initiated",
        },
        "client-request-token": status === "REVIEW_IN_PROGRESS" ? "" : "try-1",
      })),
    );
  });

  test("is refused while the stack is busy", () => {
    const world = aWorld();
    const id = deployed(world, "s", old);
    const { Id } = proposed(world, "s", next);
    cloudformation(world, "DeleteStack", { StackName: "s" });
    expect(refusal(world, "cloudformation:ExecuteChangeSet", { ChangeSetName: Id })).toMatch(
      /^InvalidChangeSetStatus: .* execution status of \[OBSOLETE\]$/,
    );
    expect(statusOf(world, id)).toBe("DELETE_IN_PROGRESS");
  });

  test("with OnStackFailure DELETE leaves nothing of a failed creation", () => {
    const world = aWorld();
    const { Id, StackId } = proposed(world, "s", parameters({ A: { Bogus: 1 }, B: {} }), {
      ChangeSetType: "CREATE",
      OnStackFailure: "DELETE",
    });
    execute(world, Id);
    settle(world);
    expect(statusOf(world, StackId)).toBe("DELETE_COMPLETE");
  });
});

describe("the values that IncludePropertyValues shows", () => {
  test("keep secrets", () => {
    const world = aWorld();
    const declared = { Parameters: { P: { Type: "String", NoEcho: true } } };
    const template = parameters({ A: { Value: { Ref: "P" } } }, declared);
    const given = (ParameterValue: string) => ({
      Parameters: [{ ParameterKey: "P", ParameterValue }],
    });
    deployed(world, "s", template, given("hunter2"));
    const { Id } = proposed(world, "s", template, given("pw"));
    const shown = JSON.stringify(described(world, Id, { IncludePropertyValues: true }));
    expect(shown).toContain("****");
    expect(shown).not.toMatch(/hunter2|"pw|pw\\"/);
  });

  test("warn of an export that is missing", () => {
    const world = aWorld();
    const template = parameters({ A: { Value: { "Fn::ImportValue": "nothing" } } });
    const { Id } = proposed(world, "s", template, { ChangeSetType: "CREATE" });
    expect(described(world, Id).StatusReason).toBeUndefined();
    const [change] = described(world, Id, { IncludePropertyValues: true }).Changes;
    expect(described(world, Id, { IncludePropertyValues: true }).StatusReason).toBe(
      "[WARN] --include-property-values option can return incomplete ChangeSet data because: ChangeSet creation failed for resource [A] because: No export named nothing",
    );
    expect(JSON.parse(change.ResourceChange.AfterContext).Properties.Value).toBe(
      "{{changeSet:KNOWN_AFTER_APPLY}}",
    );
  });
});

test("what a declaration no longer says is gone: nothing is left to change", () => {
  const world = aWorld();
  const withMetadata = JSON.parse(old);
  withMetadata.Resources.A.Metadata = { By: "hand" };
  deployed(world, "s", JSON.stringify(withMetadata));
  execute(world, proposed(world, "s", old).Id);
  settle(world);
  expect(described(world, proposed(world, "s", old).Id)).toMatchObject({ Status: "FAILED" });
});
