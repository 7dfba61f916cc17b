import { describe, expect, test } from "vitest";
import { failResource } from "../../../src/sandbox/cloudformation/faults.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { aWorld, refusal } from "../world-of-services.ts";
import {
  cloudformation,
  contextOf,
  deployed,
  parameters,
  settle,
  statusOf,
  until,
} from "./a-world.ts";

// Which operation is taken from which status, and in which words it is refused.

const old = parameters({ A: { Name: "/a" } });
const next = parameters({ A: { Name: "/a", Value: "other" } });
const replacing = parameters({ A: { Name: "/b" } });

const update = (world: World, template = next, more: object = {}) =>
  cloudformation(world, "UpdateStack", { StackName: "s", TemplateBody: template, ...more });

const fail = (world: World, on: "create" | "update" | "delete" | "rollback", times = 1) =>
  failResource(contextOf(world), { logicalId: "A", on, reason: "as asked", times });

/** How a stack gets into each status. */
const ways: Readonly<Record<string, (world: World) => void>> = {
  REVIEW_IN_PROGRESS: (world) => {
    cloudformation(world, "CreateChangeSet", {
      StackName: "s",
      ChangeSetName: "first",
      ChangeSetType: "CREATE",
      TemplateBody: old,
    });
  },
  CREATE_IN_PROGRESS: (world) => {
    cloudformation(world, "CreateStack", { StackName: "s", TemplateBody: old });
  },
  CREATE_COMPLETE: (world) => {
    deployed(world, "s", old);
  },
  CREATE_FAILED: (world) => {
    fail(world, "create");
    deployed(world, "s", old, { DisableRollback: true });
  },
  ROLLBACK_IN_PROGRESS: (world) => {
    fail(world, "create");
    cloudformation(world, "CreateStack", { StackName: "s", TemplateBody: old });
    until(world, "s", "ROLLBACK_IN_PROGRESS");
  },
  ROLLBACK_COMPLETE: (world) => {
    fail(world, "create");
    deployed(world, "s", old);
  },
  ROLLBACK_FAILED: (world) => {
    fail(world, "create");
    fail(world, "delete");
    deployed(world, "s", old);
  },
  UPDATE_IN_PROGRESS: (world) => {
    deployed(world, "s", old);
    update(world);
  },
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: (world) => {
    deployed(world, "s", old);
    update(world, replacing);
    until(world, "s", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
  },
  UPDATE_COMPLETE: (world) => {
    deployed(world, "s", old);
    update(world, parameters({ A: { Name: "/a", Value: "between" } }));
    settle(world);
  },
  UPDATE_FAILED: (world) => {
    deployed(world, "s", old);
    fail(world, "update");
    update(world, parameters({ A: { Value: "between" } }), { DisableRollback: true });
    settle(world);
  },
  UPDATE_ROLLBACK_IN_PROGRESS: (world) => {
    deployed(world, "s", old);
    fail(world, "update");
    update(world);
    until(world, "s", "UPDATE_ROLLBACK_IN_PROGRESS");
  },
  UPDATE_ROLLBACK_FAILED: (world) => {
    deployed(world, "s", old);
    fail(world, "update");
    fail(world, "rollback");
    update(world);
    settle(world);
  },
  UPDATE_ROLLBACK_COMPLETE: (world) => {
    deployed(world, "s", old);
    fail(world, "update");
    update(world);
    settle(world);
  },
  DELETE_IN_PROGRESS: (world) => {
    deployed(world, "s", old);
    cloudformation(world, "DeleteStack", { StackName: "s" });
  },
  DELETE_FAILED: (world) => {
    deployed(world, "s", old);
    fail(world, "delete");
    cloudformation(world, "DeleteStack", { StackName: "s" });
    settle(world);
  },
};

const notUpdatable = (status: string) => `Stack:ARN is in ${status} state and can not be updated.`;
const notCreatable =
  "Stack [s] already exists and cannot be created again with the changeSet [new].";
const exists = "AlreadyExistsException: Stack [s] already exists";
const busy = (status: string) => `Stack [ARN] cannot be deleted while in status ${status}`;

/** Status → what CREATE and UPDATE change sets, CreateStack, UpdateStack and DeleteStack answer. */
const table: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
  REVIEW_IN_PROGRESS: [
    "accepted",
    notUpdatable("REVIEW_IN_PROGRESS"),
    "accepted",
    notUpdatable("REVIEW_IN_PROGRESS"),
    "accepted",
  ],
  CREATE_IN_PROGRESS: refusing("CREATE_IN_PROGRESS", "accepted"),
  CREATE_COMPLETE: [notCreatable, "accepted", exists, "accepted", "accepted"],
  CREATE_FAILED: [notCreatable, "accepted", exists, "accepted", "accepted"],
  ROLLBACK_IN_PROGRESS: refusing("ROLLBACK_IN_PROGRESS", "accepted"),
  ROLLBACK_COMPLETE: refusing("ROLLBACK_COMPLETE", "accepted"),
  ROLLBACK_FAILED: refusing("ROLLBACK_FAILED", "accepted"),
  UPDATE_IN_PROGRESS: refusing("UPDATE_IN_PROGRESS"),
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: refusing("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
  UPDATE_COMPLETE: [notCreatable, "accepted", exists, "accepted", "accepted"],
  UPDATE_FAILED: [notCreatable, "accepted", exists, "accepted", "accepted"],
  UPDATE_ROLLBACK_IN_PROGRESS: refusing("UPDATE_ROLLBACK_IN_PROGRESS"),
  UPDATE_ROLLBACK_FAILED: refusing("UPDATE_ROLLBACK_FAILED", "accepted"),
  UPDATE_ROLLBACK_COMPLETE: [notCreatable, "accepted", exists, "accepted", "accepted"],
  DELETE_IN_PROGRESS: [
    notUpdatable("DELETE_IN_PROGRESS"),
    notUpdatable("DELETE_IN_PROGRESS"),
    exists,
    notUpdatable("DELETE_IN_PROGRESS"),
    "accepted",
  ],
  DELETE_FAILED: refusing("DELETE_FAILED", "accepted"),
};

function refusing(
  status: string,
  deletion = busy(status),
): readonly [string, string, string, string, string] {
  return [notCreatable, notUpdatable(status), exists, notUpdatable(status), deletion];
}

describe.for(Object.entries(table))("from %s", ([status, [create, change, anew, direct, gone]]) => {
  const attempt = (operation: string, input: object) => {
    const world = aWorld();
    ways[status]?.(world);
    expect(statusOf(world, "s")).toBe(status);
    return refusal(world, `cloudformation:${operation}`, { StackName: "s", ...input })
      .replace(/arn:aws:cloudformation:[^\s\]]+?(?= is in|\])/, "ARN")
      .replace("ValidationError: ", "");
  };
  const changeSet = { ChangeSetName: "new", TemplateBody: next };

  test("a change set that creates", () =>
    expect(attempt("CreateChangeSet", { ...changeSet, ChangeSetType: "CREATE" })).toBe(create));
  test("a change set that updates", () =>
    expect(attempt("CreateChangeSet", changeSet)).toBe(change));
  test("CreateStack", () => expect(attempt("CreateStack", { TemplateBody: next })).toBe(anew));
  test("UpdateStack", () => expect(attempt("UpdateStack", { TemplateBody: next })).toBe(direct));
  test("DeleteStack", () => expect(attempt("DeleteStack", {})).toBe(gone));
});

