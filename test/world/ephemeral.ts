import type { EnvironmentStatus } from "../../src/model/status.ts";
import { instanceOfRevision } from "../../src/promote/instance.ts";
import { type Options, type TestWorld, testWorld } from "./world.ts";

const compose = (more: string): string => `
services:
  web:
    image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-app-01:1.0.0
${more}`;

/** A bucket that keeps versions, and so is hard to get rid of. */
const bucket = `x-s3:
  uploads:
    Properties: { VersioningConfiguration: { Status: Enabled } }
    Services: { web: { Access: { objects: RW } } }
`;

export interface Setting extends Options {
  readonly ephemeral?: object;
  readonly on?: object;
  readonly more?: string;
  readonly notify?: object;
}

/** A world with an ephemeral environment `test`, its first revision pushed. */
export async function begun({ ephemeral, more = bucket, notify, on, ...options }: Setting = {}) {
  const scene = testWorld(options);
  await scene.pushExample();
  const environment = { on: on ?? { branch: "main" }, ephemeral: ephemeral ?? { ttl: "2h" } };
  const yaml = JSON.stringify({
    application: "myapps",
    notify,
    environments: { test: environment },
  });
  const revision = await scene.push({ "trueup.yaml": yaml, "docker-compose.yml": compose(more) });
  await scene.register();
  return { scene, revision };
}

/** Another revision, which differs in what its task is given. */
export const pushNext = (scene: TestWorld, value: number): Promise<string> =>
  scene.push({ "docker-compose.yml": compose(`    environment: { N: "${value}" }\n${bucket}`) });

export const instanceOf = (revision: string): string => instanceOfRevision("main", revision);

export const minutes = (scene: TestWorld, count: number): Promise<boolean> =>
  scene.driver.settle({ at: scene.world.now + count * 60_000 });

interface Described {
  readonly StackName: string;
  readonly StackStatus: string;
  readonly StackId: string;
}

/** Every stack that is there: its instance and unit, and its status. */
export async function stacksOf(scene: TestWorld): Promise<readonly string[]> {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly Described[];
  };
  return Stacks.map(({ StackName }) => StackName.slice("trueup-myapps-test-".length, -9)).sort();
}

/** What CloudFormation made for an instance and has not deleted, by type. */
export async function bucketOf(scene: TestWorld, instance: string): Promise<string> {
  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly Described[];
  };
  const base = Stacks.find(({ StackName }) => StackName.includes(`${instance}-base`));
  const { StackResourceSummaries } = (await scene.ask("cloudformation:ListStackResources", {
    StackName: base?.StackName,
  })) as { readonly StackResourceSummaries: readonly Record<string, string>[] };
  const found = StackResourceSummaries.find(
    ({ ResourceType }) => ResourceType === "AWS::S3::Bucket",
  );
  return found?.PhysicalResourceId ?? "";
}

export async function statusOf(
  scene: TestWorld,
  instance?: string,
): Promise<EnvironmentStatus | undefined> {
  const name = instance === undefined ? "test" : `test.${instance}`;
  try {
    const { Parameter } = (await scene.ask("ssm:GetParameter", {
      Name: `/trueup/myapps/${name}/status`,
    })) as { readonly Parameter: { readonly Value: string } };
    return JSON.parse(Parameter.Value);
  } catch {
    return undefined;
  }
}

export const reasonsOf = async (scene: TestWorld, instance?: string) =>
  (await statusOf(scene, instance))?.conditions.map(({ reason, type }) => `${type} ${reason}`) ??
  [];
