import { describe, expect, test } from "vitest";
import { failResource } from "../../../src/sandbox/cloudformation/faults.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { aWorld, call } from "../world-of-services.ts";
import {
  cloudformation,
  contextOf,
  deployed,
  eventsOf,
  parameters,
  settle,
  stackOf,
  statusOf,
  until,
} from "./a-world.ts";

const update = (world: World, TemplateBody: string, more: object = {}) => {
  cloudformation(world, "UpdateStack", { StackName: "s", TemplateBody, ...more });
  settle(world);
};

const remove = (world: World, more: object = {}) => {
  cloudformation(world, "DeleteStack", { StackName: "s", ...more });
  settle(world);
};

const resourcesOf = (world: World, name = "s") =>
  cloudformation(world, "DescribeStackResources", { StackName: name }).StackResources.map(
    (resource: { LogicalResourceId: string; PhysicalResourceId: string }) => [
      resource.LogicalResourceId,
      resource.PhysicalResourceId,
    ],
  );

const typed = (resources: Readonly<Record<string, readonly [type: string, object?, object?]>>) =>
  JSON.stringify({
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, [Type, Properties = {}, rest = {}]]) => [
        id,
        { Type, Properties, ...rest },
      ]),
    ),
  });

const ssm = "AWS::SSM::Parameter";
const text = { Type: "String", Value: "v" };

test("what depends on something is made after it and removed before it", () => {
  const chain = { A: {}, B: { Value: { Ref: "A" } }, C: { Value: { Ref: "B" } }, Dummy: {} };
  const world = aWorld();
  const id = deployed(world, "s", parameters(chain));
  update(world, parameters({ A: {}, Dummy: {} }));
  remove(world);
  const plain = eventsOf(world, id).filter((event) => !event.includes("Initiated"));
  expect(plain.filter((event) => /^[BC] /.test(event))).toEqual([
    "B CREATE_IN_PROGRESS",
    "B CREATE_COMPLETE",
    "C CREATE_IN_PROGRESS",
    "C CREATE_COMPLETE",
    "C DELETE_IN_PROGRESS",
    "C DELETE_COMPLETE",
    "B DELETE_IN_PROGRESS",
    "B DELETE_COMPLETE",
  ]);
  expect(statusOf(world, id)).toBe("DELETE_COMPLETE");
});

test("what does not depend on each other runs side by side", () => {
  const world = aWorld();
  deployed(world, "s", parameters({ A: {}, B: {} }));
  const events = eventsOf(world, "s").filter((event) =>
    /^[AB] CREATE_(IN_PROGRESS|COMPLETE)$/.test(event),
  );
  expect(events.slice(0, 2)).toEqual(["A CREATE_IN_PROGRESS", "B CREATE_IN_PROGRESS"]);
});

