import { beforeEach, expect, test } from "vitest";
import { failResource } from "../../src/sandbox/cloudformation/faults.ts";
import { type TestWorld, testWorld } from "./world.ts";

// Cloud Map does not delete a service while instances of tasks that have ended are still in it.

const image =
  "123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-worker:1.0.0@sha256:00b7e6e3d6525c73b88c252ae5f12e80cfb3c7d9db750c71c1ed714595f4c9d5";
const compose = (...names: readonly string[]): string => `
services:
${names.map((name) => `  ${name}: { image: "${image}", ports: ["80"], x-network: { x-cloudmap: private } }`).join("\n")}
x-cloudmap:
  private: { Name: shop.internal }
`;

let scene: TestWorld;

beforeEach(async () => {
  scene = testWorld();
  await scene.pushExample();
  const settings = "application: myapps\nenvironments:\n  dev: { on: { branch: main } }\n";
  await scene.push({ "docker-compose.yml": compose("api", "web"), "trueup.yaml": settings });
  await scene.register();
  await scene.settle();
  expect(await said()).toContain("Ready=True Deployed");
});

const said = async () =>
  (await scene.status()).conditions.map(
    ({ reason, status, type }) => `${type}=${status} ${reason}`,
  );

const clings = (type: string, times: number): void => {
  const context = { world: scene.world, account: "123456789012", region: "eu-west-1" };
  const reason = "Resource handler returned message: Service contains registered instances";
  failResource({ ...context, principal: "" }, { type, on: "delete", reason, times });
};

const leave = async () => {
  await scene.push({ "docker-compose.yml": compose("web") });
  await scene.settle();
};

const deletions = () =>
  scene.mutations().filter((one) => one === "cloudformation:DeleteStack").length;

test("a service that leaves while Cloud Map still lists its tasks is gone in the end", async () => {
  clings("AWS::ServiceDiscovery::Service", 3);
  await leave();
  expect(await said()).toContain("Ready=True Deployed");
  expect(deletions()).toBe(4);
});

test("five more tries a minute apart are enough, and then a person is asked", async () => {
  clings("AWS::ServiceDiscovery::Service", 100);
  const begun = scene.world.now;
  await leave();
  expect(await said()).toContain("Stalled=True StackStuck");
  expect(deletions()).toBe(6);
  expect(scene.world.now - begun).toBeGreaterThan(5 * 60_000);
  await scene.driver.settle({ at: scene.world.now + 7_200_000 });
  expect(deletions()).toBe(6);
});

test("whatever else cannot be deleted is for people at once", async () => {
  clings("AWS::ECS::Service", 1);
  await leave();
  expect(await said()).toContain("Stalled=True StackStuck");
  expect(deletions()).toBe(1);
});
