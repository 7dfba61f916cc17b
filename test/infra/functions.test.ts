import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { cli, lambda } from "../../scripts/build.ts";
import { functions } from "../../src/functions.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { functionsOf, having, template } from "./template.ts";

describe("the functions of the template", () => {
  test("are all there are, each with its own handler", () => {
    const handlers = functionsOf.map(({ Properties }) => Properties.Handler);
    const made = Object.keys(functions({} as Ports));
    expect(handlers.toSorted()).toEqual(made.map((name) => `main.${name}`).toSorted());
  });

  test("are bundled as `npm run build` bundles them", () => {
    for (const { Metadata } of functionsOf) {
      expect(Metadata).toEqual({
        BuildMethod: "esbuild",
        BuildProperties: {
          EntryPoints: lambda.entryPoints,
          Format: lambda.format,
          OutExtension: [".js=.mjs"],
          MainFields: lambda.mainFields.join(","),
          Banner: [`js=${lambda.banner.js}`],
          Target: lambda.target,
          Minify: false,
          Sourcemap: false,
        },
      });
    }
  });

  test("are given every variable that the program reads", () => {
    const read = readFileSync("src/aws/installation.ts", "utf8").matchAll(
      /variable\("(TRUEUP_\w+)"\)/g,
    );
    const names = [...read].map(([, name]) => name);
    const reconcile = functionsOf.find(({ name }) => name === "ReconcileFunction");
    const given = having("Variables", [template.Globals, reconcile]).flatMap(({ Variables }) =>
      Object.keys(Variables as object),
    );
    expect(given.toSorted()).toEqual(names.toSorted());
  });
});

describe("the queue", () => {
  const { Globals, Resources } = template;
  const propertiesOf = (name: string) => Resources[name]?.Properties ?? {};
  const reconcile = propertiesOf("ReconcileFunction");
  const queue = propertiesOf("Queue");

  test("keeps a key for six timeouts after a crash, and gives it up after five", () => {
    // Of which it keeps fifteen: no call is begun in them.
    expect(reconcile.Timeout).toBe(60);
    expect(queue.VisibilityTimeout).toBe(6 * Number(reconcile.Timeout));
    expect(queue.RedrivePolicy).toMatchObject({ maxReceiveCount: 5 });
    expect([queue.FifoQueue, propertiesOf("DeadLetterQueue").FifoQueue]).toEqual([true, true]);
  });

  test("is read in batches whose items fail by themselves", () => {
    expect(having("BatchSize", reconcile.Events)).toMatchObject([
      { BatchSize: 10, FunctionResponseTypes: ["ReportBatchItemFailures"] },
    ]);
    // What is not taken from the queue is not counted as taken; what a function refuses would be.
    expect(having("MaximumConcurrency", reconcile.Events)).toHaveLength(1);
    expect(having("ReservedConcurrentExecutions", template)).toEqual([]);
  });

  test("of lost events is a standard one, which is all that Lambda can send to", () => {
    const { Destination } = having("Destination", Globals.Function)[0] ?? {};
    expect(Destination).toEqual({ GetAtt: "EventDeadLetterQueue.Arn" });
    expect(propertiesOf("EventDeadLetterQueue").FifoQueue).toBeUndefined();
  });
});

describe("an alarm", () => {
  const alarms = Object.entries(template.Resources).filter(
    ([, { Type }]) => Type === "AWS::CloudWatch::Alarm",
  );

  test("tells whom the installation names", () => {
    expect(alarms.map(([name]) => name).sort()).toEqual([
      "DeadLetterAlarm",
      "EventDeadLetterAlarm",
      "LeakAlarm",
      "WaitingAlarm",
    ]);
    const actions = ["HasAlarmTopic", [{ Ref: "AlarmTopic" }], []];
    for (const [, { Properties }] of alarms)
      expect([...(Properties.AlarmActions as readonly unknown[])]).toEqual(actions);
  });

  test("is given for each queue", () => {
    const watched = having("Dimensions", alarms).map(({ Dimensions }) => Dimensions);
    const queues = Object.entries(template.Resources).filter(
      ([, { Type }]) => Type === "AWS::SQS::Queue",
    );
    expect(watched).toHaveLength(queues.length);
    for (const [name] of queues)
      expect(watched).toContainEqual([
        { Name: "QueueName", Value: { GetAtt: `${name}.QueueName` } },
      ]);
  });
});

describe("a bundle", () => {
  // Where a bundle finds the packages that it does not hold.
  const directory = mkdtempSync(join("node_modules", ".build-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  const ran = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, args, { env: { AWS_REGION: "eu-west-1" } });

  test("for Lambda holds the controller and nothing of the sandbox or its data", async () => {
    const outfile = join(directory, lambda.outfile);
    const { metafile } = await build({ ...lambda, outfile });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs).toContain("src/reconcile/reconcile.ts");
    const others = /src\/(?:(?:sandbox|cli)\/|aws\/desk-sdk)|client-iam|aws-service-spec/;
    expect(inputs.filter((path) => others.test(path))).toEqual([]);
    expect(await ran(outfile)).toMatchObject({ stderr: "", stdout: "" });
  });

  test("for a desk runs by itself", async () => {
    const outdir = join(directory, cli.outdir);
    await build({ ...cli, outdir });
    const { stdout } = await ran(join(outdir, "main.mjs"), "--help");
    expect(stdout).toContain("trueup");
  });
});
