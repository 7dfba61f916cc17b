import { expect, test } from "vitest";
import { render } from "../../src/render.ts";

const rendered = (more: string) =>
  render(
    {
      files: ["compose.yaml"],
      projectDirectory: ".",
      projectName: "app",
      contents: new Map([
        [
          "compose.yaml",
          `services: { web: { image: "web:1" } }\nx-vpc: {}\nx-cluster: { Lookup: shared }\n${more}`,
        ],
        [".env", undefined],
      ]),
      variables: new Map(),
      profiles: [],
      dialect: "composex",
    },
    {
      application: "app",
      environment: "test",
      layout: "per-service",
      prefix: "trueup",
      target: { account: "123456789012", region: "eu-west-1" },
    },
  );

test("what has to be looked up is asked for", () => {
  expect(rendered("")).toMatchObject({
    kind: "lookups",
    lookups: [{ lookup: { id: "x-cluster" } }],
  });
});

test("and is no mistake of the file beside one that is", () => {
  const { diagnostics } = rendered("x-sqz: {}\n") as {
    readonly diagnostics: readonly { readonly code: string }[];
  };
  expect(diagnostics.map(({ code }) => code)).not.toContain("lookup-unanswered");
  expect(diagnostics.map(({ code }) => code)).toContain("unknown-key");
});

test("what is warned of is told beside the mistake that may come of it", () => {
  const unset = `x-sqs: { q: { Properties: { DelaySeconds: "\${DELAY}" } } }\n`;
  const { diagnostics } = rendered(unset) as {
    readonly diagnostics: readonly { readonly message: string; readonly severity: string }[];
  };
  const said = (severity: string) =>
    diagnostics.filter((one) => one.severity === severity).map(({ message }) => message);
  expect(said("error")).not.toEqual([]);
  expect(said("warning").join("\n")).toMatch(/DELAY/);
});

test("what the file names itself is known before it is answered", () => {
  const queue = "x-sqs: { jobs: { Properties: { QueueName: jobs } } }\n";
  expect(rendered(queue)).toMatchObject({
    kind: "lookups",
    names: [{ type: "AWS::SQS::Queue", name: "jobs" }],
  });
});
