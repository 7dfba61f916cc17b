import { beforeEach, expect, test } from "vitest";
import { type TestWorld, testWorld } from "./world.ts";

// Whoever can push says in `x-iam` what a task may do: what bounds it is not theirs to say.

let scene: TestWorld;

beforeEach(() => {
  scene = testWorld();
});

/** The boundary of each role that the stacks of `dev` have. */
async function boundaries(): Promise<readonly unknown[]> {
  const { stacks } = await scene.status();
  const templates = await Promise.all(
    stacks.map(({ name: StackName }) => scene.ask("cloudformation:GetTemplate", { StackName })),
  );
  return templates
    .map((answer) => JSON.parse((answer as { readonly TemplateBody: string }).TemplateBody))
    .flatMap(({ Resources }) => Object.values(Resources as Readonly<Record<string, Resource>>))
    .filter(({ Type }) => Type === "AWS::IAM::Role")
    .map(({ Properties }) => Properties.PermissionsBoundary);
}

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly PermissionsBoundary?: unknown };
}

const installed = "arn:aws:iam::123456789012:policy/trueup-boundary";

test("every role has the boundary that the installation makes", async () => {
  await scene.pushExample();
  await scene.register();
  await scene.settle();
  const found = await boundaries();
  expect(found.length).toBeGreaterThan(2);
  expect(new Set(found)).toEqual(new Set([installed]));
});

test("one that a compose file names is not used", async () => {
  await scene.pushExample();
  const text = await scene.read("docker-compose.yml");
  await scene.push({
    "docker-compose.yml": text.replace(
      "x-iam: #",
      "x-iam:\n      PermissionsBoundary: arn:aws:iam::aws:policy/AdministratorAccess #",
    ),
  });
  await scene.register();
  await scene.settle();
  expect(new Set(await boundaries())).toEqual(new Set([installed]));
});
