import { beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { type TestWorld, testWorld } from "./world.ts";

let scene: TestWorld;
const changedByOthers =
  "base: Somebody else changed Resources.JobsQueue. Undo that, or say selfHeal: revert; the next revision that changes this stack puts it back, too.";

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.settle();
});

const said = async () => {
  const { conditions } = await scene.status();
  return conditions
    .filter(({ type }) => type !== "Healthy")
    .map(({ reason, status, type }) => `${type}=${status} ${reason}`);
};

const nameOf = async (unit: string): Promise<string> => {
  const { stacks } = await scene.status();
  return stacks.find(({ name }) => name.includes(`-dev-${unit}-`))?.name ?? "";
};

const templateOf = async (unit: string): Promise<string> => {
  const { TemplateBody } = (await scene.ask("cloudformation:GetTemplate", {
    StackName: await nameOf(unit),
  })) as { readonly TemplateBody: string };
  return TemplateBody;
};

interface Described {
  readonly Stacks: readonly {
    readonly Parameters?: readonly { readonly ParameterKey: string }[];
  }[];
}

/** A person edits the template that is deployed, by hand: stamp, tags and outputs stay. */
const editByHand = async (unit: string, from: string, to: string): Promise<void> => {
  const StackName = await nameOf(unit);
  const before = await templateOf(unit);
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", { StackName })) as Described;
  const Parameters = Stacks[0]?.Parameters?.map(({ ParameterKey }) => ({
    ParameterKey,
    UsePreviousValue: true,
  }));
  await scene.ask("cloudformation:UpdateStack", {
    StackName,
    TemplateBody: after,
    Parameters,
    Capabilities: ["CAPABILITY_IAM"],
  });
  await scene.settle();
};

/** A person saves in CloudFormation's console what is deployed, with an edit: it comes out as YAML. */
const saveAsYaml = async (unit: string, from: string, to: string): Promise<void> => {
  const template = JSON.parse((await templateOf(unit)).replace(from, to));
  const StackName = await nameOf(unit);
  await scene.ask("cloudformation:UpdateStack", {
    StackName,
    TemplateBody: stringify(template),
    Capabilities: ["CAPABILITY_IAM"],
  });
  await scene.settle();
};

const revert = async () => {
  const text = await scene.read("trueup.yaml");
  const edited = text.replace(/^ {4}on:.*$/m, "$&\n    selfHeal: revert");
  await scene.push({ "trueup.yaml": edited });
  await scene.settle();
};

const hours = async (count: number) =>
  scene.driver.settle({ at: scene.world.now + count * 3_600_000 });

describe("a template that somebody else changed under our stamp", () => {
  test("is reported, never ready in silence, and nothing is done about it", async () => {
    const made = scene.mutations().length;
    await editByHand("base", '"VisibilityTimeout":60', '"VisibilityTimeout":99');
    expect(await said()).toEqual([
      "Ready=False ForeignTemplate",
      "Stalled=True ForeignTemplate",
      "Drifted=True ForeignTemplate",
    ]);
    const { conditions } = await scene.status();
    expect(conditions[0]?.message).toBe(changedByOthers);
    await hours(3);
    expect(scene.mutations().length).toBe(made);
  });

  test("does not hold a push of another service, and the next push of its own puts it right", async () => {
    await editByHand("base", '"VisibilityTimeout":60', '"VisibilityTimeout":99');
    await scene.pushImage("blog-app-02", "1.0.1");
    await scene.settle();
    expect(await templateOf("s-app02")).toContain("blog-app-02:1.0.1");
    expect(await said()).toContain("Drifted=True ForeignTemplate");

    const compose = await scene.read("docker-compose.yml");
    const next = compose.replace("VisibilityTimeout: 60", "VisibilityTimeout: 61");
    await scene.push({ "docker-compose.yml": next });
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed"]);
    expect(await templateOf("base")).toContain('"VisibilityTimeout":61');
  });

  test("is no other for being saved as YAML, and holds nobody", async () => {
    await saveAsYaml("base", '"VisibilityTimeout":60', '"VisibilityTimeout":99');
    const { conditions } = await scene.status();
    expect(conditions[0]?.message).toBe(changedByOthers);
    await scene.pushImage("blog-app-02", "1.0.1");
    await scene.settle();
    expect(await templateOf("s-app02")).toContain("blog-app-02:1.0.1");

    const compose = await scene.read("docker-compose.yml");
    const next = compose.replace("VisibilityTimeout: 60", "VisibilityTimeout: 61");
    await scene.push({ "docker-compose.yml": next });
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed"]);
    expect(await templateOf("base")).toContain('"VisibilityTimeout":61');
  });

  test("is applied again under selfHeal: revert, once, and then it rests", async () => {
    await revert();
    await editByHand("base", '"VisibilityTimeout":60', '"VisibilityTimeout":99');
    expect(await said()).toEqual(["Ready=True Deployed"]);
    expect(await templateOf("base")).toContain('"VisibilityTimeout":60');
    const made = scene.mutations().length;
    await hours(3);
    expect(scene.mutations().length).toBe(made);
  });

  test("is not applied again while the environment is suspended", async () => {
    await revert();
    const Value = JSON.stringify({ reason: "an incident" });
    const suspended = { Name: "/trueup/myapps/dev/suspended", Value, Type: "String" };
    await scene.ask("ssm:PutParameter", suspended);
    const made = scene.mutations().length;
    await editByHand("base", '"VisibilityTimeout":60', '"VisibilityTimeout":99');
    expect(await said()).toContain("Held=True Suspended");
    expect(await said()).toContain("Drifted=True ForeignTemplate");
    expect(scene.mutations().length).toBe(made);
  });
});

