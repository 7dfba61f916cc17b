import { describe, expect, test } from "vitest";
import type { DesiredStack } from "../../src/model/bundle.ts";
import type { GivenConsent } from "../../src/model/gates.ts";
import { emptyRecord } from "../../src/model/record.ts";
import type { Template } from "../../src/model/template.ts";
import type { Unit } from "../../src/plan/units.ts";
import {
  approved,
  deployed,
  differing,
  type Here,
  now,
  rolled,
  verdictsOf,
  writes,
} from "./roll-outs.ts";
import { brief, changeSetIn, stackIn } from "./situations.ts";

// What a roll-out would lose, and who lets it.

const table = { Type: "AWS::DynamoDB::Table" };
const queue = { Type: "AWS::SQS::Queue" };
const service = { Type: "AWS::ECS::Service" };

const templateOf = (Resources: Template["Resources"]): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources,
});

/** The same with other resources to be there. */
const aiming = (unit: Unit, Resources: Template["Resources"]): Unit => {
  const stack: DesiredStack = { ...unit.desired, template: templateOf(Resources) };
  return { ...unit, goal: stack, desired: stack };
};
describe("data at risk", () => {
  const loses: Here = {
    unit: aiming(differing, { Jobs: queue }),
    observed: { templates: new Map([["base", templateOf({ Jobs: queue, Orders: table })]]) },
  };

  test("stalls its stack, and one person may say that it goes", () => {
    const stopped = rolled(loses);
    expect(verdictsOf(stopped)).toEqual(["base stalled DataAtRisk"]);
    expect(stopped.gates).toEqual([]);
    expect(stopped.approval).toMatchObject({ kind: "withheld", rule: { required: 1 } });
    expect(stopped.plan.changes).toMatchObject([{ logicalId: "Orders", action: "remove" }]);
    expect(writes(approved(loses))).toEqual(["create-change-set base"]);
  });

  test.for([
    ["any", undefined, []],
    ["the one that is there", "orders-1", []],
    ["another", "orders-2", ["base stalled DataAtRisk"]],
  ] as const)("goes with a consent to %s", ([, from, expected]) => {
    const consent = {
      action: "remove" as const,
      path: "trueup-shop-dev-base-00000000.Orders",
      until: now.slice(0, 10),
      ...(from === undefined ? {} : { from }),
    };
    const ids = new Map([["base", new Map([["Orders", "orders-1"]])]]);
    const { verdicts } = rolled({
      ...loses,
      desired: { consents: [consent] },
      observed: { ...loses.observed, ids },
    });
    const stalls = verdicts.filter(({ kind }) => kind === "stalled");
    expect(stalls.map((one) => `${one.unit} ${brief(one)}`)).toEqual(expected);
  });

  test("is an address that others may know, but of an instance that nobody wants", () => {
    const address = { Type: "AWS::EC2::EIP" };
    const gives = {
      ...loses,
      observed: { templates: new Map([["base", templateOf({ Jobs: queue, Address: address })]]) },
    };
    expect(verdictsOf(rolled(gives))).toEqual(["base stalled DataAtRisk"]);
    const gone = rolled({ ...gives, desired: { leftAt: now } });
    expect(writes(gone)).toEqual(["create-change-set base"]);
  });
});

test("what a change set says beyond its plan stalls it, until the plan with that is approved", () => {
  const changes = [
    { logicalId: "Jobs", type: queue.Type, action: "Modify", replacement: "True" },
  ] as const;
  const wanted = { ...changeSetIn("CREATE_COMPLETE", "AVAILABLE"), changes };
  const here: Here = {
    unit: aiming(differing, { Jobs: queue }),
    observed: {
      templates: new Map([["base", templateOf({ Jobs: queue })]]),
      changeSets: new Map([["base", { wanted, older: undefined }]]),
    },
  };
  const stopped = rolled(here);
  expect(verdictsOf(stopped)).toEqual(["base stalled ChangeSetRiskier"]);
  expect(stopped.plan.riskier).toEqual([
    {
      stack: "trueup-shop-dev-base-00000000",
      logicalId: "Jobs",
      planned: "same",
      reported: "replace",
    },
  ]);
  expect(writes(approved(here))).toEqual(["execute-change-set base"]);
});

test("what would change its stack stalls, and nobody is asked", () => {
  const moving: Here = {
    unit: aiming(differing, { Jobs: queue }),
    observed: {
      leaving: [{ unit: "s-web", stack: stackIn("CREATE_COMPLETE", { name: "web" }) }],
      templates: new Map([["s-web", templateOf({ Jobs: queue })]]),
    },
  };
  const stopped = rolled({ ...moving, desired: { pruneMax: 0 } });
  expect(verdictsOf(stopped)).toEqual([
    "base stalled LayoutChanged",
    "s-web stalled LayoutChanged",
  ]);
  expect(stopped.approval.kind).toBe("unneeded");
  expect(stopped.plan.changes).toEqual([]);
});