describe("a creation that fails", () => {
  const fails = (more: object = {}) => {
    const world = aWorld();
    const template = typed({
      A: [ssm, text],
      B: [ssm, { Type: "String" }],
      Q: ["AWS::SQS::Queue"],
    });
    const id = deployed(world, "s", template, more);
    return { world, id };
  };

  test("takes back what it made, and cancels what it was making", () => {
    const { world } = fails();
    const events = eventsOf(world, "s").filter((event) => !/^A /.test(event));
    expect(events).toEqual([
      "s CREATE_IN_PROGRESS User Initiated",
      "B CREATE_IN_PROGRESS",
      "Q CREATE_IN_PROGRESS",
      "B CREATE_FAILED Property validation failure: [The property {/Value} is required]",
      "Q CREATE_FAILED Resource creation cancelled",
      expect.stringMatching(
        /^s ROLLBACK_IN_PROGRESS The following resource\(s\) failed to create: \[(A, )?B, Q\]\. Rollback requested by user\.$/,
      ),
      "s ROLLBACK_COMPLETE",
    ]);
    expect(resourcesOf(world)).toEqual([]);
    expect(stackOf(world, "s").DeletionTime).toBeInstanceOf(Date);
  });

  test("stays as it is without rollback, and can be mended", () => {
    const { world } = fails({ DisableRollback: true });
    expect(stackOf(world, "s")).toMatchObject({
      StackStatus: "CREATE_FAILED",
      DisableRollback: true,
    });
    expect(stackOf(world, "s").StackStatusReason).toMatch(
      /^The following resource\(s\) failed to create: \[.*B, Q\]\. $/,
    );
    update(world, typed({ A: [ssm, text], B: [ssm, text], Q: ["AWS::SQS::Queue"] }));
    expect(statusOf(world, "s")).toBe("UPDATE_COMPLETE");
    expect(resourcesOf(world).map(([name]: string[]) => name)).toEqual(["A", "B", "Q"]);
  });

  test("is deleted with OnFailure DELETE", () => {
    const { id, world } = fails({ OnFailure: "DELETE" });
    expect(statusOf(world, id)).toBe("DELETE_COMPLETE");
    expect(eventsOf(world, id)).toContainEqual(
      expect.stringContaining("s DELETE_IN_PROGRESS The following"),
    );
  });

  test("keeps what is to be retained, but for what is only retained once made", () => {
    const world = aWorld();
    failResource(contextOf(world), { logicalId: "C", on: "create", reason: "no" });
    const id = deployed(
      world,
      "s",
      typed({
        A: [ssm, text, { DeletionPolicy: "Retain" }],
        B: [ssm, text, { DeletionPolicy: "RetainExceptOnCreate" }],
        C: [ssm, text, { DependsOn: ["A", "B"] }],
      }),
    );
    expect(eventsOf(world, id)).toContain("A DELETE_SKIPPED");
    expect(eventsOf(world, id)).toContain("B DELETE_COMPLETE");
  });
});

test("a creation that takes longer than it may is rolled back", () => {
  const world = aWorld();
  deployed(world, "s", typed({ Q: ["AWS::SQS::Queue"] }), { TimeoutInMinutes: 1 });
  expect(eventsOf(world, "s")).toContain(
    "s ROLLBACK_IN_PROGRESS Stack creation time exceeded the specified timeout. Rollback requested by user.",
  );
  expect(stackOf(world, "s")).toMatchObject({
    StackStatus: "ROLLBACK_COMPLETE",
    TimeoutInMinutes: 1,
  });
  deployed(world, "t", typed({ Q: ["AWS::SQS::Queue"] }), { TimeoutInMinutes: 2 });
  expect(statusOf(world, "t")).toBe("CREATE_COMPLETE");
});

describe("a creation that cannot be", () => {
  test("for a missing export ends before anything is made", () => {
    const world = aWorld();
    deployed(world, "s", parameters({ A: { Value: { "Fn::ImportValue": "nothing" } } }));
    expect(eventsOf(world, "s")).toEqual([
      "s CREATE_IN_PROGRESS User Initiated",
      "s ROLLBACK_IN_PROGRESS No export named nothing found. Rollback requested by user.",
      "s ROLLBACK_COMPLETE",
    ]);
  });

  test("for an output that asks for an attribute its type lacks ends likewise", () => {
    const world = aWorld();
    const Outputs = { InvalidOutput: { Value: { "Fn::GetAtt": ["A", "Invalid"] } } };
    deployed(world, "s", parameters({ A: {} }, { Outputs }));
    expect(eventsOf(world, "s")[1]).toBe(
      "s ROLLBACK_IN_PROGRESS [Error] /Outputs/InvalidOutput/Value/Fn::GetAtt: Resource type AWS::SSM::Parameter does not support attribute {Invalid}. Rollback requested by user.",
    );
  });
});