test("the table knows every way into a status", () =>
  expect(Object.keys(table)).toEqual(Object.keys(ways)));

test("only an update that runs can be cancelled", () => {
  const world = aWorld();
  deployed(world, "s", old);
  expect(refusal(world, "cloudformation:CancelUpdateStack", { StackName: "s" })).toBe(
    "ValidationError: CancelUpdateStack cannot be called from current stack status",
  );
});

test("a deleted stack is only found by its id, and takes nothing any more", () => {
  const world = aWorld();
  const id = deployed(world, "s", old);
  cloudformation(world, "DeleteStack", { StackName: "s" });
  settle(world);
  expect(statusOf(world, id)).toBe("DELETE_COMPLETE");
  const input = { StackName: id, ChangeSetName: "new", TemplateBody: next };
  expect(refusal(world, "cloudformation:CreateChangeSet", input)).toBe(
    `ValidationError: Stack:${id} is in DELETE_COMPLETE state and can not be updated.`,
  );
  expect(
    refusal(world, "cloudformation:CreateChangeSet", { ...input, ChangeSetType: "CREATE" }),
  ).toBe(
    `ValidationError: Stack [${id}] already exists and cannot be created again with the changeSet [new].`,
  );
  expect(refusal(world, "cloudformation:UpdateStack", { StackName: "s", TemplateBody: next })).toBe(
    "ValidationError: Stack [s] does not exist",
  );
});
