import { load as loadYaml } from "js-yaml";
import { tierUpLate } from "../../src/cli/tiering.ts";
import { compile } from "../../src/compile/compile.ts";
import type { CompileSettings } from "../../src/compile/scope.ts";
import type { LoadInputs } from "../../src/compose/inputs.ts";
import { load } from "../../src/compose/load.ts";
import type { Project } from "../../src/compose/project.ts";
import { fetchDocuments, openSession } from "../../src/compose/session.ts";
import { bundleDigest } from "../../src/link/digests.ts";
import { cut } from "../../src/link/link.ts";
import { composeOf } from "./services.ts";

// One measurement in a process of its own: `yardstick|load|after-reading|compile|whole N` prints
// what it took.

const [what, count = "0"] = process.argv.slice(2);
// What is ours runs as the command line has it, the yardstick as Node has it.
if (what !== "yardstick") tierUpLate();
const text = composeOf(Number(count));

if (what === "yardstick") report(() => loadYaml(text));
else if (what === "load") report(() => loaded());
else if (what === "after-reading") {
  const inputs = inputsOf(text);
  read(inputs);
  // What reading leaves behind is not for what follows to clear up.
  globalThis.gc?.();
  report(() => loaded(inputs));
} else if (what === "whole") compiled(loaded());
else {
  const project = loaded();
  // What loading leaves behind is not compiling's to clear up.
  globalThis.gc?.();
  report(() => compiled(project));
}

function report(run: () => unknown): void {
  const began = performance.now();
  const before = process.cpuUsage();
  run();
  const { system, user } = process.cpuUsage(before);
  const wallMs = performance.now() - began;
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ cpuMs: (system + user) / 1000, wallMs, peakMiB }));
}

function inputsOf(compose: string): LoadInputs {
  return {
    files: ["compose.yaml"],
    projectDirectory: ".",
    projectName: "bench",
    contents: new Map([
      ["compose.yaml", compose],
      [".env", undefined],
    ]),
    variables: new Map(),
    profiles: [],
    dialect: "composex",
  };
}

/** What was read once for these inputs is not read again: what is left is all that follows. */
function read(inputs: LoadInputs): void {
  const documents = fetchDocuments(openSession(inputs), "compose.yaml", {
    at: undefined,
    path: [],
  });
  if (documents === undefined) throw new Error("The benchmark's file cannot be read.");
}

function loaded(inputs = inputsOf(text)): Project {
  const result = load(inputs);
  if (result.kind !== "loaded") throw new Error(JSON.stringify(result).slice(0, 2000));
  return result.project;
}

/** All that `link` does, also where it would say in the end that CloudFormation takes no stack so big. */
function compiled(project: Project): string {
  const target = { account: "123456789012", region: "eu-west-1" };
  const settings: CompileSettings = { application: "bench", environment: "dev", target };
  const made = compile(project, settings);
  if (made.kind === "failed") throw new Error(JSON.stringify(made.diagnostics).slice(0, 2000));
  const { diagnostics, stacks } = cut(made.graph, {
    ...settings,
    target,
    prefix: "trueup",
    layout: "per-service",
  });
  const strange = diagnostics.filter(({ code }) => code !== "stack-too-big");
  if (strange.length > 0) throw new Error(JSON.stringify(strange).slice(0, 2000));
  return bundleDigest(stacks, target);
}
