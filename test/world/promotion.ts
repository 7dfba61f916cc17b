import type { EnvironmentStatus } from "../../src/model/status.ts";
import { type Options, type TestWorld, testWorld } from "./world.ts";

// Two environments of one application, of which `prod` takes what `test` has verified.

const url = (name: string) => `"\${outputs.${name}}/"`;
const page = `[{ http: { url: ${url("PublicUrl")}, match: ok, retries: 1 } }]`;

/** `trueup.yaml`. `status`: what app01 answers in prod alone. */
export const trueup = ({ approval = "", prod = "", status = 200 } = {}) => `application: myapps
compose: [docker-compose.yml]
environments:
  test:
    on: { branch: main }
    compose: [envs/dev.yml]
    verify: ${page}
  prod:
    from: test
    compose: [envs/dev.yml]
    verify: ${page}
    variables: { STATUS: "${status}" }
${approval === "" ? "" : `    approval: ${approval}\n`}${prod}`;

export const hour = (scene: TestWorld) => scene.driver.settle({ at: scene.world.now + 3_600_000 });

export const withStatus = (text: string, status: string) =>
  text.replace(
    /(?:SANDBOX_HTTP_STATUS: .*\n {6})?LOG_LEVEL/,
    `SANDBOX_HTTP_STATUS: ${status}\n      LOG_LEVEL`,
  );

export async function began(file: string, options: Options = {}): Promise<TestWorld> {
  const scene = testWorld(options);
  await scene.pushExample();
  const text = await scene.read("docker-compose.yml");
  await scene.push({
    "trueup.yaml": file,
    "docker-compose.yml": withStatus(text, `"\${STATUS:-200}"`),
  });
  await scene.register();
  await hour(scene);
  return scene;
}

export const push = async (scene: TestWorld, files: Readonly<Record<string, string>>) => {
  const revision = await scene.push(files);
  await hour(scene);
  return revision;
};

/** Any other revision of the compose file. */
export const edited = async (scene: TestWorld) => {
  const text = await scene.read("docker-compose.yml");
  return text.replace(/VisibilityTimeout: (\d+)/, (_, was) => `VisibilityTimeout: ${+was + 1}`);
};

export async function statusOf(scene: TestWorld, environment: string): Promise<EnvironmentStatus> {
  const Name = `/trueup/myapps/${environment}/status`;
  const { Parameter } = (await scene.ask("ssm:GetParameter", { Name })) as {
    readonly Parameter: { readonly Value: string };
  };
  return JSON.parse(Parameter.Value);
}

export const said = async (scene: TestWorld, environment: string) => {
  const { conditions, revision } = await statusOf(scene, environment);
  const words = conditions.filter(({ type }) => !["Healthy", "Reconciling"].includes(type));
  return [
    revision.deployed ?? "nothing",
    ...words.map(({ reason, status, type }) => `${type}=${status} ${reason}`),
  ];
};

export const approve = async (scene: TestWorld) => {
  const { digest } = await statusOf(scene, "prod");
  const Value = JSON.stringify({ digest: digest.plan, reason: "as agreed" });
  const Name = "/trueup/myapps/prod/approval";
  await scene.ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
  await hour(scene);
};

export const good = ["Ready=True Deployed", "Verified=True Passed"];
