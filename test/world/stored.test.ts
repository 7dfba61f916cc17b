import { describe, expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

const account = "123456789012";

const file = (target: string) => `application: myapps
compose: [docker-compose.yml]
variables: { LOG_LEVEL: "ssm:/trueup/shared/log-level" }
environments:
  dev:
    on: { branch: main }
    compose: [envs/dev.yml]
    target: { ${target} }
`;

const put = (scene: TestWorld, Name: string, Value: string, Type = "String") =>
  scene.ask("ssm:PutParameter", { Name, Value, Type, Overwrite: true });

const hours = (scene: TestWorld, count: number) =>
  scene.driver.settle({ at: scene.world.now + count * 3_600_000 });

async function began(target: string, ssm: readonly string[], values: object): Promise<TestWorld> {
  const scene = testWorld();
  for (const [name, value] of Object.entries(values)) await put(scene, name, value);
  await scene.pushExample();
  await scene.push({ "trueup.yaml": file(target) });
  await scene.register();
  const Name = "/trueup/myapps/registration";
  const { Parameter } = (await scene.ask("ssm:GetParameter", { Name })) as {
    readonly Parameter: { readonly Value: string };
  };
  await put(scene, Name, JSON.stringify({ ...JSON.parse(Parameter.Value), ssm }));
  await hours(scene, 1);
  return scene;
}

const here = 'account: "ssm:/shared/accounts/dev", region: ssm:/trueup/shared/region';
const values = {
  "/shared/accounts/dev": account,
  "/trueup/shared/region": "eu-west-1",
  "/trueup/shared/log-level": "debug",
};

const said = async (scene: TestWorld) =>
  (await scene.status()).conditions
    .filter(({ status, type }) => type === "Ready" || (type === "Stalled" && status === "True"))
    .map(({ message, reason, type }) => `${type} ${reason}: ${message}`);

/** What containers are told. */
async function levels(scene: TestWorld): Promise<readonly string[]> {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string }[];
  };
  const texts = Stacks.map(async ({ StackName }) => {
    const found = await scene.ask("cloudformation:GetTemplate", { StackName });
    return (found as { readonly TemplateBody: string }).TemplateBody;
  });
  const found = (await Promise.all(texts)).flatMap((text) => [
    ...text.matchAll(/"Name":"LOG_LEVEL","Value":"(\w+)"/g),
  ]);
  return [...new Set(found.map(([, level = ""]) => level))];
}

describe("what Parameter Store holds", () => {
  test("says where an environment is, and what its files are told", async () => {
    const scene = await began(here, ["/shared/accounts/dev"], values);
    expect(await said(scene)).toEqual([expect.stringMatching(/^Ready Deployed/)]);
    expect(await levels(scene)).toEqual(["debug"]);
  });

  test("is taken once a revision: what becomes of it moves nothing by itself", async () => {
    const scene = await began(here, ["/shared/accounts/dev"], values);
    const before = scene.mutations().length;
    await put(scene, "/trueup/shared/log-level", "trace");
    await put(scene, "/shared/accounts/dev", "999999999999");
    await hours(scene, 2);
    expect(scene.mutations()).toHaveLength(before);
    expect(await said(scene)).toEqual([expect.stringMatching(/^Ready Deployed/)]);

    // The next commit takes it anew: and may go where nobody allows it to.
    await scene.push({ "README.md": "a change\n" });
    await hours(scene, 1);
    expect((await said(scene)).at(-1)).toMatch(
      /^Stalled NotPermitted: trueup.yaml:8:\d+ .*does not allow `999999999999`/,
    );
    expect(scene.mutations()).toHaveLength(before);

    await put(scene, "/shared/accounts/dev", account);
    await scene.push({ "README.md": "another\n" });
    await hours(scene, 1);
    expect(await said(scene)).toEqual([expect.stringMatching(/^Ready Deployed/)]);
    expect(await levels(scene)).toEqual(["trace"]);
  });

  test.for<[string, readonly string[], object, RegExp]>([
    ["what the registration does not list", [], values, /NotPermitted: .*\/shared\/accounts\/dev/],
    [
      "what is not there",
      ["/shared/accounts/dev"],
      { ...values, "/shared/accounts/dev": undefined },
      /ParametersUnknown: trueup.yaml:8:\d+ .*there is no parameter `\/shared\/accounts\/dev`/,
    ],
    [
      "what is no account",
      ["/shared/accounts/dev"],
      { ...values, "/shared/accounts/dev": "production" },
      /ParametersUnknown: trueup.yaml:8:\d+ .*what the parameter holds is not an account id/,
    ],
  ])("%s is refused, and nothing is done", async ([, ssm, given, why]) => {
    const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
    const scene = await began(here, ssm, known);
    expect((await said(scene)).at(-1)).toMatch(why);
    expect(scene.mutations().filter((one) => one.startsWith("cloudformation:"))).toEqual([]);
    expect(JSON.stringify(await scene.status())).not.toContain('"production"');
  });

  test("a secret is not read", async () => {
    const scene = testWorld();
    await put(scene, "/trueup/shared/log-level", "hunter2", "SecureString");
    await scene.pushExample();
    await scene.push({ "trueup.yaml": file(`account: "${account}"`) });
    await scene.register();
    await hours(scene, 1);
    expect((await said(scene)).at(-1)).toMatch(
      /^Stalled ParametersUnknown: trueup.yaml:3:\d+ .*is a SecureString, which is not read/,
    );
    expect(JSON.stringify(scene.log)).not.toContain("hunter2");
  });
});
