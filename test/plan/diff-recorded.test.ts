import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ChangeSetChange } from "../../src/model/observed.ts";
import type { Properties, Template } from "../../src/model/template.ts";
import { diff } from "../../src/plan/diff.ts";
import { exceeds } from "../../src/plan/exceeds.ts";

// Change sets as AWS answered them, with every resource's properties before and after. They lie
// beside a checkout where they are at hand, and are no part of it.

interface Recorded {
  readonly Action: ChangeSetChange["action"];
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly Replacement?: "True" | "False" | "Conditional";
  readonly BeforeContext?: { readonly Properties?: Properties };
  readonly AfterContext?: { readonly Properties?: Properties };
}

const recordings = globSync("../shared/aws-recorded/*.snapshot.json").flatMap((path) =>
  changeSetsIn(JSON.parse(readFileSync(path, "utf8"))),
);

/** Every change set with properties that is anywhere in the data. */
function changeSetsIn(data: unknown, name = ""): { name: string; changes: readonly Recorded[] }[] {
  if (typeof data !== "object" || data === null) return [];
  const { Changes: changes } = data as { Changes?: { ResourceChange: Recorded }[] };
  if (!Array.isArray(changes)) {
    return Object.entries(data).flatMap(([key, item]) => changeSetsIn(item, `${name} ${key}`));
  }
  const resources = changes.map((change) => change.ResourceChange);
  const modified = resources.filter((one) => one?.Action === "Modify" && one.BeforeContext);
  return modified.length > 0 ? [{ name, changes: resources }] : [];
}

const side = (changes: readonly Recorded[], which: "BeforeContext" | "AfterContext"): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: Object.fromEntries(
    changes.flatMap((change) => {
      const context = change[which];
      const Type = change.ResourceType;
      if (context === undefined) return [];
      return [[change.LogicalResourceId, { Type, Properties: context.Properties ?? {} }]];
    }),
  ),
});

const actions = { True: "replace", Conditional: "modify", False: "modify" } as const;

describe.skipIf(recordings.length === 0)("what AWS reported", () => {
  test("is recorded often enough to say something", () => {
    expect(recordings.length).toBeGreaterThan(50);
  });

  test.for(recordings)("is what the plan says: $name", ({ changes }) => {
    const desired = {
      name: "stack",
      unit: "base",
      template: side(changes, "AfterContext"),
      parameters: {},
      tags: {},
      capabilities: [],
      dependsOn: [],
      origins: {},
    };
    const planned = diff(desired, {}, { template: side(changes, "BeforeContext"), parameters: {} });
    const modified = changes.filter(({ Action }) => Action === "Modify");
    for (const { LogicalResourceId, Replacement } of modified) {
      const change = planned.find(({ logicalId }) => logicalId === LogicalResourceId);
      expect(change?.action).toBe(actions[Replacement ?? "False"]);
    }
    const reported = changes.map((change) => ({
      logicalId: change.LogicalResourceId,
      type: change.ResourceType,
      action: change.Action,
      replacement: change.Replacement,
    }));
    expect(exceeds(planned, reported)).toEqual([]);
  });
});