describe("what holds data and was taken out of its stack by somebody else", () => {
  const takeOut = async () => {
    const StackName = await nameOf("base");
    const template = JSON.parse(await templateOf("base"));
    const ids = Object.keys(template.Resources).filter((id) => id.startsWith("Jobs"));
    expect(ids).toContain("JobsQueue");
    for (const id of ids) delete template.Resources[id];
    for (const [name, output] of Object.entries(template.Outputs))
      if (JSON.stringify(output).includes("Jobs")) delete template.Outputs[name];
    await scene.ask("cloudformation:UpdateStack", {
      StackName,
      TemplateBody: JSON.stringify(template),
      Capabilities: ["CAPABILITY_IAM"],
    });
    await scene.settle();
  };
  const pushed = async () => {
    const compose = await scene.read("docker-compose.yml");
    const next = compose.replace(/LOG_LEVEL: .*/g, "LOG_LEVEL: trace");
    await scene.push({
      "docker-compose.yml": next.replace("VisibilityTimeout: 60", "VisibilityTimeout: 61"),
    });
    await scene.settle();
  };

  test("is not made anew, empty, by the next push", async () => {
    await takeOut();
    expect(await said()).toContain("Stalled=True ForeignTemplate");
    await pushed();
    expect(await said()).toContain("Stalled=True DataAtRisk");
    const { conditions } = await scene.status();
    expect(conditions[0]?.message).toContain(
      "x-sqs.jobs (AWS::SQS::Queue) held data, and somebody took it out of its stack",
    );
    expect(Object.keys(JSON.parse(await templateOf("base")).Resources)).not.toContain("JobsQueue");
  });

  test("nor under selfHeal: revert, but by somebody who says so", async () => {
    await revert();
    await takeOut();
    expect(await said()).toContain("Stalled=True DataAtRisk");
    const { conditions } = await scene.status();
    const [line = ""] = /allow: \[.*\]/.exec(conditions[0]?.message ?? "") ?? [];
    const text = await scene.read("trueup.yaml");
    await scene.push({ "trueup.yaml": text.replace(/^ {4}on:.*$/m, `$&\n    ${line}`) });
    await scene.settle();
    expect(await said()).toEqual(["Ready=True Deployed"]);
    expect(Object.keys(JSON.parse(await templateOf("base")).Resources)).toContain("JobsQueue");
  });
});

describe("tags of a stack that somebody else took away", () => {
  const retag = async (Tags: readonly object[]) => {
    const StackName = await nameOf("s-worker");
    const told = await scene.ask("cloudformation:DescribeStacks", { StackName });
    const Parameters = (told as Described).Stacks[0]?.Parameters?.map(({ ParameterKey }) => ({
      ParameterKey,
      UsePreviousValue: true,
    }));
    const same = { UsePreviousTemplate: true, Capabilities: ["CAPABILITY_IAM"] };
    await scene.ask("cloudformation:UpdateStack", { StackName, Parameters, Tags, ...same });
    await scene.settle();
  };
  const tagsOf = async () => {
    const StackName = await nameOf("s-worker");
    const told = await scene.ask("cloudformation:DescribeStacks", { StackName });
    const [stack] = (told as { readonly Stacks: readonly { readonly Tags: readonly object[] }[] })
      .Stacks;
    return stack?.Tags ?? [];
  };

  test("are reported, since what is lost is found by them", async () => {
    await retag([{ Key: "owner", Value: "ann" }]);
    expect(await said()).toContain("Stalled=True ForeignTemplate");
    const { conditions } = await scene.status();
    expect(conditions[0]?.message).toContain("the tag trueup:application");
  });

  test("are given back under selfHeal: revert", async () => {
    await revert();
    const before = await tagsOf();
    await retag([{ Key: "owner", Value: "ann" }]);
    expect(await said()).toEqual(["Ready=True Deployed"]);
    expect(await tagsOf()).toEqual(before);
  });

  test("are none where somebody has one more beside them", async () => {
    await retag([...(await tagsOf()), { Key: "owner", Value: "ann" }]);
    expect(await said()).toEqual(["Ready=True Deployed"]);
  });
});

describe("a record that is lost", () => {
  test("causes that every stack is looked into once, and nothing else", async () => {
    await scene.loseRecord();
    const [made, asked] = [scene.mutations().length, scene.calls.length];
    await hours(2);
    const since = scene.calls.slice(asked);
    // Four stacks: by the sweep that looks, and by the pass that it calls for.
    expect(since.filter((one) => one === "cloudformation:GetTemplate").length).toBe(8);
    expect(scene.mutations().length).toBe(made);
    expect(await said()).toEqual(["Ready=True Deployed"]);
  });
});
