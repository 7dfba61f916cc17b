import type { ApplicationStatus, EnvironmentStatus } from "../model/status.ts";
import { errorsBeside, statusFrom, statusText } from "../model/status-text.ts";
import type { Artifacts, Statuses } from "../ports/ports.ts";
import { isNamed } from "./answers.ts";
import type { Call } from "./call.ts";
import { putValue, removeValue, root, textIn } from "./parameters.ts";

/**
 * What the controller says of itself, one parameter an environment and one an application. Errors that
 * have no room in one are beside it in the bucket; where that takes nothing, the status is written all
 * the same.
 */
export function statusesOf(call: Call, artifacts: Artifacts): Statuses {
  const read = async <S extends ApplicationStatus | EnvironmentStatus>(
    name: string,
  ): Promise<S | undefined> => {
    const text = await textIn(name, call);
    return text === undefined ? undefined : statusFrom<S>(text);
  };
  const write = async (
    name: string,
    status: ApplicationStatus | EnvironmentStatus,
  ): Promise<void> => {
    const beside = errorsBeside(status);
    if (beside !== undefined) await artifacts.put(beside.path, beside.text).catch(() => undefined);
    await putValue(name, statusText(status), call).catch(async (error: unknown) => {
      // Somebody made it a SecureString, which it can never be more than. A name is free half a minute
      // after it was deleted: what is to be said is said with the next try.
      if (isNamed(error, "HierarchyTypeMismatchException")) await removeValue(name, call);
      throw error;
    });
  };
  return {
    readEnvironment: (application, environment) => read(nameOf(application, environment)),
    writeEnvironment: (application, environment, status) =>
      write(nameOf(application, environment), status),
    removeEnvironment: (application, environment) =>
      removeValue(nameOf(application, environment), call),
    readApplication: (application) => read(nameOf(application)),
    writeApplication: (application, status) => write(nameOf(application), status),
  };
}

const nameOf = (...path: readonly string[]): string => [root, ...path, "status"].join("/");
