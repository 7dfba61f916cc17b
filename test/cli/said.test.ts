import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { check } from "../../src/cli/check.ts";
import { render } from "../../src/cli/render.ts";
import type { TerminalError } from "../../src/model/errors.ts";
import { faults } from "../faults.ts";
import { quietIn } from "./quiet.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "trueup-said-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

const compose = "services: { web: { image: public.ecr.aws/nginx/nginx:1.27 } }\n";

/** A repository whose environment says one thing more, beside what is at home. */
function write(said: string, files: Readonly<Record<string, string>> = {}): void {
  const yaml = `application: shop\nenvironments:\n  dev:\n    on: { branch: main }\n    ${said}\n`;
  const all = { "compose.yaml": compose, "trueup.yaml": yaml, ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/** What is rendered with the answers of a file. */
async function rendered(answers: object): Promise<string> {
  writeFileSync(join(directory, "answers.json"), JSON.stringify(answers));
  const out: string[] = [];
  await render.run(["--lookups", "answers.json"], quietIn(directory, {}, out));
  return out.join("\n");
}

/** `line:column path message` of all that is wrong with it. */
const wrongWith = (answers: object): Promise<readonly string[]> =>
  rendered(answers).then(
    () => [],
    (error: TerminalError) =>
      error.diagnostics.map(
        ({ column, file, line, message, path }) => `${file}:${line}:${column} ${path} ${message}`,
      ),
  );

describe("a file of parameters", () => {
  const given = JSON.stringify({
    Parameters: { VpcId: "ssm:/trueup/shared/vpc", AppSubnets: "subnet-1,ssm:/trueup/shared/b" },
  });

  test("may name what Parameter Store has", async () => {
    write("parameters: params/dev.json", { "params/dev.json": given });
    const text = await rendered({
      "ssm:/trueup/shared/vpc": { Value: "vpc-0456" },
      "ssm:/trueup/shared/b": { Value: "subnet-2" },
    });
    expect(text).toContain("vpc-0456");
    expect(text).toContain("subnet-2");
    expect(text).not.toContain("ssm:");
  });

  test("has stand-ins where nobody is asked", async () => {
    write("parameters: params/dev.json", { "params/dev.json": given });
    const out: string[] = [];
    await render.run(["--lookups", "placeholder"], quietIn(directory, {}, out));
    expect(out.join("\n")).toContain("vpc-00000000");
    expect(out.join("\n")).not.toContain("ssm:");
  });

  test("that is not there is told where it is named", async () => {
    write("parameters: params/dev.json");
    expect(await wrongWith({})).toEqual([
      "trueup.yaml:5:17 environments.dev.parameters there is no file params/dev.json",
    ]);
  });
});

describe("what Parameter Store has and cannot be meant", () => {
  test.for([
    ["target: { account: 'ssm:/a', region: 'ssm:/b' }", "target.account", "target.region"],
    ["parameters: { VpcId: 'ssm:/a', AppSubnets: 'ssm:/b' }", "parameters.VpcId"],
  ])("is refused as the controller refuses it: %s", async ([said = "", ...paths]) => {
    write(said);
    const found = await wrongWith({ "ssm:/a": { Value: "of prod" }, "ssm:/b": { Value: "b" } });
    expect(found.map((line) => line.split(" ")[1])).toEqual(
      paths.map((path) => `environments.dev.${path}`),
    );
  });
});

test("what others hand out is a value", async () => {
  write("parameters: { from: platform/prod }");
  await expect(rendered({ parameters: { VpcId: "vpc 1" } })).rejects.toThrow(
    "answers.json: VpcId is not a value: write one word, or several with commas between",
  );
});

test("a folder is no file of answers", async () => {
  write("selfHeal: report");
  mkdirSync(join(directory, "folder"));
  const run = render.run(["--lookups", "folder"], quietIn(directory, {}, []));
  await expect(run).rejects.toThrow("There is no file folder.");
});

test("what is asked for too long ahead hides nothing else", async () => {
  write("allow: [{ replace: a.b, until: 9999-12-31 }]", {
    "compose.yaml": compose.replace("image:", "imag:"),
  });
  const out: string[] = [];
  expect(await check.run(["--offline"], quietIn(directory, {}, out))).toBe(2);
  expect(out.join("\n")).toContain("is more than 30 days ahead");
  expect(out.join("\n")).toContain("services.web");
});

describe("what is verified", () => {
  const wrong = async (verify: string): Promise<readonly string[]> => {
    write(`verify: [${verify}]`, { "compose.yaml": `${compose}x-vpc: { Properties: {} }\n` });
    const out: string[] = [];
    const status = await check.run(["--offline"], quietIn(directory, {}, out));
    const failed = out.filter((line) => line.startsWith("failed"));
    const printed: string[] = [];
    await check.run(["--offline", "--json"], quietIn(directory, {}, printed));
    expect(faults("check", JSON.parse(printed[0] ?? ""))).toEqual([]);
    expect(status).toBe(failed.length === 0 ? 0 : 1);
    return failed;
  };

  test("has to be there once it is deployed", async () => {
    const checks = `{ task: { service: wbe } }, { http: { url: '\${outputs.PublicUrl}/' } }`;
    const at = (index: number) => `environments.dev.verify[${index}]`;
    expect(await wrong(checks)).toEqual([
      expect.stringContaining(`trueup.yaml:5:14  ${at(0)}  there is no service wbe; there are web`),
      expect.stringContaining(`trueup.yaml:5:42  ${at(1)}  there is no outputs.PublicUrl; there`),
    ]);
  });

  test("may be what is there", async () => {
    const checks = `{ task: { service: web, command: ['\${revision}'] } }`;
    expect(await wrong(checks)).toEqual([]);
  });
});
