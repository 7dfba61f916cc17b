import { LineCounter, parseDocument } from "yaml";
import { pathText } from "../compose/project.ts";
import { type Diagnostic, isError, type Position } from "../model/diagnostic.ts";
import type { Application, Consent, Environment, EnvironmentTarget } from "./application.ts";
import { check, type Finding } from "./check.ts";
import { matching, type Path, type Place, placeAt } from "./tree.ts";
import { notBuilt, trueupYaml } from "./trueup-yaml.ts";

export type ApplicationRead =
  | {
      readonly kind: "read";
      readonly application: Application;
      readonly warnings: readonly Diagnostic[];
      /** Where the value at a path stands; for one that is not there, the nearest above it. */
      readonly positionOf: PositionOf;
    }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] };

export type PositionOf = (path: Path) => Position;

/** `trueup.yaml` as it says and nothing else: whatever it says that we do not act on is an error. */
export function readApplication(file: string, text: string): ApplicationRead {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const parsed = parse(text, lines);
  if (parsed.kind === "failed")
    return {
      kind: "failed",
      diagnostics: parsed.problems.map(({ offset, ...problem }) => ({
        ...at(offset),
        severity: "error",
        path: "",
        ...problem,
      })),
    };

  const { root } = parsed;
  const diagnostics = [...check(trueupYaml, root), ...unbuilt(root)]
    .map(({ node, path, ...problem }): Diagnostic => {
      const severity = problem.code === "not-interpolated" ? "warning" : "error";
      return { ...at(node.range[0]), severity, path: pathText(path), ...problem };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
  if (diagnostics.some(isError)) return { kind: "failed", diagnostics };

  return {
    kind: "read",
    application: toApplication(root.document.toJS() as Written),
    warnings: diagnostics,
    positionOf: (path) => at(placeAt(root, path).node.range[0]),
  };
}

interface Problem {
  readonly offset: number;
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

/** The tree, or what stops us from looking at it at all. */
function parse(
  text: string,
  lineCounter: LineCounter,
):
  | { readonly kind: "parsed"; readonly root: Place }
  | { readonly kind: "failed"; readonly problems: readonly Problem[] } {
  // Keys that are there twice are found with the rest, so that one fault does not hide another.
  const document = parseDocument(text, { lineCounter, uniqueKeys: false });
  const failed = (...problems: Problem[]) => ({ kind: "failed", problems }) as const;

  const wrong = [...document.errors, ...document.warnings].map(({ message, pos: [offset] }) => ({
    offset,
    code: "yaml",
    message: message.split(/ at line |\n/)[0] ?? message,
    help: "correct the YAML",
  }));
  if (wrong.length > 0) return failed(...wrong);

  const { contents: node } = document;
  if (node === null) {
    const help = "name the `application:` and its `environments:`";
    return failed({ offset: 0, code: "missing", message: "is empty", help });
  }
  try {
    document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = `has aliases that cannot be followed: ${(error as Error).message}`;
    return failed({ offset: 0, code: "aliases", message, help: "write the values out" });
  }
  return { kind: "parsed", root: { document, node, path: [] } };
}

/** What the file asks for that nothing would come of. */
const unbuilt = (root: Place): readonly Finding[] =>
  notBuilt.flatMap(([pattern, when]) =>
    matching(root, pattern.split("."))
      .filter(({ place }) => when(place.node.toJS(root.document)))
      .map(({ key, place: { path } }) => ({
        node: key,
        path,
        code: "not-built-yet",
        message: "is known, but this version does not act on it",
        help: "take it out",
      })),
  );

/** The file's data once it has passed its shape and every line of what is not built. */
interface Written {
  readonly application: string;
  readonly compose?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly environments: Readonly<Record<string, WrittenEnvironment>>;
  readonly images?: { readonly author?: string; readonly message?: string };
}

interface WrittenEnvironment {
  readonly on: { readonly branch: string };
  readonly compose?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly target?: WrittenTarget;
  readonly layout?: Environment["layout"];
  readonly allow?: readonly WrittenConsent[];
}

interface WrittenTarget {
  readonly account?: string;
  readonly region?: string;
  readonly role?: string;
  readonly externalId?: string;
  readonly cloudformationRole?: string;
}

interface WrittenConsent {
  readonly replace?: string;
  readonly remove?: string;
  readonly until: string;
}

function toApplication(written: Written): Application {
  const variables = written.variables ?? {};
  const environments = Object.entries(written.environments).map(
    ([name, environment]): [string, Environment] => [
      name,
      {
        name,
        on: environment.on,
        compose: environment.compose ?? [],
        variables: { ...variables, ...environment.variables },
        target: toTarget(environment.target ?? {}),
        layout: environment.layout ?? "per-service",
        allow: (environment.allow ?? []).map(toConsent),
      },
    ],
  );
  return {
    name: written.application,
    compose: written.compose ?? [],
    variables,
    environments: Object.fromEntries(environments),
    images: {
      author: toAuthor(written.images?.author ?? "Trueup <trueup@localhost>"),
      message: written.images?.message,
    },
  };
}

const toTarget = ({ cloudformationRole, ...target }: WrittenTarget): EnvironmentTarget =>
  cloudformationRole === undefined ? target : { ...target, cloudFormationRole: cloudformationRole };

function toConsent({ replace, remove, until }: WrittenConsent): Consent {
  return replace === undefined
    ? { action: "remove", path: remove ?? "", until }
    : { action: "replace", path: replace, until };
}

function toAuthor(text: string): Application["images"]["author"] {
  const [name = "", email = ""] = text.split(/ <|>/);
  return { name, email };
}
