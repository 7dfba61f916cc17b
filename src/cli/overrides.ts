import { statSync } from "node:fs";
import { join } from "node:path";
import type { Application, Environment } from "../application/application.ts";
import { composeFilesOf } from "../application/inputs.ts";
import type { Diagnostic } from "../model/diagnostic.ts";

/** What docker compose merges after the compose file that it finds, the first that is there. */
export const overrides = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];

/** Whether something is a file. */
export const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** Files that docker compose would read of itself beside those of an environment, and Trueup does not. */
export function unreadOverrides(
  application: Application | undefined,
  environment: Environment | undefined,
  directory: string,
): readonly Diagnostic[] {
  if (application === undefined || environment === undefined) return [];
  // Whoever names files has said which they are.
  if (application.compose.length > 0) return [];
  const exists = (path: string) => isFile(join(directory, path));
  const read = composeFilesOf(application, environment, exists);
  const other = overrides.find(exists);
  if (other === undefined || read.includes(other)) return [];
  return [
    {
      file: "trueup.yaml",
      line: 1,
      column: 1,
      severity: "warning",
      code: "not-read",
      path: "compose",
      message: `${other} is read by docker compose and not here`,
      help: `Write compose: [${read[0]}, ${other}], or compose: [${read[0]}] where it is for local use.`,
    },
  ];
}
