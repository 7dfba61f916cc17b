import { describe, expect, test } from "vitest";
import { stackDigest, stampOutput } from "../../src/link/digests.ts";
import type { DesiredStack } from "../../src/model/bundle.ts";
import type { Template, Value } from "../../src/model/template.ts";
import { changeSetPrefix, haveMoved, type Laid } from "../../src/plan/units.ts";
import {
  base,
  baseIn,
  digestOfBase,
  digestOfWeb,
  laid,
  one,
  queue,
  target,
  web,
  webIn,
} from "./laid.ts";
import { stackIn } from "./situations.ts";

describe("a unit is deployed", () => {
  test.for([
    ["CREATE_COMPLETE", true],
    ["UPDATE_COMPLETE", true],
    ["UPDATE_ROLLBACK_COMPLETE", true],
    ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", true],
    ["UPDATE_IN_PROGRESS", false],
    ["UPDATE_ROLLBACK_FAILED", false],
    ["DELETE_FAILED", false],
    ["ROLLBACK_COMPLETE", false],
    ["A_STATUS_OF_TOMORROW", false],
  ] as const)("when it is stamped and rests: %s, %s", ([status, expected]) => {
    const stacks = { base: baseIn(status) };
    expect(one("base", stacks).applied).toMatchObject({ deployed: expected });
    const other = { base: baseIn(status, { outputs: { [stampOutput]: "another" } }) };
    expect(one("base", other).applied).toMatchObject({ deployed: false });
  });

  test("never when it is not there", () => {
    const { applied, phase, stack, waitsFor } = one("base", {});
    expect({ phase, stack, waitsFor }).toEqual({ phase: "absent", stack: undefined, waitsFor: [] });
    expect(applied).toEqual({
      parameters: {},
      digest: digestOfBase,
      changeSet: `${changeSetPrefix(digestOfBase)}new`,
      deployed: false,
      missing: [],
      again: undefined,
    });
  });

  test("with the values that its providers have now", () => {
    const stacks = { base: baseIn("CREATE_COMPLETE"), "s-web": webIn("CREATE_COMPLETE") };
    expect(one("s-web", stacks).applied).toMatchObject({
      parameters: { JobsRef: "jobs" },
      digest: digestOfWeb,
      deployed: true,
      missing: [],
    });
    const outputs = { JobsRef: "others", [stampOutput]: digestOfBase };
    const other = { ...stacks, base: baseIn("CREATE_COMPLETE", { outputs }) };
    expect(one("s-web", other).applied).toMatchObject({
      parameters: { JobsRef: "others" },
      deployed: false,
    });
  });

  test("not with another value of one, though its template is as it was", () => {
    const outputs = { JobsRef: "others", [stampOutput]: digestOfBase };
    const stacks = {
      base: baseIn("CREATE_COMPLETE", { outputs }),
      "s-web": webIn("CREATE_COMPLETE"),
    };
    const templates = new Map([["s-web", web.template]]);
    const unit = one("s-web", stacks, { templates, isRunning: false });
    expect(unit.applied).toMatchObject({ parameters: { JobsRef: "others" }, deployed: false });
  });

  test("and what nobody gives is missing, though nothing waits for it", () => {
    const loose: DesiredStack = { ...web, dependsOn: [] };
    const bundle = { digest: "b", target, stacks: [base, loose] };
    expect(one("s-web", {}, { bundle }).applied?.missing).toEqual(["base.JobsRef"]);
    const alone = { ...bundle, stacks: [loose] };
    expect(one("s-web", {}, { bundle: alone }).applied?.missing).toEqual(["base.JobsRef"]);
  });

  test("and what its provider should give and does not is missing", () => {
    const outputs = { [stampOutput]: digestOfBase };
    const stacks = { base: baseIn("CREATE_COMPLETE", { outputs }) };
    expect(one("s-web", stacks).applied).toMatchObject({
      parameters: { JobsRef: "" },
      missing: ["base.JobsRef"],
    });
  });
});

const waits = (...of: Parameters<typeof laid>) => one("s-web", ...of).waitsFor;

const resized: Template = {
  ...base.template,
  Resources: { Jobs: queue, More: queue },
};
const wanted = { ...base, template: resized };
const bundle = { digest: "b", target, stacks: [wanted, web] };
const templates = new Map([["base", base.template]]);

