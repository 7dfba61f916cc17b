import { readFileSync } from "node:fs";
import type { EnvironmentStatus } from "../../src/model/status.ts";
import { callsOf } from "../../src/sandbox/in-process.ts";
import { type Options, type TestWorld, testWorld } from "./world.ts";

// The three accounts of the tutorial: tools, where the controller, the repository and the images are;
// development, where each revision is tested; production, in another region.

export const tools = "123456789012";
export const development = "222222222222";
export const production = "333333333333";
const home = "eu-west-1";
const regions = { [development]: home, [production]: "us-east-1" };

const rolesOf = (account: string) => ({
  role: `arn:aws:iam::${account}:role/trueup-deployer`,
  cloudformationRole: `arn:aws:iam::${account}:role/trueup-cfn`,
});

const targetOf = (account: keyof typeof regions) => ({
  account,
  region: regions[account],
  ...rolesOf(account),
  externalId: "myapps",
  permissionsBoundary: `arn:aws:iam::${account}:policy/trueup-boundary`,
});

export const files = {
  application: "myapps",
  compose: ["docker-compose.yml"],
  environments: {
    test: {
      on: { branch: "main" },
      ephemeral: { ttl: "2h" },
      compose: ["envs/dev.yml"],
      target: targetOf(development),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: trueup.yaml's own.
      verify: [{ http: { url: "${outputs.PublicUrl}/", match: "ok", retries: 1 } }],
    },
    prod: {
      from: "test",
      compose: ["envs/dev.yml"],
      approval: "manual",
      target: targetOf(production),
    },
  },
};

/** As the root of an account. */
const asRoot = (scene: TestWorld, account: string, region = home) =>
  callsOf(scene.world, { account, region, arn: `arn:aws:iam::${account}:root` });

interface Setting extends Options {
  /** Accounts without roles, so that nobody can get in. */
  readonly without?: readonly string[];
  /** Whether events of other accounts are forwarded. */
  readonly forwards?: boolean;
  /** Whether other accounts may pull images. */
  readonly shares?: boolean;
  readonly file?: object;
}

/** Everything set up as `docs/accounts.md` says, and the first revision pushed. */
export async function begun(setting: Setting = {}): Promise<TestWorld> {
  const { file = files, forwards = true, shares = true, without = [], ...options } = setting;
  const scene = testWorld({ ...options, targets: [development, production] });
  for (const [account, region] of Object.entries(regions)) {
    if (!without.includes(account)) await giveRoles(scene, account);
    if (forwards) {
      await deploy(scene, "forward", { account, region, parameters: { ControllerRegion: home } });
    }
  }
  await hours(scene, 1);
  await scene.pushExample();
  if (shares) await shareImages(scene);
  await scene.push({ "trueup.yaml": JSON.stringify(file) });
  await scene.register({
    accounts: [development, production],
    regions: [home, "us-east-1"],
    roles: [development, production].flatMap((account) => Object.values(rolesOf(account))),
  });
  return scene;
}

/** The roles of an account, by the template that says what they may do. */
export const giveRoles = (scene: TestWorld, account: string): Promise<unknown> =>
  deploy(scene, "target-roles", { account, region: home, parameters: { ExternalId: "myapps" } });

interface Where {
  readonly account: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
}

function deploy(scene: TestWorld, name: string, { account, parameters, region }: Where) {
  const given = Object.entries({ ...parameters, ControllerAccount: tools });
  return asRoot(
    scene,
    account,
    region,
  )("cloudformation:CreateStack", {
    StackName: name,
    TemplateBody: readFileSync(new URL(`../../infra/${name}.yaml`, import.meta.url), "utf8"),
    Capabilities: ["CAPABILITY_NAMED_IAM"],
    Parameters: given.map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
  });
}

async function shareImages(scene: TestWorld): Promise<void> {
  const pull = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
  ];
  const AWS = [development, production].map((account) => `arn:aws:iam::${account}:root`);
  const policyText = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS }, Action: pull }],
  });
  for (const repositoryName of ["blog-app-01", "blog-app-02", "blog-worker"]) {
    await scene.ask("ecr:SetRepositoryPolicy", { repositoryName, policyText });
  }
}

export const hours = (scene: TestWorld, count: number) =>
  scene.driver.settle({ at: scene.world.now + count * 3_600_000 });

export async function statusOf(scene: TestWorld, environment: string): Promise<EnvironmentStatus> {
  const Name = `/trueup/myapps/${environment}/status`;
  const { Parameter } = (await scene.ask("ssm:GetParameter", { Name })) as {
    readonly Parameter: { readonly Value: string };
  };
  return JSON.parse(Parameter.Value);
}

/** `Type=Status Reason: message` of what is said of an environment. */
export const said = async (scene: TestWorld, environment: string): Promise<readonly string[]> =>
  (await statusOf(scene, environment)).conditions.map(
    ({ message, reason, status, type }) => `${type}=${status} ${reason}: ${message}`,
  );

/** The stacks of environments that an account has in a region. */
export async function stacksIn(scene: TestWorld, account: string, region = home) {
  const { Stacks } = (await asRoot(
    scene,
    account,
    region,
  )("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly {
      readonly StackName: string;
      readonly StackStatus: string;
      readonly RoleARN?: string;
    }[];
  };
  return Stacks.filter(({ StackName }) => StackName.startsWith("trueup-myapps-"));
}

export async function approve(scene: TestWorld): Promise<void> {
  const { digest } = await statusOf(scene, "prod");
  const Value = JSON.stringify({ digest: digest.plan, reason: "as agreed" });
  const Name = "/trueup/myapps/prod/approval";
  await scene.ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
}
