import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { approved, tornDown, waits } from "./demo-promotion.ts";
import { otherAccounts, pushExample, type Stage, stacksIn } from "./demo-stage.ts";
import { region } from "./local-aws.ts";

const tools = "123456789012";
const { development, production } = otherAccounts;
const elsewhere = "eu-central-1";

const rolesOf = (account: string) =>
  ["trueup-deployer", "trueup-cfn"].map((name) => `arn:aws:iam::${account}:role/${name}`);

/** What a target says of its account, and how the account is named there. */
function targetOf(account: string, named = `"${account}"`): string {
  const [role, cloudformationRole] = rolesOf(account);
  return `account: ${named}
      role: ${role}
      cloudformationRole: ${cloudformationRole}
      permissionsBoundary: arn:aws:iam::${account}:policy/trueup-boundary
      externalId: myapps`;
}

const trueup = `# Built and tested in the development account; production is an account of its own.
application: myapps
compose: [docker-compose.yml]

environments:
  test:
    on: { branch: main }
    ephemeral: { ttl: 2h }
    compose: [envs/dev.yml]
    target:
      ${targetOf(development)}
    verify:
      - http: { url: "\${outputs.PublicUrl}/", match: ok, retries: 0 }
  prod:
    from: test
    approval: manual
    compose: [envs/dev.yml]
    target:
      region: ${elsewhere}
      ${targetOf(production, "ssm:/shared/accounts/prod")}
    verify:
      - http: { url: "\${outputs.PublicUrl}/", match: ok, retries: 0 }
`;

/** Tools, development, production: three accounts, in two regions. */
export async function accounts(stage: Stage): Promise<void> {
  const { show } = stage;
  show.heading("1. Two accounts let the controller in, and let it hear of their stacks");
  for (const account of [development, production]) await setUp(stage, account);
  show.heading("2. A push is tested in the development account, and production waits");
  nameProduction(stage);
  await pushExample(
    stage,
    (copy) => {
      writeFileSync(join(copy, "trueup.yaml"), trueup);
      shareImages(stage);
    },
    ceiling,
  );
  await waits(stage);
  list(stage);
  show.heading("3. A person approves the plan, and it is deployed in the production account");
  await approved(stage);
  await tornDown(stage, development);
  list(stage);
}

const ceiling: readonly string[] = [
  ...[development, production].flatMap((account) => ["--account", account]),
  ...[region, elsewhere].flatMap((place) => ["--region", place]),
  ...[development, production].flatMap(rolesOf).flatMap((role) => ["--role", role]),
  ...["--ssm", "/shared/accounts/prod"],
];

/** What `docs/accounts.md` says to do in an account. */
async function setUp(stage: Stage, account: string): Promise<void> {
  const where = account === production ? elsewhere : region;
  stage.show.command(`eval "$(trueup dev env --account ${account})"`);
  const roles = { ControllerAccount: tools, ExternalId: "myapps" };
  await deploy(stage, { account, where, name: "access-of-trueup", file: "target-roles" }, roles);
  const bus = { ControllerAccount: tools, ControllerRegion: region };
  await deploy(stage, { account, where, name: "forward-to-trueup", file: "forward" }, bus);
}

interface Deployment {
  readonly account: string;
  readonly where: string;
  readonly name: string;
  readonly file: string;
}

async function deploy(
  stage: Stage,
  { account, file, name, where }: Deployment,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const { local, show } = stage;
  const given = Object.entries(parameters);
  const overrides = given.map((pair) => pair.join("=")).join(" ");
  show.command(
    `aws cloudformation deploy --region ${where} --stack-name ${name} --template-file infra/${file}.yaml \\\n    --capabilities CAPABILITY_NAMED_IAM --parameter-overrides ${overrides}`,
  );
  const path = fileURLToPath(new URL(`../../infra/${file}.yaml`, import.meta.url));
  const input = {
    StackName: name,
    TemplateBody: readFileSync(path, "utf8"),
    Capabilities: ["CAPABILITY_NAMED_IAM"],
    Parameters: given.map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
  };
  local.world.call("cloudformation:CreateStack", input, rootOf(account, where));
  const isMade = () =>
    stacksIn(stage, account, where).some(
      ({ StackName, StackStatus }) => StackName === name && StackStatus === "CREATE_COMPLETE",
    );
  while (!isMade()) await setTimeout(100);
}

const rootOf = (account: string, where: string) => ({
  account,
  region: where,
  arn: `arn:aws:iam::${account}:root`,
});

/** The account of production is a parameter of the tools account, as the tutorial has it. */
function nameProduction({ local, show }: Stage): void {
  const parameter = { Name: "/shared/accounts/prod", Value: production, Type: "String" };
  show.command(
    `aws ssm put-parameter --name ${parameter.Name} --value ${production} --type String`,
  );
  local.world.call("ssm:PutParameter", parameter, rootOf(tools, region));
}

function shareImages({ local, show }: Stage): void {
  const AWS = [development, production].map((account) => `arn:aws:iam::${account}:root`);
  const Action = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
  ];
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS }, Action }],
  };
  for (const repositoryName of ["blog-app-01", "blog-app-02", "blog-worker"]) {
    show.command(`aws ecr set-repository-policy --repository-name ${repositoryName} …`);
    const input = { repositoryName, policyText: JSON.stringify(policy) };
    local.world.call("ecr:SetRepositoryPolicy", input, rootOf(tools, region));
  }
}

/** Which stacks of the application each account has. */
function list(stage: Stage): void {
  const { show } = stage;
  for (const [account, where] of [
    [tools, region],
    [development, region],
    [production, elsewhere],
  ] as const) {
    show.command(`aws cloudformation describe-stacks --region ${where}   # as ${account}`);
    const found = stacksIn(stage, account, where).filter(({ StackName }) =>
      StackName.startsWith("trueup-myapps-"),
    );
    const lines = found.map(
      ({ RoleARN, StackName, StackStatus }) => `${StackName}  ${StackStatus}  by ${RoleARN}`,
    );
    show.text(lines.length === 0 ? "nothing of the application" : lines.join("\n"));
  }
}