describe("a unit waits", () => {
  test("for its provider, and its values are not known", () => {
    const unit = one("s-web", { base: baseIn("UPDATE_IN_PROGRESS") });
    expect([unit.waitsFor, unit.applied]).toEqual([["base"], undefined]);
  });

  test("not for what of a provider stays what it is", () => {
    expect(waits({ base: baseIn("UPDATE_COMPLETE") }, { bundle, templates })).toEqual([]);
    expect(waits({ base: baseIn("UPDATE_COMPLETE") }, { bundle })).toEqual(["base"]);
    expect(waits({}, { bundle, templates })).toEqual(["base"]);
    const own = { ...web, parameters: { ...web.parameters, Own: "value" } };
    const asked = { ...bundle, stacks: [wanted, own] };
    expect(waits({ base: baseIn("UPDATE_COMPLETE") }, { bundle: asked, templates })).toEqual([]);
  });

  test("while its provider is busy with what it takes", () => {
    const stacks = { base: baseIn("UPDATE_IN_PROGRESS") };
    const busy = (...ids: readonly string[]) =>
      waits(stacks, { bundle, templates, touched: new Map([["base", ids]]) });
    expect(busy("More")).toEqual([]);
    expect(busy("Jobs")).toEqual(["base"]);
  });

  test("for all that it takes, and for what it takes of others", () => {
    const outputs = { A: { Value: { Ref: "Jobs" } }, JobsRef: { Value: { Ref: "Jobs" } } };
    const more = { ...resized, Outputs: outputs };
    const wide = { ...base, template: more };
    const both = {
      A: { output: ["base", "A"] },
      JobsRef: { output: ["base", "JobsRef"] },
    } as const;
    const asked = { ...bundle, stacks: [wide, { ...web, parameters: both }] };
    const stacks = { base: baseIn("UPDATE_COMPLETE") };
    expect(waits(stacks, { bundle: asked, templates })).toEqual(["base"]);

    const thirds = { ...resized, Outputs: { ThirdRef: { Value: { Ref: "Jobs" } } } };
    const third: DesiredStack = { ...wanted, name: "app-third", unit: "third", template: thirds };
    const taking = {
      A: { output: ["third", "ThirdRef"] },
      B: { output: ["base", "JobsRef"] },
    } as const;
    const of = { ...web, parameters: taking, dependsOn: ["base", "third"] };
    const three = { ...bundle, stacks: [wanted, third, of] };
    expect(waits(stacks, { bundle: three, templates })).toEqual(["third"]);
  });
});

describe("a unit waits also", () => {
  test("where its provider lacks what it is to have itself", () => {
    const other = { ...wanted, parameters: { A: { output: ["none", "A"] } } } as const;
    const asked = { ...bundle, stacks: [other, web] };
    expect(waits({ base: baseIn("UPDATE_COMPLETE") }, { bundle: asked, templates })).toEqual([
      "base",
    ]);
  });

  test("for what it takes nothing of, as an order is kept", () => {
    const ordered = { ...web, parameters: { Own: "value" } };
    const asked = { ...bundle, stacks: [wanted, ordered] };
    expect(waits({ base: baseIn("UPDATE_COMPLETE") }, { bundle: asked, templates })).toEqual([
      "base",
    ]);
  });

  test("not for that order where it is as it should be already", () => {
    const ordered = { ...web, parameters: { Own: "value" } };
    const asked = { ...bundle, stacks: [wanted, ordered] };
    const outputs = { [stampOutput]: stackDigest(ordered, { Own: "value" }, target) };
    const stacks = {
      base: baseIn("UPDATE_COMPLETE"),
      "s-web": webIn("UPDATE_COMPLETE", { outputs, parameters: { Own: "value" } }),
    };
    const { applied, waitsFor } = one("s-web", stacks, { bundle: asked, templates });
    expect([waitsFor, applied?.deployed]).toEqual([[], true]);
  });

  test("for what is not there to be made", () => {
    const parameters = { A: { output: ["none", "A"] } } as const;
    const lost = { ...web, parameters, dependsOn: ["none"] };
    const asked = { ...bundle, stacks: [base, lost] };
    const { applied, waitsFor } = one(
      "s-web",
      { base: baseIn("UPDATE_COMPLETE") },
      { bundle: asked },
    );
    expect([applied, waitsFor]).toEqual([undefined, ["none"]]);
  });

  test("for a provider that waits itself", () => {
    const last: DesiredStack = { ...web, name: "app-last", unit: "s-z", dependsOn: ["s-web"] };
    const asked = { digest: "b", target, stacks: [base, web, last] };
    const stacks = { base: baseIn("UPDATE_IN_PROGRESS"), "s-web": webIn("UPDATE_COMPLETE") };
    const all = new Map([["s-web", web.template]]);
    expect(one("s-z", stacks, { bundle: asked, templates: all }).waitsFor).toEqual(["s-web"]);
  });
});

