import { expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

// Leave for one table ends with that table.

const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-app-01:1.0.0";
const compose = (key: string) => `services:
  web: { image: "${image}" }
x-dynamodb:
  orders:
    Properties:
      AttributeDefinitions: [{ AttributeName: ${key}, AttributeType: S }]
      KeySchema: [{ AttributeName: ${key}, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
    Services: { web: { Access: RW } }
`;
const trueup = (from?: string, until = "2026-01-20") => `application: myapps
environments:
  dev:
    on: { branch: main }
    allow: [${from === undefined ? "" : `{ replace: x-dynamodb.orders, from: ${from}, until: ${until} }`}]
`;

const pushed = async (scene: TestWorld, key: string, ...leave: string[]): Promise<string> => {
  const files = { "trueup.yaml": trueup(...leave), "docker-compose.yml": compose(key) };
  const revision = await scene.push(files);
  await scene.settle();
  return revision;
};

const tableOf = async (scene: TestWorld): Promise<string> => {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string }[];
  };
  const StackName = Stacks.find((one) => one.StackName.includes("-base-"))?.StackName;
  const { StackResourceSummaries: all } = (await scene.ask("cloudformation:ListStackResources", {
    StackName,
  })) as { readonly StackResourceSummaries: readonly Readonly<Record<string, string>>[] };
  return all.find((one) => one.ResourceType === "AWS::DynamoDB::Table")?.PhysicalResourceId ?? "";
};

const said = async (scene: TestWorld) => (await scene.status()).conditions[0]?.reason;

test("a table is replaced by leave for it, and the one that takes its place is not", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await pushed(scene, "id");
  await scene.register();
  await scene.settle();
  const first = await tableOf(scene);

  await pushed(scene, "sku");
  expect(await said(scene)).toBe("DataAtRisk");
  await pushed(scene, "sku", "another");
  expect(await said(scene)).toBe("DataAtRisk");
  const { conditions } = await scene.status();
  expect(conditions[0]?.message).toContain(`allow names another, and this is ${first}.`);
  await pushed(scene, "sku", first);
  expect(await said(scene)).toBe("Deployed");
  const second = await tableOf(scene);
  expect(second).not.toBe(first);

  await pushed(scene, "id", first);
  expect(await said(scene)).toBe("DataAtRisk");
  expect(await tableOf(scene)).toBe(second);
  await pushed(scene, "id", "any");
  expect(await said(scene)).toBe("Deployed");
});

test("leave without end is none, whichever revision it comes with", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await pushed(scene, "id");
  await scene.register();
  await scene.settle();
  const first = await tableOf(scene);

  const revision = await pushed(scene, "sku", "any", "2099-01-01");
  expect(await said(scene)).toBe("NotPermitted");
  await pushed(scene, "id");
  const Value = JSON.stringify({ revision, reason: "as it was" });
  await scene.ask("ssm:PutParameter", { Name: "/trueup/myapps/dev/hold", Value, Type: "String" });
  await scene.settle();
  expect(await said(scene)).toBe("NotPermitted");
  expect((await scene.status()).revision.desired).toBe(revision);
  expect(await tableOf(scene)).toBe(first);
});
