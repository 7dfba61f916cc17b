import { describe, expect, test } from "vitest";
import { stackDigest, stamped, stampOutput } from "../../src/link/digests.ts";
import type { DesiredStack } from "../../src/model/bundle.ts";
import { canonicalJson } from "../../src/model/digest.ts";
import { ref, type Template } from "../../src/model/template.ts";
import { expanded } from "../../src/plan/target.ts";
import { base, queue, target } from "./laid.ts";
import { stackIn } from "./situations.ts";

// What a stack is asked while others still import what it is to give up.

const origin = (line: number) => ({ file: "compose.yaml", line, column: 1, path: "services.a" });

/** Two queues, the first of a name that is a parameter, and what imports them. */
const before: DesiredStack = {
  ...base,
  template: {
    AWSTemplateFormatVersion: "2010-09-09",
    Parameters: { Own: { Type: "String" }, Old: { Type: "String" }, Lost: { Type: "String" } },
    Resources: {
      Jobs: { ...queue, Properties: { QueueName: ref("Old"), KmsMasterKeyId: ref("Lost") } },
      Mail: { ...queue, Properties: { QueueName: ref("Own") } },
    },
    Outputs: { JobsRef: { Value: ref("Jobs") }, MailRef: { Value: ref("Mail") } },
  },
  origins: { Jobs: origin(1), Mail: origin(2) },
};

const after: DesiredStack = {
  ...before,
  template: {
    AWSTemplateFormatVersion: "2010-09-09",
    Parameters: { Own: { Type: "String" } },
    Resources: { Mail: { ...queue, Properties: { QueueName: ref("Own") } } },
    Outputs: { MailRef: { Value: ref("Mail") } },
  },
  parameters: { Own: "new" },
  origins: { Mail: origin(3) },
};

const given = { Own: "was", Old: "jobs" };

const asked = (
  goal: DesiredStack,
  deployed: Template,
  imported: readonly string[],
  stamp = "d",
  taken: readonly string[] = [],
) =>
  expanded(
    goal,
    {
      stack: stackIn("UPDATE_COMPLETE", { outputs: { [stampOutput]: stamp }, parameters: given }),
      template: stamped({ origins: before.origins, template: deployed }, stamp),
      imported: new Set(imported),
      taken: () => new Set(taken),
    },
    target,
  );

describe("what is kept for others", () => {
  const changed = { ...after.template.Resources, More: queue };
  const goal = { ...after, template: { ...after.template, Resources: changed } };
  const now = () => asked(goal, before.template, ["JobsRef"]);

  test("is asked for beside what is wanted", () => {
    expect(Object.keys(now().template.Resources)).toEqual(["Mail", "More", "Jobs"]);
  });

  test("has the values that it was deployed with, and what is wanted its own", () => {
    expect(now().parameters).toEqual({ Own: "new", Old: "jobs", Lost: "" });
  });

  test("comes from where it came from", () => {
    expect(now().origins).toEqual({ Jobs: origin(1), Mail: origin(3) });
  });

  test("is not what others are to have, unless somebody imports it: there is no room for both", () => {
    const Rule = {
      Type: "AWS::ElasticLoadBalancingV2::ListenerRule",
      Properties: { ListenerArn: ref("Mail"), Priority: 1, Sends: ref("Jobs") },
    };
    const Late = { ...queue, DependsOn: ["Rule"] };
    const more = { ...before.template.Resources, Rule, Late };
    const deployed = { ...before.template, Resources: more };
    const rule = canonicalJson([Rule.Type, ref("MailRef"), 1]);
    const kept = (taken: readonly string[]) =>
      Object.keys(asked(goal, deployed, ["JobsRef"], "d", taken).template.Resources);
    expect(kept([])).toEqual(["Mail", "More", "Jobs", "Rule", "Late"]);
    expect(kept([rule])).toEqual(["Mail", "More", "Jobs"]);
  });

  test("is nothing where nobody imports it", () => {
    expect(asked(goal, before.template, [])).toBe(goal);
  });
});

describe("a stack that has all that is wanted and more", () => {
  const parameters = { Own: "new", Old: "jobs", Lost: "" };
  const digest = stackDigest({ ...after, template: before.template }, given, target);

  test("keeps it where it is ours, with the values that are wanted now", () => {
    const now = asked(after, before.template, ["JobsRef"], digest);
    expect(now).toEqual({ ...after, template: before.template, parameters });
  });

  test("keeps what others import, and no more, where it only looks as if it were", () => {
    const now = asked(after, before.template, []);
    expect(now).toBe(after);
  });

  test("keeps nothing where anything that is wanted is not there yet", () => {
    const changed = { ...after.template.Resources, More: queue };
    const goal = { ...after, template: { ...after.template, Resources: changed } };
    expect(asked(goal, before.template, [], digest)).toBe(goal);
  });
});
