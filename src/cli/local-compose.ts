import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { readEnvFile } from "../compose/dotenv.ts";
import type { Loaded, LoadInputs } from "../compose/inputs.ts";
import { limits } from "../compose/limits.ts";
import { load } from "../compose/load.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { brokenLine } from "../model/utf8.ts";
import { isFile, overrides } from "./overrides.ts";

/** What `docker compose` takes from its flags, its environment and the directory it runs in. */
export interface LocalCompose extends Pick<LoadInputs, "dialect" | "profiles"> {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Empty: those of COMPOSE_FILE, or found in the directory and those above it. */
  readonly files: readonly string[];
  /** Empty: those of COMPOSE_ENV_FILES, or `.env`. */
  readonly envFiles: readonly string[];
  readonly projectName?: string | undefined;
  readonly projectDirectory?: string | undefined;
  readonly services: readonly string[];
  readonly skip: NonNullable<LoadInputs["skip"]>;
}

/** The answer, and what it was made from. File names are shown from where the command runs. */
export interface LoadedHere {
  readonly loaded: Exclude<Loaded, { readonly kind: "needs" }>;
  /** Undefined: no file was found. */
  readonly inputs: LoadInputs | undefined;
}

/** Loads compose files of this machine as `docker compose` would find and read them. */
export function loadHere(wanted: LocalCompose): LoadedHere {
  const shown = (file: string): string => {
    const path = relative(wanted.cwd, file);
    return path === "" || path.startsWith("..") ? file : path;
  };
  const { inputs, warnings } = inputsHere(wanted);
  if (inputs === undefined) return { loaded: nothingFound(wanted.cwd), inputs };
  const contents = new Map(inputs.contents);
  const unreadable: Diagnostic[] = [];
  const answer = { ...inputs, contents };
  let loaded = load(answer);
  while (loaded.kind === "needs") {
    for (const path of loaded.paths) contents.set(path, readText(path, unreadable));
    loaded = load(answer);
  }
  const own = (found: readonly Diagnostic[]) =>
    [...warnings, ...unreadable, ...found].map((d) => ({ ...d, file: shown(d.file) }));
  if (loaded.kind === "failed" || unreadable.length > 0) {
    const diagnostics = own(loaded.kind === "failed" ? loaded.diagnostics : loaded.warnings);
    return { loaded: { kind: "failed", diagnostics }, inputs: answer };
  }
  return { loaded: { ...loaded, warnings: own(loaded.warnings) }, inputs: answer };
}

interface InputsHere {
  readonly inputs: LoadInputs | undefined;
  readonly warnings: readonly Diagnostic[];
}

