import { describe, expect, test } from "vitest";
import { getAtt, ref, type Template, type Value } from "../../src/model/template.ts";
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
    const message = expect.stringMatching(/^s-[ab] has [ab] .*: neither can go first\./);
    const objection = { reason: "NameTaken", message };
    expect([...objections]).toEqual([
      ["s-a", objection],
      ["s-b", objection],
    ]);
  });

  test("from one that keeps it is for somebody to decide, and not waited for", () => {
    const { awaited, objections } = takenOver({
      units: [wants("s-a", naming("api"), true), wants("s-b", naming("api"))],
      leaving: [],
      templates: new Map([["s-a", naming("api")]]),
    });
    expect(awaited.size).toBe(0);
    expect([...objections]).toEqual([
      [
        "s-b",
        {
          reason: "NameTaken",
          message:
            "s-a has api (AWS::ServiceDiscovery::Service) and keeps it: there can be only one. Give one of them something else.",
        },
      ],
    ]);
  });

  test("is waited for as long as anybody is giving up anything of that kind", () => {
    const units = [wants("s-a", naming(), true), wants("s-b", naming("api"))];
    const seen = { units, leaving: [], templates: new Map() };
    expect(takenOver({ ...seen, releasing: new Set(["s-a"]) }).awaited.has("s-b")).toBe(true);
    expect(takenOver({ ...seen, releasing: new Set(["s-b"]) }).awaited.size).toBe(0);
    expect(takenOver(seen).awaited.size).toBe(0);
  });
});

test("a place is one, though one stack refers to it as its own, and another by a parameter", () => {
  const rule = (Listener: Value, parameters: Template["Parameters"] = {}): Template => ({
    AWSTemplateFormatVersion: "2010-09-09",
    Parameters: parameters,
    Resources: {
      Rule: {
        Type: "AWS::ElasticLoadBalancingV2::ListenerRule",
        Properties: { ListenerArn: Listener, Priority: 10 },
      },
    },
  });
  const taking = (parameter: string, own: Value) =>
    takenOver({
      units: [
        wants("base", naming()),
        wants("s-a", rule(ref(parameter), { [parameter]: { Type: "String" } })),
      ],
      leaving: [],
      templates: new Map([["base", rule(own)]]),
    }).awaited.get("s-a");
  const waits = "It waits for base, which has 10 (AWS::ElasticLoadBalancingV2::ListenerRule).";
  expect(taking("HttpRef", ref("Http"))).toBe(waits);
  expect(taking("HttpListenerArn", getAtt("Http", "ListenerArn"))).toBe(waits);
  expect(taking("OtherRef", ref("Http"))).toBeUndefined();
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
  expect(
    takesAny({ units: [wants("s-b", naming()), wants("s-a", other)], templates: new Map() }),
  ).toBe(true);
  const { applied: _, ...waiting } = wants("s-a", other);
  expect(takesAny({ units: [{ ...waiting, applied: undefined }], templates: new Map() })).toBe(
    false,
  );
});

describe("a name in a mesh", () => {
  /** Services that are known by these names, `http` by its port. */
  const meshed = (...names: readonly string[]): Template => ({
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: {
      Service: {
        Type: "AWS::ECS::Service",
        Properties: {
          ServiceConnectConfiguration: {
            Namespace: { Ref: "Mesh" },
            Services: names.map((name) =>
              name === "http" ? { PortName: name } : { PortName: "tcp", DiscoveryName: name },
            ),
          },
        },
      },
    },
  });

  test.for(["api", "http"])("is taken over like any other: %s", (name) => {
    const { awaited } = takenOver({
      units: [wants("s-a", meshed()), wants("s-b", meshed(name))],
      leaving: [],
      templates: new Map([["s-a", meshed("x", name)]]),
    });
    expect([...awaited]).toEqual([
      ["s-b", `It waits for s-a, which has ${name} (AWS::ECS::Service).`],
    ]);
  });
});

describe("what a stack has under another logical id than it is to have it", () => {
  const queues = (names: Readonly<Record<string, string | object | undefined>>): Template => ({
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: Object.fromEntries(
      Object.entries(names).map(([id, QueueName]) => [
        id,
        {
          Type: "AWS::SQS::Queue",
          Properties: QueueName === undefined ? {} : ({ QueueName } as { QueueName: string }),
        },
      ]),
    ),
  });
  const found = (before: Template, after: Template, deployed = false) =>
    takenOver({
      units: [wants("base", after, deployed)],
      leaving: [],
      templates: new Map([["base", before]]),
    }).objections.get("base");

  test("is for somebody to decide: CloudFormation makes the new one first", () => {
    expect(found(queues({ Jobs: "work" }), queues({ Tasks: "work" }))).toEqual({
      reason: "NameTaken",
      message: expect.stringMatching(/^Jobs has work \(AWS::SQS::Queue\), and Tasks of the same/),
    });
    const name = { "Fn::Sub": "work" };
    expect(found(queues({ Jobs: name }), queues({ Tasks: name }))?.message).toContain(
      'Jobs has {"Fn::Sub":"work"} (AWS::SQS::Queue)',
    );
  });

  test("keeps nobody where it has no name of its own, or another one", () => {
    const none = queues({ Jobs: undefined });
    expect(found(none, queues({ Tasks: undefined }))).toBeUndefined();
    expect(found(queues({ Jobs: "work" }), queues({ Jobs: "work", Tasks: "more" }))).toBe(
      undefined,
    );
    expect(found(queues({ Jobs: "work" }), queues({ Tasks: "work" }), true)).toBeUndefined();
  });
});

test.for([
  ["AWS::ServiceDiscovery::Service", "Remove", undefined, true],
  ["AWS::ServiceDiscovery::Service", "Remove", "False", true],
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
