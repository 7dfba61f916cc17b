import type { Position } from "../model/diagnostic.ts";
import { TerminalError } from "../model/errors.ts";
import type { Application, Environment } from "./application.ts";
import type { PositionOf } from "./shaped.ts";

/** As docker compose finds them, where `compose:` names none. */
export const defaultComposeFiles: readonly string[] = [
  "compose.yaml",
  "compose.yml",
  "docker-compose.yml",
  "docker-compose.yaml",
];

/** The compose files of one environment in the order in which they are merged. */
export function composeFilesOf(
  { compose }: Application,
  environment: Pick<Environment, "compose">,
  exists: (path: string) => boolean,
): readonly string[] {
  if (compose.length > 0) return [...compose, ...environment.compose];
  const found = defaultComposeFiles.find(exists);
  if (found === undefined) {
    const names = defaultComposeFiles.join(", ");
    throw new TerminalError("ComposeFileMissing", `There is none of ${names}.`);
  }
  return [found, ...environment.compose];
}

/** Where `trueup.yaml` names the compose files of an environment, by file. */
export function composeFilesNamed(
  { compose }: Application,
  environment: Pick<Environment, "compose" | "name">,
  positionOf: PositionOf,
): ReadonlyMap<string, { readonly at: Position; readonly path: readonly (string | number)[] }> {
  const below = ["environments", environment.name, "compose"];
  const named = [
    ...compose.map((file, index) => [file, ["compose", index]] as const),
    ...environment.compose.map((file, index) => [file, [...below, index]] as const),
  ];
  return new Map(named.map(([file, path]) => [file, { at: positionOf(path), path }]));
}

/** Whether there are compose files for an environment, each where it should be. */
export function hasComposeFiles(
  application: Application,
  environment: Pick<Environment, "compose">,
  exists: (path: string) => boolean,
): boolean {
  const isFound = application.compose.length > 0 || defaultComposeFiles.some(exists);
  return isFound && composeFilesOf(application, environment, exists).every(exists);
}

/**
 * What `${…}` in compose files may refer to: never the process environment. An instance is named
 * with a hyphen here, since few of AWS's names may have a dot.
 */
export const variablesOf = (
  application: string,
  environment: { readonly name: string; readonly variables: Readonly<Record<string, string>> },
): Readonly<Record<string, string>> => ({
  ...environment.variables,
  TRUEUP_APPLICATION: application,
  TRUEUP_ENVIRONMENT: environment.name.replaceAll(".", "-"),
});
