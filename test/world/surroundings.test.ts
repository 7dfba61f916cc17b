import { afterEach, beforeEach, expect, test } from "vitest";
import { testWorld } from "./world.ts";

// What runs the controller has an environment and credentials of its own: no file that somebody
// pushes is ever told of them.

const hidden = { AWS_SECRET_ACCESS_KEY: "not-for-you", TRUEUP_BUCKET: "nor-this" };
const before = Object.keys(hidden).map((name) => [name, process.env[name]] as const);

beforeEach(() => {
  Object.assign(process.env, hidden);
});

afterEach(() => {
  for (const [name, value] of before)
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
});

test("nothing of the function's own environment gets into what a file asks for", async () => {
  const scene = testWorld();
  await scene.pushExample();
  await scene.register();
  await scene.push({
    ".env": `FROM_FILE=\${AWS_SECRET_ACCESS_KEY-unset}\n`,
    "web.env": "OF_A_FILE\nAWS_SECRET_ACCESS_KEY\n",
    "docker-compose.yml": `services:
  web:
    image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/blog-app-01:1.0.0
    env_file: web.env
    environment:
      - TRUEUP_BUCKET
      - SECRET=\${AWS_SECRET_ACCESS_KEY-unset}
      - FILED=\${FROM_FILE}
    command: ["\${TRUEUP_BUCKET:-none}"]
`,
    "trueup.yaml": "application: myapps\nenvironments:\n  dev: { on: { branch: main } }\n",
  });
  await scene.settle();
  const { conditions, stacks } = await scene.status();
  expect(conditions[0]).toMatchObject({ reason: "Deployed" });
  const StackName = stacks.find(({ name }) => name.includes("-s-web-"))?.name;
  const { TemplateBody } = (await scene.ask("cloudformation:GetTemplate", { StackName })) as {
    readonly TemplateBody: string;
  };
  expect(TemplateBody).toContain('"unset"');
  expect(TemplateBody).toContain('"none"');
  expect(TemplateBody.match(/not-for-you|nor-this/g)).toBeNull();
});