const consentTo = (doomed: string | undefined): GivenConsent => ({
  doomed,
  skip: {},
  reason: "",
  user: "ann",
  at: now,
});

/** What is listed, and consented to. */
const consented = (doomed: string | undefined) => ({
  record: { ...emptyRecord, listed: { digest: doomed ?? "", at: now } },
  consents: [consentTo(doomed)],
});

describe("stacks that leave", () => {
  const leaving = ["s-b", "s-a"].map((unit) => ({
    unit,
    stack: stackIn("UPDATE_COMPLETE", { name: unit, id: `arn:${unit}` }),
  }));
  const templates = new Map(leaving.map(({ unit }) => [unit, templateOf({ Web: service })]));
  const here: Here = { unit: deployed, observed: { leaving, templates } };
  const both = ["delete-stack s-b", "delete-stack s-a"];

  test("beyond the budget wait for a consent to just those, or for the plan's approval", () => {
    const stopped = rolled(here);
    const { doomed } = stopped.plan;
    expect(verdictsOf(stopped)).toEqual([
      "base deployed",
      "s-b stalled PruneBudget",
      "s-a stalled PruneBudget",
    ]);
    expect(stopped.letGo).toBeUndefined();
    const gone = rolled({ ...here, others: consented(doomed) });
    expect([writes(gone), gone.letGo?.digest]).toEqual([both, doomed]);
    expect(stopped.listed).toEqual({ digest: doomed, at: now });
    // Said before anybody was asked.
    const before = rolled({ ...here, others: { consents: [consentTo(doomed)] } });
    expect([writes(before), before.listed?.after]).toEqual([[], now]);
    expect(gone.consents).toEqual([consentTo(doomed)]);
    const listed = { digest: doomed ?? "", at: "2026-01-02T00:01:00.001Z" };
    const asked = { record: { ...emptyRecord, listed }, consents: [consentTo(doomed)] };
    expect(writes(rolled({ ...here, others: asked }))).toEqual([]);
    expect(gone.approval.kind).toBe("unneeded");
    expect(writes(rolled({ ...here, others: consented("else") }))).toEqual([]);
    expect(writes(approved(here))).toEqual(both);
  });

  test("within the budget go, but none with data that nobody let go", () => {
    expect(writes(rolled({ ...here, desired: { pruneMax: 2 } }))).toEqual(both);
    const holding = new Map([...templates, ["s-a", templateOf({ Orders: table })] as const]);
    const kept: Here = { ...here, observed: { leaving, templates: holding } };
    const stopped = rolled({ ...kept, desired: { pruneMax: 2 } });
    expect(verdictsOf(stopped).at(-1)).toBe("s-a stalled DataAtRisk");
    const others = consented(stopped.plan.doomed);
    expect(writes(rolled({ ...kept, others }))).toEqual(both);
  });

  test("of an environment that left go by consent to all of it, and by nothing else", () => {
    const left: Here = { ...here, desired: { isOrphaned: true, pruneMax: 9 } };
    const stopped = approved(left);
    expect(verdictsOf(stopped).slice(1)).toEqual(["s-b stalled Orphaned", "s-a stalled Orphaned"]);
    expect(stopped.approval.kind).toBe("unneeded");
    const others = consented(stopped.plan.doomed);
    expect(writes(rolled({ ...left, others }))).toEqual(both);
  });

  test("of an environment that left, with data that nobody let go, are deleted by consent only", () => {
    const holding = new Map([...templates, ["s-a", templateOf({ Orders: table })] as const]);
    const left: Here = {
      ...here,
      desired: { isOrphaned: true },
      observed: { leaving, templates: holding },
    };
    const stopped = approved(left);
    expect([stopped.approval.kind, writes(stopped)]).toEqual(["unneeded", []]);
    const others = consented(stopped.plan.doomed);
    expect(writes(rolled({ ...left, others }))).toEqual(both);
  });

  test("are an environment that is destroyed when none is left", () => {
    const nothing: Here = { desired: { isOrphaned: true }, observed: { units: [] } };
    expect(rolled(nothing).conclusion).toMatchObject({ state: "ready", reason: "Destroyed" });
    expect(rolled({ observed: { units: [] } }).conclusion.reason).toBe("Deployed");
    const some = rolled({ unit: deployed, desired: { isOrphaned: true } });
    expect(some.conclusion.reason).toBe("Deployed");
  });
});
