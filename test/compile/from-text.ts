import { compile } from "../../src/compile/compile.ts";
import type { Compiled, Graph } from "../../src/compile/graph.ts";
import type { Answers } from "../../src/compile/lookups.ts";
import type { CompileSettings } from "../../src/compile/scope.ts";
import { load } from "../../src/compose/load.ts";
import type { Project } from "../../src/compose/project.ts";
import { isError } from "../../src/model/diagnostic.ts";

const projectOf = (text: string): Project => {
  const loaded = load({
    files: ["compose.yaml"],
    projectDirectory: ".",
    projectName: "app",
    contents: new Map([
      ["compose.yaml", text],
      [".env", undefined],
    ]),
    variables: new Map(),
    profiles: [],
    dialect: "composex",
  });
  if (loaded.kind !== "loaded") throw new Error(JSON.stringify(loaded));
  return loaded.project;
};

const settings = {
  application: "app",
  environment: "test",
  target: { account: "123456789012", region: "eu-west-1" },
};

interface More {
  readonly lookups?: Answers;
  readonly settings?: Partial<CompileSettings>;
}

export const compiledFrom = (text: string, { lookups, settings: own }: More = {}): Compiled =>
  compile(projectOf(text), { ...settings, ...own, lookups });

/** `code path` of everything said, so that tests read as what happens. */
export const saidOf = (text: string, more?: More): readonly string[] => {
  const compiled = compiledFrom(text, more);
  const said = compiled.kind === "failed" ? compiled.diagnostics : compiled.warnings;
  return said.map(({ severity, code, path }) => `${severity} ${code} ${path}`);
};

/** Every error, whole. */
export const errorsOf = (text: string, more?: More): readonly string[] => {
  const compiled = compiledFrom(text, more);
  const errors = compiled.kind === "failed" ? compiled.diagnostics.filter(isError) : [];
  return errors.map(
    ({ code, help, message, path }) => `${code} ${path}: ${message}${help && ` (${help})`}`,
  );
};

export const graphOf = (text: string, more?: More): Graph => {
  const compiled = compiledFrom(text, more);
  if (compiled.kind === "failed")
    throw new Error(
      compiled.diagnostics.map(({ path, message }) => `${path} ${message}`).join("\n"),
    );
  return compiled.graph;
};

export const nodesOf = (graph: Graph, type: string) =>
  [...graph.nodes.values()].filter((node) => node.type === type);

/** The properties of the one node of a type. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into properties as a reader does.
export const only = (graph: Graph, type: string): any => {
  const nodes = nodesOf(graph, type);
  if (nodes.length !== 1) throw new Error(`${nodes.length} of ${type}`);
  return nodes[0]?.properties;
};
