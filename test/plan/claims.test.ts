import { describe, expect, test } from "vitest";
import type { Template } from "../../src/model/template.ts";
import { givesUp, takenOver, takesAny } from "../../src/plan/claims.ts";
import { stackIn, unitOf } from "./situations.ts";

/** A template with discovery services of these names. */
const naming = (...names: readonly string[]): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Resources: Object.fromEntries(
    names.map((name, index) => [
      `Service${index}`,
      {
        Type: "AWS::ServiceDiscovery::Service",
        Properties: { Name: name, NamespaceId: { Ref: "NamespaceId" } },
      },
    ]),
  ),
});

const wants = (unit: string, template: Template, deployed = false) => {
  const one = unitOf(stackIn("UPDATE_COMPLETE"), deployed);
  return { ...one, goal: { ...one.goal, unit, template } };
};

const leaves = (unit: string) => ({ unit, stack: stackIn("CREATE_COMPLETE") });

describe("what a family takes over", () => {
  test("from one that gives it up is waited for", () => {
    const { awaited, objections } = takenOver({
      units: [wants("s-a", naming()), wants("s-b", naming("api"))],
      leaving: [],
      templates: new Map([["s-a", naming("api")]]),
    });
    expect([...awaited]).toEqual([
      ["s-b", "It waits for s-a, which has api (AWS::ServiceDiscovery::Service)."],
    ]);
    expect(objections.size).toBe(0);
  });

  test("from one that leaves is for somebody to decide: that one goes last", () => {
    const { awaited, objections } = takenOver({
      units: [wants("s-b", naming("api"))],
      leaving: [leaves("s-a")],
      templates: new Map([["s-a", naming("api")]]),
    });
    expect(awaited.size).toBe(0);
    expect(objections.get("s-b")).toEqual({
      reason: "NameTaken",
      message: expect.stringMatching(/^s-a has api .*and leaves last.*in a push of its own first/),
    });
  });

  test("in exchange for what it has is for somebody to decide: neither can go first", () => {
    const { awaited, objections } = takenOver({
      units: [wants("s-a", naming("b")), wants("s-b", naming("a"))],
      leaving: [],
      templates: new Map([
        ["s-a", naming("a")],
        ["s-b", naming("b")],
      ]),
    });
    expect(awaited.size).toBe(0);
    expect([...objections.keys()]).toEqual(["s-a", "s-b"]);
  });

  test("is waited for as long as anybody is giving up anything of that kind", () => {
    const units = [wants("s-a", naming(), true), wants("s-b", naming("api"))];
    const seen = { units, leaving: [], templates: new Map() };
    expect(takenOver({ ...seen, releasing: new Set(["s-a"]) }).awaited.has("s-b")).toBe(true);
    expect(takenOver({ ...seen, releasing: new Set(["s-b"]) }).awaited.size).toBe(0);
    expect(takenOver(seen).awaited.size).toBe(0);
  });
});

test("what a family has already, has alone or is not to have yet keeps nobody", () => {
  const other = naming("api");
  const elsewhere = JSON.parse(JSON.stringify(other).replace('NamespaceId"}', 'OtherId"}'));
  const nameless = JSON.parse(JSON.stringify(other).replace('"Name":"api",', ""));
  const kept = {
    "its own": [wants("s-a", other), "s-a", other],
    "of another namespace": [wants("s-a", elsewhere), "s-b", other],
    "without a name": [wants("s-a", nameless), "s-b", nameless],
    deployed: [wants("s-a", other, true), "s-b", other],
  } as const;
  for (const [what, [unit, holder, held]] of Object.entries(kept)) {
    const units = [unit, wants("s-b", naming())];
    const found = takenOver({ units, leaving: [], templates: new Map([[holder, held]]) });
    expect([what, found.awaited.size, found.objections.size]).toEqual([what, 0, 0]);
  }
  const { applied: _, ...waiting } = wants("s-a", other);
  expect(takesAny({ units: [{ ...waiting, applied: undefined }], templates: new Map() })).toBe(
    false,
  );
});

test.for([
  ["AWS::ServiceDiscovery::Service", "Remove", undefined, true],
  ["AWS::ElasticLoadBalancingV2::ListenerRule", "Modify", "True", true],
  ["AWS::ElasticLoadBalancingV2::ListenerRule", "Modify", "Conditional", true],
  ["AWS::ElasticLoadBalancingV2::ListenerRule", "Modify", "False", false],
  ["AWS::ElasticLoadBalancingV2::ListenerRule", "Add", undefined, false],
  ["AWS::ECS::TaskDefinition", "Remove", undefined, false],
] as const)(
  "%s, %s, replaced: %s, gives something up: %s",
  ([type, action, replacement, gives]) => {
    expect(givesUp({ logicalId: "It", type, action, replacement })).toBe(gives);
  },
);
