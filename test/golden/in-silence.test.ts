import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { unpinned } from "../../src/compile/unpinned.ts";
import { type Data, type Project, pathText } from "../../src/compose/project.ts";
import { link } from "../../src/link/link.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import { inOrder } from "../../src/model/digest.ts";
import { folders, loadFolder } from "./folders.ts";

// Nothing is dropped in silence. Whatever single value of a compose file is another, something that
// is deployed, looked up or said is another too.

/** What may be another without a word, and why. */
const excused: readonly (readonly [path: RegExp, why: string])[] = [
  [/^(?:networks|volumes|secrets|configs)\.[\w-]+\.name$/, "what Docker calls it by itself"],
  [/^services\.\w+\.ports\[\d+\]\.mode$/, "Docker Swarm's"],
  [/\.depends_on\.[\w-]+\.required$/, "asked where the file is read"],
  [/\.depends_on\.\w+\.restart$/, "comes with links and namespaces; who writes it is told"],
  [/\.bind\.create_host_path$/, "Docker makes it on every instance"],
  [
    /\.(?:FromFile|SourceFile|ParserFiles\[0\])\.file$/,
    "its content counts, which is read by then",
  ],
  [/^configs\.\w+\.(?:file|environment)$/, "its content counts, which is read by then"],
  [/^x-image-policies\.|\.x-image-policy\./, "what follows images reads it"],
  [/\.mem_limit$/, "has to be what deploy says"],
  [/\.Steps\[0\]\.LowerBound$/, "no work at all is no reason for more tasks"],
];

/** The same of single folders. */
const excusedIn: Readonly<Record<string, readonly (readonly [path: RegExp, why: string])[]>> = {
  ephemeral: [[/ObjectLock|[Dd]eletion_?[Pp]rotection/, "it is made to be deleted"]],
  "example-per-service": [
    [/^services\.app01\.depends_on\.app02\.condition$/, "a stack waits until another is healthy"],
    [/SingleNat$/, "dev does without"],
  ],
  "example-single": [
    [/^services\.app01\.depends_on\.app02\.condition$/, "a stack waits until another is healthy"],
    [/SingleNat$/, "dev does without"],
  ],
  families: [
    [/^services\.api\.depends_on\.shop\.condition$/, "a stack waits until another is healthy"],
  ],
  labels: [[/^services\.web\.depends_on\.cache\.condition$/, "a label says so already"]],
  parameters: [[/^x-(?:vpc|cluster|cloudmap)\./, "a parameter stands for it"]],
  "x-acm": [[/^x-route53\.other\.ZoneName$/, "its id is known"]],
  "x-ecs": [[/^services\.proxy\..*\.Weight$/, "the most that either asks for counts"]],
  "x-events": [[/\.depends_on\.\w+\.condition$/, "a stack waits until another is healthy"]],
};

type Path = readonly (string | number)[];
type Folder = NonNullable<ReturnType<typeof loadFolder>>;
type Parts = Record<string | number, Data>;

/** The leaves of a model: texts, numbers, switches. What has no value has none to change. */
function* leavesOf(data: Data, path: Path): Generator<Path> {
  if (typeof data !== "object") yield path;
  else if (data !== null)
    for (const [key, part] of Array.isArray(data) ? data.entries() : Object.entries(data))
      yield* leavesOf(part, [...path, key]);
}

/** Another value of the same kind. */
function another(value: Data): Data {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  const text = String(value);
  if (text in others) return others[text] as string;
  const whole = /^\d+$/.exec(text);
  return whole === null ? `${text}x` : String(2 * Number(text) + 1);
}

/** Of values that are one of a few. */
const others: Readonly<Record<string, string>> = {
  service_started: "service_healthy",
  rollback: "pause",
  "start-first": "stop-first",
  rwm: "r",
  r: "w",
  "no-new-privileges:true": "no-new-privileges:false",
};

/** Everything that comes of a model, and where something was said. */
function outcomeOf(project: Project, settings: Folder["settings"]) {
  const compiled = compile(project, settings);
  const linked = compiled.kind === "failed" ? undefined : link(compiled.graph, settings);
  const said: readonly Diagnostic[] = [
    ...unpinned(project),
    ...(compiled.kind === "failed" ? compiled.diagnostics : compiled.warnings),
    ...(linked === undefined
      ? []
      : linked.kind === "failed"
        ? linked.diagnostics
        : linked.warnings),
  ];
  const digest = linked?.kind === "linked" ? linked.bundle.digest : undefined;
  const asking = settings.lookups && compile(project, { ...settings, lookups: undefined });
  const lookups = asking?.kind === "failed" ? asking.lookups : [];
  const text = JSON.stringify([digest, said.map(({ message, path }) => [message, path]), lookups]);
  return { text, isWell: digest !== undefined, places: said.map(({ path }) => path) };
}

/** The model with another value at one place. */
function changed(project: Project, path: Path): Project {
  const { positionOf, ...model } = project;
  const copy = structuredClone(model);
  let at = (String(path[0]).startsWith("x-") ? copy.extensions : copy) as unknown as Parts;
  for (const part of path.slice(0, -1)) at = at[part] as Parts;
  const last = path.at(-1) ?? "";
  at[last] = another(at[last] as Data);
  return inOrder({ ...copy, positionOf }) as Project;
}

const isWithin = (place: string, around: string): boolean =>
  place === around || place.startsWith(`${around}.`) || place.startsWith(`${around}[`);

const isSpokenOf = (place: string, places: readonly string[]): boolean =>
  places.some((one) => one !== "" && (isWithin(one, place) || isWithin(place, one)));

type Outcome = ReturnType<typeof outcomeOf>;

function dropped(
  { project, settings }: Folder,
  before: Outcome,
  more: typeof excused,
): readonly string[] {
  const { services, networks, volumes, secrets, configs, extensions } = project;
  const model = { services, networks, volumes, secrets, configs, ...extensions };
  return [...leavesOf(model as unknown as Data, [])].flatMap((path) => {
    const place = pathText(path);
    const isExcused = [...excused, ...more].some(([known]) => known.test(place));
    if (isExcused || isSpokenOf(place, before.places)) return [];
    return outcomeOf(changed(project, path), settings).text === before.text ? [place] : [];
  });
}

describe.for(folders)("%s", (folder) => {
  const loaded = loadFolder(folder);
  const before = loaded && outcomeOf(inOrder(loaded.project) as Project, loaded.settings);
  // What is refused comes to nothing, whatever it says besides.
  test.runIf(before?.isWell)("drops nothing in silence", () => {
    if (loaded === undefined || before === undefined) throw new Error("It was loaded.");
    expect(dropped(loaded, before, excusedIn[basename(folder)] ?? [])).toEqual([]);
  });
});