const without: DesiredStack = {
  ...base,
  template: { AWSTemplateFormatVersion: "2010-09-09", Resources: {} },
};
const alone: DesiredStack = { ...web, template: without.template, parameters: {} };
const moved = stackDigest(alone, {}, target);
const asked: Partial<Laid> = {
  bundle: { digest: "b", target, stacks: [without, alone] },
  templates: new Map([["base", base.template]]),
};
const names = (...of: Parameters<typeof laid>) =>
  Object.keys(one("base", ...of).desired.template.Resources);

describe("what a provider has to give up", () => {
  test("it keeps while a consumer has not moved", () => {
    const stacks = { base: baseIn("CREATE_COMPLETE"), "s-web": webIn("CREATE_COMPLETE") };
    const unit = one("base", stacks, asked);
    expect([names(stacks, asked), unit.applied?.deployed]).toEqual([["Jobs"], true]);
    expect(unit.goal).toBe(without);
  });

  test.for(["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"])(
    "it is not asked to keep while it is %s",
    (status) => {
      const stacks = { base: baseIn(status), "s-web": webIn("CREATE_COMPLETE") };
      expect(names(stacks, asked)).toEqual([]);
    },
  );

  test.for(["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"])(
    "it keeps where it is %s, with what nobody has asked for yet",
    (status) => {
      const more = { ...without.template, Resources: { More: queue } };
      const bundle = { digest: "b", target, stacks: [{ ...without, template: more }, alone] };
      const stacks = { base: baseIn(status), "s-web": webIn("CREATE_COMPLETE") };
      expect(names(stacks, { ...asked, bundle })).toEqual(["More", "Jobs"]);
    },
  );

  test("it gives up when everybody has moved", () => {
    const gone = webIn("CREATE_COMPLETE", { outputs: { [stampOutput]: moved }, parameters: {} });
    const stacks = { base: baseIn("CREATE_COMPLETE"), "s-web": gone };
    expect(names(stacks, asked)).toEqual([]);
    expect(one("base", stacks, asked).applied?.deployed).toBe(false);
  });

  test.for([
    ["CREATE_COMPLETE", ["Jobs"]],
    ["DELETE_FAILED", ["Jobs"]],
    ["DELETE_COMPLETE", []],
  ] as const)("it keeps for a consumer that leaves: %s, %j", ([status, expected]) => {
    const gone = webIn("CREATE_COMPLETE", { outputs: { [stampOutput]: moved }, parameters: {} });
    const leaving = stackIn(status, { id: "arn:old", parameters: { JobsRef: "jobs" } });
    const stacks = { base: baseIn("CREATE_COMPLETE"), "s-web": gone, "s-old": leaving };
    expect(names(stacks, asked)).toEqual(expected);
  });

  test("it gives up where it is all there is", () => {
    const bundle = { digest: "b", target, stacks: [without] };
    expect(names({ base: baseIn("CREATE_COMPLETE") }, { ...asked, bundle })).toEqual([]);
  });

  test("it gives up for a consumer that is not there", () => {
    const gone = webIn("CREATE_COMPLETE", { outputs: { [stampOutput]: moved }, parameters: {} });
    const stacks = { base: baseIn("CREATE_COMPLETE"), "s-web": gone, "s-old": undefined };
    expect(names(stacks, asked)).toEqual([]);
  });

  test("is nothing that only its own parameters are called as", () => {
    const own = baseIn("CREATE_COMPLETE", { parameters: { JobsRef: "jobs" } });
    const bundle = {
      digest: "b",
      target,
      stacks: [{ ...without, template: { ...without.template, Resources: { More: queue } } }],
    };
    expect(names({ base: own }, { ...asked, bundle })).toEqual(["More"]);
  });
});

