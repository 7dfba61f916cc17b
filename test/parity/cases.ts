import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LoadInputs } from "../../src/compose/inputs.ts";
import { type Rendered, render } from "../../src/render.ts";
import type { Summary } from "./summary.ts";

/** One input of ECS ComposeX and the structure of what it made of it. */
export interface ParityCase {
  readonly id: string;
  readonly directory: string;
  /** In the order in which they are merged. */
  readonly files: readonly string[];
  readonly summary: Summary;
}

type Finished = Exclude<Rendered, { readonly kind: "needs" | "lookups" }>;

/** The cases of a directory, sorted by id; none where it is absent. */
export function readCases(directory: string): readonly ParityCase[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((id) => existsSync(join(directory, id, "summary.json")))
    .sort()
    .map((id) => {
      const input = join(directory, id, "input");
      return {
        id,
        directory: input,
        files: readdirSync(input)
          .filter((name) => /^\d.*\.ya?ml$/.test(name))
          .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)),
        summary: JSON.parse(readFileSync(join(directory, id, "summary.json"), "utf8")) as Summary,
      };
    });
}

/** What `trueup render -f … --lookups placeholder` makes of a case. */
export function renderCase({ directory, files, id }: ParityCase): Finished {
  const contents = new Map<string, string | undefined>();
  const inputs: LoadInputs = {
    files,
    projectDirectory: "",
    projectName: id,
    contents,
    variables: new Map(),
    profiles: [],
    dialect: "composex",
  };
  const settings = {
    application: id,
    environment: "local",
    target: { account: "123456789012", region: "eu-west-1" },
    prefix: "trueup",
    layout: "per-service",
    lookups: "placeholder",
  } as const;
  let rendered = render(inputs, settings);
  while (rendered.kind === "needs") {
    for (const path of rendered.paths) contents.set(path, read(join(directory, path)));
    rendered = render(inputs, settings);
  }
  if (rendered.kind === "lookups") throw new Error("Placeholders answer every lookup.");
  return rendered;
}

const read = (path: string): string | undefined =>
  existsSync(path) && statSync(path).isFile() ? readFileSync(path, "utf8") : undefined;