function inputsHere(wanted: LocalCompose): InputsHere {
  const { cwd, env } = wanted;
  const directory = wanted.projectDirectory && resolve(cwd, wanted.projectDirectory);
  const given = new Map(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  if (!given.get("PWD")) given.set("PWD", cwd);
  const named =
    wanted.envFiles.length > 0 ? wanted.envFiles : listed(given.get("COMPOSE_ENV_FILES"), ",");
  const envFilesFor = (base: string): readonly string[] =>
    named.length > 0 ? named.map((file) => resolve(cwd, file)) : dotEnvOf(base, given);
  const first = wanted.files[0];
  const early = envFilesFor(
    directory || (first === undefined ? cwd : dirname(resolve(cwd, first))),
  );
  const setting = (name: string) =>
    given.get(name) ?? early.map((file) => settingIn(file, name)).at(-1);
  const { files, warnings } = composeFiles(wanted, directory || cwd, setting);
  if (files.length === 0) return { inputs: undefined, warnings };
  const projectDirectory = directory || dirname(files[0] ?? "");
  const envFiles = [...new Set([...envFilesFor(projectDirectory), ...early])];
  const inputs: LoadInputs = {
    files,
    projectDirectory,
    projectName: wanted.projectName,
    contents: new Map(),
    variables: given,
    profiles: wanted.profiles,
    dialect: wanted.dialect,
    // A file found later gives way to one found earlier: load takes the last word of the list.
    envFiles: named.length > 0 ? envFiles : envFiles.toReversed(),
    services: wanted.services,
    skip: wanted.skip,
  };
  return { inputs, warnings };
}

const listed = (text: string | undefined, separator: string): readonly string[] =>
  (text ?? "").split(separator).filter((part) => part !== "");

function dotEnvOf(directory: string, env: ReadonlyMap<string, string>): readonly string[] {
  const disabled = /^(1|t|true)$/i.test(env.get("COMPOSE_DISABLE_ENV_FILE") ?? "");
  const file = join(directory, ".env");
  return !disabled && isFile(file) ? [file] : [];
}

/** What a `.env` says of itself: only what must be known before any compose file is. */
function settingIn(file: string, name: string): string | undefined {
  const text = readText(file, []);
  if (text === undefined) return undefined;
  const read = readEnvFile(
    { file, text },
    () => undefined,
    () => undefined,
  );
  const value = read.kind === "read" ? read.values.get(name) : undefined;
  return value?.kind === "leaf" ? String(value.value) : undefined;
}

const candidates = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

function composeFiles(
  { cwd, files }: LocalCompose,
  directory: string,
  setting: (name: string) => string | undefined,
): { readonly files: readonly string[]; readonly warnings: readonly Diagnostic[] } {
  if (files.length > 0) return { files: files.map((file) => resolve(cwd, file)), warnings: [] };
  const separator = setting("COMPOSE_PATH_SEPARATOR") ?? ":";
  const named = listed(setting("COMPOSE_FILE"), separator);
  if (named.length > 0) return { files: named.map((file) => resolve(cwd, file)), warnings: [] };
  return discovered(directory);
}

/** The compose file of a directory, or of the nearest one above, with its override. */
function discovered(directory: string): {
  readonly files: readonly string[];
  readonly warnings: readonly Diagnostic[];
} {
  const found = candidates.map((name) => join(directory, name)).filter(isFile);
  const [first, ...others] = found;
  if (first === undefined) {
    const parent = dirname(directory);
    return parent === directory ? { files: [], warnings: [] } : discovered(parent);
  }
  const override = overrides.map((name) => join(directory, name)).find(isFile);
  const warnings =
    others.length === 0
      ? []
      : [notice("warning", first, `several compose files lie here; ${basename(first)} is read`)];
  return { files: override === undefined ? [first] : [first, override], warnings };
}

const nothingFound = (cwd: string): Extract<Loaded, { readonly kind: "failed" }> => ({
  kind: "failed",
  diagnostics: [notice("error", cwd, `there is none of ${candidates.join(", ")}, here or above`)],
});

const notice = (severity: Diagnostic["severity"], file: string, message: string): Diagnostic => ({
  severity,
  code: "compose-file",
  file,
  line: 1,
  column: 1,
  path: "",
  message,
  help: "name the file with -f",
});

/** A file's text; undefined: there is none of that name, or it is no plain file. */
function readText(path: string, unreadable: Diagnostic[]): string | undefined {
  if (path === "/dev/null") return "";
  const stat = fileAt(path);
  if (stat === undefined) return undefined;
  // Four bytes a character at most: beyond that the loader would refuse it anyway.
  if (stat.size > 4 * limits.fileLength) {
    unreadable.push(notice("error", path, "the file is too big"));
    return undefined;
  }
  const bytes = readFileSync(path);
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const { file, line } = { file: path, line: brokenLine(bytes) };
    unreadable.push({ ...notice("error", file, "the file is not UTF-8"), line, help: "" });
    return undefined;
  }
}

/** Undefined also for a link that leads in circles, and for what may not be looked at. */
function fileAt(path: string) {
  try {
    const stat = statSync(path);
    return stat.isFile() ? stat : undefined;
  } catch {
    return undefined;
  }
}