test("what is around what a consumer is to leave stays, but for what another is to have", () => {
  const alarm = (Value: Value) => ({
    Type: "AWS::CloudWatch::Alarm",
    Properties: { AlarmName: "jobs", Dimensions: [{ Name: "QueueName", Value }] },
  });
  const before = {
    ...base.template,
    Resources: { Jobs: queue, Alarm: alarm({ Ref: "Jobs" }) },
  };
  const after = { ...without, template: { ...without.template, Resources: { Jobs: queue } } };
  const other = { ...alone, template: { ...alone.template, Resources: { Own: alarm("jobs") } } };
  const stacks = { base: baseIn("CREATE_COMPLETE"), "s-web": webIn("CREATE_COMPLETE") };
  const kept = (consumer: DesiredStack) =>
    names(stacks, {
      bundle: { digest: "b", target, stacks: [after, consumer] },
      templates: new Map([["base", before]]),
    });
  expect(kept(alone).toSorted()).toEqual(["Alarm", "Jobs"]);
  expect(kept(other)).toEqual(["Jobs"]);
});

test("where nothing is kept nothing has moved: nobody need be asked whether it runs", () => {
  const stacks = { base: baseIn("CREATE_COMPLETE"), "s-web": webIn("CREATE_COMPLETE") };
  expect(haveMoved(laid(stacks), { stacks: new Map(Object.entries(stacks)) })).toBe(false);
});

describe("what somebody who has moved may still use", () => {
  const cleaning = webIn("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", {
    outputs: { [stampOutput]: moved },
    parameters: {},
  });
  const stacks = { base: baseIn("CREATE_COMPLETE"), "s-web": cleaning };

  test("a provider gives up when that is deleted", () => {
    const unit = one("base", stacks, asked);
    expect([unit.waitsFor, unit.applied]).toEqual([["s-web"], undefined]);
  });

  test("a provider that gives up but one of its outputs waits as well", () => {
    const both = {
      ...base.template,
      Outputs: { ...base.template.Outputs, Kept: { Value: "kept" } },
    };
    const less = {
      ...without,
      template: { ...without.template, Outputs: { Kept: both.Outputs.Kept } },
    };
    const bundle = { digest: "b", target, stacks: [less, alone] };
    const outputs = { [stampOutput]: stackDigest({ ...base, template: both }, {}, target) };
    const stamped = { ...stacks, base: baseIn("CREATE_COMPLETE", { outputs }) };
    const unit = one("base", stamped, { bundle, templates: new Map([["base", both]]) });
    expect(unit.waitsFor).toEqual(["s-web"]);
  });

  test.for([
    ["UPDATE_IN_PROGRESS", ["More", "Jobs"]],
    ["UPDATE_ROLLBACK_IN_PROGRESS", ["More", "Jobs"]],
    ["UPDATE_ROLLBACK_FAILED", ["More", "Jobs"]],
    ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", ["More", "Jobs"]],
    ["UPDATE_COMPLETE", ["More"]],
    ["UPDATE_ROLLBACK_COMPLETE", ["More"]],
    ["CREATE_IN_PROGRESS", ["More"]],
  ] as const)("what is wanted next takes nothing from who is %s: %j", ([status, expected]) => {
    const more = { ...without.template, Resources: { More: queue } };
    const bundle = { digest: "b", target, stacks: [{ ...without, template: more }, alone] };
    const between = { ...stacks, "s-web": { ...cleaning, status } };
    expect(names(between, { ...asked, bundle })).toEqual(expected);
  });

  test("keeps nobody waiting with what is only added, nor while it is busy itself", () => {
    const stacksOf = (status: string) => ({ ...stacks, base: baseIn(status) });
    const added = {
      ...base,
      template: { ...base.template, Resources: { Jobs: queue, More: queue } },
    };
    const bundle = { digest: "b", target, stacks: [added, alone] };
    expect(one("base", stacks, { ...asked, bundle }).applied?.deployed).toBe(false);
    expect(one("base", stacksOf("UPDATE_IN_PROGRESS"), asked).applied?.deployed).toBe(false);
    const self = { base: baseIn("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") };
    const only = { digest: "b", target, stacks: [without] };
    expect(one("base", self, { ...asked, bundle: only }).applied?.deployed).toBe(false);
  });
});
