import type { LoadInputs } from "./inputs.ts";
import { joinPath } from "./paths.ts";
import { fetchVariables, openSession, type Session } from "./session.ts";

/** What `${…}` can see in a project, its own name included. */
export const variablesOf = (inputs: LoadInputs, projectName: string): ReadonlyMap<string, string> =>
  new Map([...surroundings(openSession(inputs)), ["COMPOSE_PROJECT_NAME", projectName]]);

/** What `${…}` can see: the variables given, then those of the env files. */
export function surroundings(session: Session): ReadonlyMap<string, string> {
  const { inputs } = session;
  const files = inputs.envFiles ?? [joinPath(inputs.projectDirectory, ".env")];
  const read = new Map<string, string>();
  for (const file of files) {
    const values = fetchVariables(
      session,
      file,
      { at: undefined, path: [] },
      {
        required: inputs.envFiles !== undefined,
        surroundings: (name) => inputs.variables.get(name) ?? read.get(name),
      },
    );
    for (const [name, value] of values ?? [])
      if (value.kind === "leaf") read.set(name, String(value.value));
  }
  return new Map([...read, ...inputs.variables]);
}