describe("an update that fails", () => {
  const before = parameters(
    { A: { Name: "/a" }, B: { Value: "old" }, C: { Value: { Ref: "A" } } },
    { Outputs: { Name: { Value: { Ref: "A" } } } },
  );
  const after = parameters(
    {
      A: { Name: "/b" },
      B: { Value: "new" },
      C: { Value: { Ref: "A" } },
      D: { Value: { Ref: "C" } },
    },
    { Outputs: { Name: { Value: { Ref: "A" } } } },
  );

  test("returns to the old resources, template, parameters and outputs", () => {
    const world = aWorld();
    deployed(world, "s", before);
    const was = { resources: resourcesOf(world), outputs: stackOf(world, "s").Outputs };
    failResource(contextOf(world), { logicalId: "D", on: "create", reason: "no room" });
    update(world, after);
    expect({ resources: resourcesOf(world), outputs: stackOf(world, "s").Outputs }).toEqual(was);
    expect(cloudformation(world, "GetTemplate", { StackName: "s" }).TemplateBody).toBe(before);
    const events = eventsOf(world, "s");
    expect(events.slice(events.indexOf("D CREATE_FAILED no room"))).toEqual([
      "D CREATE_FAILED no room",
      "s UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [D]. ",
      expect.stringMatching(/^[AB] UPDATE_IN_PROGRESS$/),
      expect.stringMatching(/^[AB] UPDATE_IN_PROGRESS$/),
      expect.stringMatching(/^[ABC] UPDATE_/),
      expect.stringMatching(/^[ABC] UPDATE_/),
      expect.stringMatching(/^[ABC] UPDATE_/),
      expect.stringMatching(/^[ABC] UPDATE_COMPLETE$/),
      "s UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
      "A DELETE_IN_PROGRESS",
      "D DELETE_IN_PROGRESS",
      "A DELETE_COMPLETE",
      "D DELETE_COMPLETE",
      "s UPDATE_ROLLBACK_COMPLETE",
    ]);
  });

  test("in its rollback can be continued, without what is to be skipped", () => {
    const world = aWorld();
    deployed(world, "s", before);
    failResource(contextOf(world), { logicalId: "D", on: "create", reason: "no room" });
    failResource(contextOf(world), { logicalId: "B", on: "rollback", reason: "stuck" });
    update(world, after);
    expect(stackOf(world, "s")).toMatchObject({
      StackStatus: "UPDATE_ROLLBACK_FAILED",
      StackStatusReason: "The following resource(s) failed to update: [B]. ",
    });
    cloudformation(world, "ContinueUpdateRollback", { StackName: "s", ResourcesToSkip: ["B"] });
    settle(world);
    expect(statusOf(world, "s")).toBe("UPDATE_ROLLBACK_COMPLETE");
  });

  test("is what CancelUpdateStack asks for", () => {
    const world = aWorld();
    deployed(world, "s", before);
    cloudformation(world, "UpdateStack", { StackName: "s", TemplateBody: after });
    world.advanceTo(world.nextDue() ?? 0);
    cloudformation(world, "CancelUpdateStack", { StackName: "s" });
    settle(world);
    expect(eventsOf(world, "s")).toContain("s UPDATE_ROLLBACK_IN_PROGRESS User Initiated");
    expect(eventsOf(world, "s")).toContain("A UPDATE_FAILED Resource update cancelled");
    expect(statusOf(world, "s")).toBe("UPDATE_ROLLBACK_COMPLETE");
  });
});

