import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { LoadInputs } from "../../src/compose/inputs.ts";
import { load } from "../../src/compose/load.ts";
import { type Rendered, type RenderSettings, render } from "../../src/render.ts";

/** settings.json of a folder, which is optional. */
interface Settings {
  readonly files: readonly string[];
  readonly layout: "per-service" | "single";
  readonly variables: Readonly<Record<string, string>>;
  readonly application: string;
  readonly environment: string;
  readonly lookups?: "placeholder";
  readonly parameters?: RenderSettings["parameters"];
  readonly target?: Partial<RenderSettings["target"]>;
  readonly ephemeral?: boolean;
}

const usual: Settings = {
  files: ["compose.yaml"],
  layout: "per-service",
  variables: {},
  application: "golden",
  environment: "test",
};

/** `test/golden/<case>/`, sorted. */
export const folders = globSync("test/golden/*/")
  .map((folder) => normalize(`${folder}/`))
  .sort();

/** How the same thing may come in: what is read of a file, in which order maps hold their entries. */
export interface Manner {
  text(text: string): string;
  entries<T>(entries: readonly T[]): readonly T[];
}

const asIs: Manner = { text: (text) => text, entries: (entries) => entries };

function settingsOf(folder: string): Settings {
  const path = join(folder, "settings.json");
  return existsSync(path) ? { ...usual, ...JSON.parse(readFileSync(path, "utf8")) } : usual;
}

/** What stands in a folder, as the loader and the compiler take it. */
function openFolder(folder: string, manner: Manner) {
  const settings = settingsOf(folder);
  const files = settings.files.map((name) => join(folder, name));
  const contents = new Map<string, string | undefined>();
  const textOf = (path: string): string => {
    const text = readFileSync(path, "utf8");
    return /\.ya?ml$/.test(path) ? manner.text(text) : text;
  };
  const read = (paths: readonly string[]) => {
    if (paths.every((path) => contents.has(path)))
      throw new Error(`asks again for ${paths.join(", ")}`);
    for (const path of manner.entries(paths))
      contents.set(path, existsSync(path) ? textOf(path) : undefined);
  };
  read(files);
  const inputs: LoadInputs = {
    files,
    projectDirectory: dirname(files[0] ?? "."),
    contents,
    variables: new Map(manner.entries(Object.entries(settings.variables))),
    profiles: [],
    dialect: "composex",
  };
  const target = { account: "123456789012", region: "eu-west-1", ...settings.target };
  const { files: _, variables: __, ...asked } = settings;
  return { inputs, read, settings: { ...asked, target, prefix: "trueup" } };
}

/** As the shell does it: read what is needed, render again. */
export function renderFolder(
  folder: string,
  manner: Manner = asIs,
): Exclude<Rendered, { kind: "lookups" | "needs" }> {
  const { inputs, read, settings } = openFolder(folder, manner);
  for (;;) {
    const rendered = render(inputs, settings);
    if (rendered.kind === "lookups") throw new Error("Answer them in settings.json: placeholder.");
    if (rendered.kind !== "needs") return rendered;
    read(rendered.paths);
  }
}

/** The model of a folder and what it is compiled with; undefined: it is no model. */
export function loadFolder(folder: string) {
  const { inputs, read, settings } = openFolder(folder, asIs);
  for (;;) {
    const loaded = load(inputs);
    if (loaded.kind === "loaded") return { project: loaded.project, settings };
    if (loaded.kind === "failed") return undefined;
    read(loaded.paths);
  }
}
