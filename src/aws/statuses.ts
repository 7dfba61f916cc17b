import type { ApplicationStatus, EnvironmentStatus } from "../model/status.ts";
import { statusFrom, statusText } from "../model/status-text.ts";
import type { Statuses } from "../ports/ports.ts";
import type { Call } from "./call.ts";
import { putValue, removeValue, root, textIn } from "./parameters.ts";

/** What the controller says of itself, one parameter an environment and one an application. */
export function statusesOf(call: Call): Statuses {
  const read = async <S extends ApplicationStatus | EnvironmentStatus>(
    name: string,
  ): Promise<S | undefined> => {
    const text = await textIn(name, call);
    return text === undefined ? undefined : statusFrom<S>(text);
  };
  return {
    readEnvironment: (application, environment) => read(nameOf(application, environment)),
    writeEnvironment: (application, environment, status) =>
      putValue(nameOf(application, environment), statusText(status), call),
    removeEnvironment: (application, environment) =>
      removeValue(nameOf(application, environment), call),
    readApplication: (application) => read(nameOf(application)),
    writeApplication: (application, status) =>
      putValue(nameOf(application), statusText(status), call),
  };
}

const nameOf = (...path: readonly string[]): string => [root, ...path, "status"].join("/");