describe("what an update leaves over", () => {
  test("is deleted once all is well, dependents first", () => {
    const world = aWorld();
    deployed(world, "s", parameters({ A: { Name: "/a" }, B: { DependsOn: "A" } }));
    update(world, parameters({ A: { Name: "/b" } }));
    const events = eventsOf(world, "s");
    expect(events.slice(events.indexOf("s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"))).toEqual([
      "s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
      "B DELETE_IN_PROGRESS",
      "B DELETE_COMPLETE",
      "A DELETE_IN_PROGRESS",
      "A DELETE_COMPLETE",
      "s UPDATE_COMPLETE",
    ]);
  });

  test("is tried three times, then stays as an orphan", () => {
    const world = aWorld();
    deployed(world, "s", parameters({ A: {}, B: {} }));
    failResource(contextOf(world), { logicalId: "B", on: "delete", reason: "in use" });
    update(world, parameters({ A: {} }));
    expect(eventsOf(world, "s").filter((event) => event === "B DELETE_FAILED in use")).toHaveLength(
      3,
    );
    expect(statusOf(world, "s")).toBe("UPDATE_COMPLETE");
    expect(resourcesOf(world).map(([name]: string[]) => name)).toEqual(["A"]);
  });

  test("is kept where the template says so", () => {
    const world = aWorld();
    deployed(
      world,
      "s",
      typed({
        A: [ssm, { ...text, Name: "/a" }, { UpdateReplacePolicy: "Retain" }],
        B: [ssm, text, { DeletionPolicy: "Retain" }],
      }),
    );
    update(world, typed({ A: [ssm, { ...text, Name: "/b" }, { UpdateReplacePolicy: "Retain" }] }));
    expect(eventsOf(world, "s").slice(-3)).toEqual([
      "A DELETE_SKIPPED",
      "B DELETE_SKIPPED",
      "s UPDATE_COMPLETE",
    ]);
  });
});

describe("a deletion", () => {
  test("that fails says what stays, and can be told to leave it", () => {
    const world = aWorld();
    const id = deployed(world, "s", parameters({ A: {}, B: { DependsOn: "A" } }));
    failResource(contextOf(world), { logicalId: "A", on: "delete", reason: "in use" });
    remove(world);
    expect(stackOf(world, id)).toMatchObject({
      StackStatus: "DELETE_FAILED",
      StackStatusReason: "The following resource(s) failed to delete: [A]. ",
    });
    remove(world, { RetainResources: ["A"] });
    expect(statusOf(world, id)).toBe("DELETE_COMPLETE");
    expect(eventsOf(world, id)).toContain("A DELETE_SKIPPED");
  });

  test("breaks off a creation", () => {
    const world = aWorld();
    const { StackId } = cloudformation(world, "CreateStack", {
      StackName: "s",
      TemplateBody: typed({ Q: ["AWS::SQS::Queue"] }),
    });
    world.advanceTo(world.nextDue() ?? 0);
    remove(world);
    expect(statusOf(world, StackId)).toBe("DELETE_COMPLETE");
    expect(eventsOf(world, StackId)).toContain("Q CREATE_FAILED Resource creation cancelled");
  });
});

describe("a deletion that something stands in the way of", () => {
  test("of a stack whose export is read goes back to what it was", () => {
    const world = aWorld();
    const Outputs = { O: { Value: "o", Export: { Name: "E" } } };
    deployed(world, "s", parameters({ A: {} }, { Outputs }));
    const reading = parameters({ A: { Value: { "Fn::ImportValue": "E" } } });
    deployed(world, "s1", reading);
    deployed(world, "s2", reading);
    remove(world);
    expect(stackOf(world, "s")).toMatchObject({
      StackStatus: "CREATE_COMPLETE",
      StackStatusReason: "Export E cannot be deleted as it is in use by s1 and s2",
    });
    expect(eventsOf(world, "s").slice(-2)).toEqual([
      "s DELETE_IN_PROGRESS User Initiated",
      "s CREATE_COMPLETE Export E cannot be deleted as it is in use by s1 and s2",
    ]);
    update(world, parameters({ A: {} }, { Outputs: { O: { Value: "p", Export: { Name: "E" } } } }));
    expect(eventsOf(world, "s")).toContain(
      "s UPDATE_ROLLBACK_IN_PROGRESS Export E cannot be updated as it is in use by s1 and s2",
    );
    expect(deployed(world, "s3", parameters({ A: {} }, { Outputs }))).toBeDefined();
    expect(stackOf(world, "s3").StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(eventsOf(world, "s3").join()).toContain(
      "Export with name E is already exported by stack s",
    );
  });

  test("of what another stack still uses fails as its service says", () => {
    const world = aWorld();
    const id = deployed(
      world,
      "s",
      JSON.stringify({
        Resources: {
          Group: { Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription: "g" } },
        },
        Outputs: { Id: { Value: { "Fn::GetAtt": ["Group", "GroupId"] } } },
      }),
    );
    const GroupId = stackOf(world, "s").Outputs[0].OutputValue;
    expect(GroupId).toMatch(/^sg-[0-9a-f]{17}$/);
    const rule = { GroupId, IpProtocol: "tcp", FromPort: 1, ToPort: 1, CidrIp: "10.0.0.0/8" };
    deployed(world, "user", typed({ Rule: ["AWS::EC2::SecurityGroupIngress", rule] }));
    remove(world);
    expect(statusOf(world, id)).toBe("DELETE_FAILED");
    expect(eventsOf(world, id).join()).toContain(`resource ${GroupId} has a dependent object`);
    cloudformation(world, "DeleteStack", { StackName: "user" });
    settle(world);
    remove(world);
    expect(statusOf(world, id)).toBe("DELETE_COMPLETE");
  });
});

