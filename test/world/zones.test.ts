import { expect, test } from "vitest";
import { stateOf } from "../../src/sandbox/cloudformation/state.ts";
import { type TestWorld, testWorld } from "./world.ts";

// `Fn::GetAZs` answers anew with every update: where a zone comes or goes, CloudFormation would move
// the subnets, and all that is in them (design-aws 15).

const placeIn = ({ world }: TestWorld) => ({
  world,
  account: "123456789012",
  region: "eu-west-1",
});

const subnets = (scene: TestWorld): readonly string[] =>
  Object.values(stateOf(placeIn(scene)).stacks)
    .flatMap(({ resources }) => Object.values(resources))
    .filter(({ type }) => type === "AWS::EC2::Subnet")
    .map(({ physicalId, properties }) => `${physicalId} ${properties.AvailabilityZone}`);

const reasons = async (scene: TestWorld): Promise<readonly string[]> =>
  (await scene.status()).conditions.map(({ reason, type }) => `${type} ${reason}`);

/** Another value in what `base` has, beside the subnets. */
async function edit(scene: TestWorld, seconds: number): Promise<void> {
  const text = await scene.read("docker-compose.yml");
  const edited = text.replace(/VisibilityTimeout: \d+/, `VisibilityTimeout: ${seconds}`);
  await scene.push({ "docker-compose.yml": edited });
  await scene.settle();
}

async function deployed(options: Parameters<typeof testWorld>[0] = {}): Promise<TestWorld> {
  const scene = testWorld(options);
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  expect(subnets(scene).length).toBeGreaterThan(3);
  return scene;
}

const well = ["Ready Deployed", "Healthy Running"];

test("subnets stay in their zones when a region has other zones than before", async () => {
  const scene = await deployed();
  const before = subnets(scene);
  stateOf(placeIn(scene)).zones = ["b", "c", "d"];
  await edit(scene, 61);
  expect(subnets(scene)).toEqual(before);
  expect(await reasons(scene)).toEqual(well);

  // What says so now is taken for what was asked for: nobody changed it, and nothing is to be done.
  const made = scene.mutations().length;
  await scene.loseRecord();
  await scene.driver.settle({ at: scene.world.now + 90_000_000 });
  expect(await reasons(scene)).toEqual(well);
  expect(scene.mutations().length).toBe(made);

  stateOf(placeIn(scene)).zones = ["d", "e"];
  await edit(scene, 62);
  expect(subnets(scene)).toEqual(before);
  expect(await reasons(scene)).toEqual(well);
});

test("a zone that somebody else put into the template is somebody else's change", async () => {
  const scene = await deployed();
  await edit(scene, 61);
  const { stacks } = await scene.status();
  const StackName = stacks.find(({ name }) => name.includes("-dev-base-"))?.name;
  const { TemplateBody } = (await scene.ask("cloudformation:GetTemplate", { StackName })) as {
    readonly TemplateBody: string;
  };
  expect(TemplateBody).toContain('"AvailabilityZone":"eu-west-1a"');
  await scene.ask("cloudformation:UpdateStack", {
    StackName,
    TemplateBody: TemplateBody.replace(
      '"AvailabilityZone":"eu-west-1a"',
      '"AvailabilityZone":"eu-west-1c"',
    ),
    Capabilities: ["CAPABILITY_IAM"],
    Parameters: [],
  });
  await scene.settle();
  const { conditions } = await scene.status();
  expect(conditions.find(({ type }) => type === "Drifted")?.reason).toBe("ForeignTemplate");
});

test("where nobody may see in which zone a subnet is, it is not moved either", async () => {
  let isRefused = false;
  const scene = await deployed({
    fate: (_, operation) =>
      isRefused && operation === "cloudcontrolapi:GetResource"
        ? { error: "AccessDeniedException", when: "before" }
        : "lives",
  });
  const before = subnets(scene);
  isRefused = true;
  await edit(scene, 61);
  expect(await reasons(scene)).toEqual(well);

  stateOf(placeIn(scene)).zones = ["b", "c", "d"];
  await edit(scene, 62);
  expect(subnets(scene)).toEqual(before);
  const { conditions } = await scene.status();
  expect(conditions).toContainEqual(
    expect.objectContaining({ type: "Stalled", status: "True", reason: "ChangeSetRiskier" }),
  );
  expect(conditions.find(({ type }) => type === "Stalled")?.message).toContain("AppSubnet1");

  isRefused = false;
  await edit(scene, 63);
  expect(subnets(scene)).toEqual(before);
  expect(await reasons(scene)).toEqual(well);
});
