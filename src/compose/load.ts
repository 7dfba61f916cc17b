import { inOrder } from "../model/digest.ts";
import { attributes } from "./attributes/attributes.ts";
import { readConfigFiles } from "./config-files.ts";
import { checkConsistency, familiesOf } from "./consistency/consistency.ts";
import { convert } from "./convert.ts";
import { readEnvFiles } from "./env-files.ts";
import { finish } from "./finish.ts";
import type { Loaded, LoadInputs, Skippable } from "./inputs.ts";
import { loadModel } from "./model.ts";
import { normalise } from "./normalise.ts";
import type { Data, Project } from "./project.ts";
import { projectName } from "./project-name.ts";
import { composeFile } from "./schema/model.ts";
import { applyProfiles, select } from "./select.ts";
import { anchoredIn, isRaw, openSession, type Session } from "./session.ts";
import { type Dict, nearest, positionOf, type Tree, toData } from "./tree.ts";
import { surroundings } from "./variables.ts";

/**
 * Compose files as one model, the way `docker compose config` reads them. Pure: files come in as
 * text, and what only loading discovers is asked for by answering `needs`.
 */
export function load(inputs: LoadInputs): Loaded {
  const session = openSession(inputs);
  const variables = surroundings(session);
  const name = projectName(session, variables);
  const project = name === undefined ? undefined : loadProject(session, name, variables);
  if (session.needs.size > 0) return { kind: "needs", paths: [...session.needs] };
  const { diagnostics } = session.report;
  if (project === undefined || session.report.failed) return { kind: "failed", diagnostics };
  return { kind: "loaded", project, warnings: diagnostics };
}

function loadProject(
  session: Session,
  name: string,
  variables: ReadonlyMap<string, string>,
): Project | undefined {
  const { inputs, report } = session;
  const skip = inputs.skip ?? new Set<Skippable>();
  const variable = (key: string): string | undefined =>
    key === "COMPOSE_PROJECT_NAME" ? name : variables.get(key);
  const scope = {
    directory: inputs.projectDirectory,
    prefix: inputs.projectDirectory,
    variable,
    locates: !skip.has("paths"),
    includedBy: [],
    mention: { at: undefined, path: [] },
  };
  const merged = loadModel(session, inputs.files, scope);
  // Whatever is wrong so far would only be told again, in other words.
  if (merged === undefined || report.failed) return emptyProject(session, merged);
  const surrounded = { projectName: name, variable };
  const normal = (model: Dict): Dict =>
    skip.has("normalization") ? model : normalise(model, surrounded);
  // What has no values yet is shown as it is merged.
  if (isRaw(session)) {
    const raw = normal(merged);
    return projectOf(session, name, raw, { data: inOrder(toData(raw)) as Data, hasBraces: true });
  }
  const formed = normal(convert(merged, attributes.form, { path: [], report }) as Dict);
  const active = applyProfiles(session, formed, variables);
  if (!skip.has("consistency")) checkConsistency({ ...session, ...active });
  const selected = select(session, active);
  const complete = readConfigFiles(session, readEnvFiles(session, selected, variable), variable);
  const work = { report, path: [], hasBraces: false };
  const data = finish(complete, composeFile, work);
  const { disabled } = active;
  return projectOf(session, name, complete, { data, disabled, hasBraces: work.hasBraces });
}

function emptyProject(session: Session, merged: Dict | undefined): undefined {
  const [file = session.inputs.projectDirectory] = session.inputs.files;
  if (merged === undefined && session.needs.size === 0 && !session.report.failed)
    session.report.error({ file, line: 1, column: 1 }, [], {
      code: "empty-file",
      message: "the compose file is empty",
      help: "add services:",
    });
}

type Entries = Readonly<Record<string, { readonly [key: string]: Data }>>;

interface Finished extends Pick<Project, "hasBraces"> {
  readonly data: Data;
  readonly disabled?: ReadonlyMap<string, Tree>;
}

function projectOf(
  session: Session,
  name: string,
  tree: Dict,
  { data: finished, disabled = new Map(), hasBraces }: Finished,
): Project {
  const data = finished as Readonly<Record<string, Data>>;
  const part = (key: string): Entries => (data[key] ?? {}) as Entries;
  return {
    name,
    services: part("services") as Project["services"],
    networks: part("networks"),
    volumes: part("volumes"),
    secrets: part("secrets"),
    configs: part("configs"),
    models: part("models"),
    leftAlone: [...session.leftAlone],
    off: [...disabled.keys(), ...familiesOf(disabled)],
    extensions: Object.fromEntries(Object.entries(data).filter(([key]) => isExtension(key))),
    hasBraces,
    fragments: [...new Set(anchoredIn(session).filter(isExtension))],
    positionOf: (path) => positionOf(nearest(tree, path)),
  };
}

const isExtension = (key: string): boolean => key.startsWith("x-");