test("a name that is taken fails the resource that wants it", () => {
  const world = aWorld();
  const id = deployed(world, "s", typed({ Q: ["AWS::SQS::Queue", { QueueName: "q" }] }));
  deployed(world, "t", typed({ P: ["AWS::SQS::Queue", { QueueName: "q" }] }));
  expect(eventsOf(world, "t")).toContain(`P CREATE_FAILED q already exists in stack ${id}`);
});

test("a service may be called like one of another cluster", () => {
  const world = aWorld();
  const web = (Cluster: string) =>
    typed({ Web: ["AWS::ECS::Service", { Cluster, ServiceName: "web", TaskDefinition: "t" }] });
  deployed(world, "a", web("one"));
  deployed(world, "b", web("two"));
  deployed(world, "c", web("two"));
  expect(statusOf(world, "b")).toBe("CREATE_COMPLETE");
  expect(statusOf(world, "c")).toBe("ROLLBACK_COMPLETE");
});

test("a replaced resource with a name of its own clashes with itself", () => {
  const world = aWorld();
  const queue = (more: object) =>
    typed({ Q: ["AWS::SQS::Queue", { QueueName: "q.fifo", ...more }] });
  const id = deployed(world, "s", queue({ FifoQueue: true }));
  update(world, queue({ FifoQueue: false }));
  expect(eventsOf(world, "s")).toContain(`Q UPDATE_FAILED q.fifo already exists in stack ${id}`);
  expect(statusOf(world, "s")).toBe("UPDATE_ROLLBACK_COMPLETE");
});

test("a world that was written down in the middle goes on as if nothing had been", () => {
  const one = aWorld();
  cloudformation(one, "CreateStack", {
    StackName: "s",
    TemplateBody: parameters({ A: {}, B: { Value: { Ref: "A" } } }),
  });
  one.advanceTo(one.nextDue() ?? 0);
  const other = aWorld();
  other.restore(JSON.parse(JSON.stringify(one.snapshot())));
  settle(one);
  settle(other);
  expect(eventsOf(other, "s")).toEqual(eventsOf(one, "s"));
  expect(statusOf(other, "s")).toBe("CREATE_COMPLETE");
});

test("accounts and regions know nothing of each other", () => {
  const world = aWorld();
  deployed(world, "s", parameters({ A: {} }));
  const elsewhere = {
    account: "210987654321",
    region: "eu-west-1",
    arn: "arn:aws:iam::210987654321:user/u",
  };
  expect(world.call("cloudformation:DescribeStacks", {}, elsewhere)).toEqual({ Stacks: [] });
  expect(call(world, "cloudformation:DescribeStacks", {}).Stacks).toHaveLength(1);
});

test("the update phase ends when the new version is live, before the old is gone", () => {
  const world = aWorld();
  const named = (Name: string) =>
    parameters({ A: { Name } }, { Outputs: { Name: { Value: { Ref: "A" } } } });
  deployed(world, "s", named("/a"));
  cloudformation(world, "UpdateStack", { StackName: "s", TemplateBody: named("/b") });
  until(world, "s", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
  expect(stackOf(world, "s").Outputs).toEqual([{ OutputKey: "Name", OutputValue: "/b" }]);
});
