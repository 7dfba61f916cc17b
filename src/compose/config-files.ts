import { mapChildren, mapServices } from "./children.ts";
import { joinPath } from "./paths.ts";
import { fetchText, type Session } from "./session.ts";
import {
  type Dict,
  dict,
  dictOf,
  get,
  isNull,
  leaf,
  type Path,
  type Tree,
  textOf,
  withEntries,
} from "./tree.ts";

type Lookup = (name: string) => string | undefined;

/**
 * Configs with what is in their `file`, or in the variable that their `environment` names, as their
 * `content`: on AWS there is no machine that could look there later. `file` stays, and says that
 * the content is no text of a compose file.
 */
export function readConfigFiles(session: Session, model: Dict, variable: Lookup): Dict {
  if (!session.dialect.readsConfigs) return model;
  const configured = readRouterFiles(session, readConfigs(session, model, variable));
  return readParameterFiles(session, configured);
}

/** `x-ssm_parameter`: what a parameter holds may be a file. */
function readParameterFiles(session: Session, model: Dict): Dict {
  const key = "x-ssm_parameter";
  if (get(model, key) === undefined) return model;
  return within(session, model, [key, "*", "MacroParameters", "FromFile"], []) as Dict;
}

/** The tree with the content of every file that stands at `keys`, where `*` is any key. */
function within(session: Session, tree: Tree, keys: readonly string[], path: Path): Tree {
  const [key, ...rest] = keys;
  if (key === undefined) return contentOf(session, tree, path);
  return mapChildren(tree, (child, part) =>
    key === "*" || part === key ? within(session, child, rest, [...path, part]) : child,
  );
}

/** `x-logging.FireLens.Advanced`: files of a log router, each as what is in it. */
function readRouterFiles(session: Session, model: Dict): Dict {
  const advanced = ["x-logging", "FireLens", "Advanced"];
  return mapServices(model, (service, name) => {
    if (service.entries.get("x-logging") === undefined) return service;
    const path = ["services", name];
    const sources = within(session, service, [...advanced, "SourceFile"], path);
    return within(session, sources, [...advanced, "ParserFiles", "*"], path);
  });
}

function contentOf(session: Session, at: Tree, path: Path): Tree {
  const file = textOf(at);
  if (file === undefined) return at;
  const where = joinPath(session.inputs.projectDirectory, file);
  const content = fetchText(session, where, { at, path });
  return content === undefined ? at : dictOf(at, { file: at, content: leaf(at, content) });
}

function readConfigs(session: Session, model: Dict, variable: Lookup): Dict {
  const configs = get(model, "configs");
  if (configs?.kind !== "dict") return model;
  const entries = Array.from(configs.entries, ([name, config]): [string, Tree] => [
    name,
    config.kind === "dict" ? resolved(session, config, ["configs", name], variable) : config,
  ]);
  return withEntries(model, { configs: dict(configs, new Map(entries)) });
}

function resolved(session: Session, config: Dict, path: Path, variable: Lookup): Dict {
  const file = get(config, "file");
  const name = get(config, "environment");
  const filled = (at: Tree, text: string | undefined): Dict =>
    text === undefined ? config : withEntries(config, { content: leaf(at, text) });
  if (file !== undefined && !isNull(file))
    return filled(
      file,
      fetchText(session, textOf(file) ?? "", { at: file, path: [...path, "file"] }),
    );
  if (name === undefined || isNull(name)) return config;
  const text = variable(textOf(name) ?? "");
  if (text === undefined)
    session.report.error(name, [...path, "environment"], {
      code: "unset-variable",
      message: `the variable ${textOf(name)} is not set`,
      help: "set it, or write content in its place",
    });
  return filled(name, text);
}
