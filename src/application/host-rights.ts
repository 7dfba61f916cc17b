import type { Bundle, DesiredStack } from "../model/bundle.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { HostRight, Registration } from "../model/registration.ts";
import type { Properties, Resource, Value } from "../model/template.ts";
import { deniedTo } from "./ceiling.ts";

/** One place where a task definition takes a right on its host. */
interface Taken {
  readonly right: HostRight;
  /** As templates name it, from the top of the properties. */
  readonly property: readonly string[];
}

/**
 * All in which tasks take a right on their host that the registration denies. Templates are looked
 * at, not compose files: whatever is written, this is what would run.
 */
export function checkHostRights(
  { stacks }: Pick<Bundle, "stacks">,
  environment: string,
  registration: Registration,
): readonly Diagnostic[] {
  const denied = deniedTo(environment, registration);
  if (denied.size === 0) return [];
  return stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources)
      .filter(([, { Type }]) => Type === "AWS::ECS::TaskDefinition")
      .flatMap(([id, resource]) =>
        takenBy(resource)
          .filter(({ right }) => denied.has(right))
          .map(({ property, right }) => refusal(stack, id, property, right)),
      ),
  );
}

function refusal(
  { originOf, origins, unit }: DesiredStack,
  id: string,
  property: readonly string[],
  right: HostRight,
): Diagnostic {
  const nowhere = { file: "", line: 1, column: 1, path: `${unit}.${id}` };
  const origin = originOf?.(id, property) ?? origins[id] ?? nowhere;
  const message = `the registration denies \`${right}\``;
  const help = "do without it, or ask for it to be taken out there";
  return { ...origin, severity: "error", code: "not-permitted", message, help };
}

function takenBy({ Properties: task = {} }: Resource): readonly Taken[] {
  return [
    ...(task.NetworkMode === "host" ? [taken("host-network", "NetworkMode")] : []),
    ...(["IpcMode", "PidMode"] as const).flatMap((mode) =>
      task[mode] === "host" ? [taken("host-namespaces", mode)] : [],
    ),
    ...(mappings(task.Volumes).some(({ Host }) => Host !== undefined)
      ? [taken("host-paths", "Volumes")]
      : []),
    ...mappings(task.ContainerDefinitions).flatMap(takenByContainer),
  ];
}

function takenByContainer({ LinuxParameters, Privileged }: Properties): readonly Taken[] {
  const { Capabilities, Devices } = mapping(LinuxParameters);
  const inContainers = (right: HostRight, key: string) => taken(right, "ContainerDefinitions", key);
  return [
    ...(Privileged === true ? [inContainers("privileged", "Privileged")] : []),
    ...(mapping(Capabilities).Add === undefined
      ? []
      : [inContainers("capabilities", "LinuxParameters")]),
    ...(Devices === undefined ? [] : [inContainers("devices", "LinuxParameters")]),
  ];
}

const taken = (right: HostRight, ...property: readonly string[]): Taken => ({ right, property });

const mapping = (value: Value | undefined): Properties =>
  typeof value === "object" && !Array.isArray(value) ? (value as Properties) : {};

const mappings = (value: Value | undefined): readonly Properties[] =>
  Array.isArray(value) ? value.map((one: Value) => mapping(one)) : [];
