import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
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

/** As the shell does it: read what is needed, render again. */
export function renderFolder(
  folder: string,
  manner: Manner = asIs,
): Exclude<Rendered, { kind: "lookups" | "needs" }> {
  const settings = settingsOf(folder);
  const files = settings.files.map((name) => join(folder, name));
  const contents = new Map<string, string | undefined>();
  const textOf = (path: string): string => {
    const text = readFileSync(path, "utf8");
    return /\.ya?ml$/.test(path) ? manner.text(text) : text;
  };
  const read = (paths: readonly string[]) => {
    for (const path of manner.entries(paths))
      contents.set(path, existsSync(path) ? textOf(path) : undefined);
  };
  read(files);
  const inputs = {
    files,
    projectDirectory: dirname(files[0] ?? "."),
    contents,
    variables: new Map(manner.entries(Object.entries(settings.variables))),
    profiles: [],
    dialect: "composex" as const,
  };
  const target = { account: "123456789012", region: "eu-west-1", ...settings.target };
  const { files: _, variables: __, ...asked } = settings;
  for (;;) {
    const rendered = render(inputs, { ...asked, target, prefix: "trueup" });
    if (rendered.kind === "lookups") throw new Error("Answer them in settings.json: placeholder.");
    if (rendered.kind !== "needs") return rendered;
    if (rendered.paths.every((path) => contents.has(path)))
      throw new Error(`asks again for ${rendered.paths.join(", ")}`);
    read(rendered.paths);
  }
}
