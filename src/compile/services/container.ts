import { type Properties, pseudo, ref, type Value } from "../../model/template.ts";
import { asMapping } from "../read.ts";
import type { Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { entryValue, textValue } from "../values.ts";
import type { Attribute } from "./attribute.ts";
import { dependencies } from "./dependencies.ts";
import type { Family, Member } from "./family.ts";
import { healthCheck } from "./health.ts";
import { checkImage } from "./image-name.ts";
import { instanceRights } from "./instance.ts";
import { instanceNetwork } from "./instance-network.ts";
import { linux } from "./linux.ts";
import { logConfiguration } from "./logs.ts";
import { portMappings } from "./ports.ts";
import { restartPolicy } from "./restart.ts";
import { stopTimeout } from "./stop.ts";
import { mountPoints } from "./volumes.ts";
import { volumesFrom } from "./volumes-from.ts";

/** In the order in which a definition is printed. */
const attributes: readonly Attribute[] = [
  process,
  environment,
  portMappings,
  healthCheck,
  dependencies,
  restartPolicy,
  mountPoints,
  volumesFrom,
  linux,
  instanceRights,
  instanceNetwork,
  stopTimeout,
  dockerLabels,
  logConfiguration,
];

/** A compose service as a container definition, with its share of what the task has. */
export function containerOf(
  member: Member,
  share: Properties,
  family: Family,
  scope: Scope,
): Properties {
  const { service, container, path } = member;
  if (service.image === undefined || service.image === "") {
    const help = "ECS builds nothing: name the image that the service runs.";
    scope.report.error({ code: "missing-key", path, message: "image is missing", help });
  }
  const image = textValue(service.image ?? "", [...path, "image"], scope);
  if (typeof image === "string" && image !== "") checkImage(image, [...path, "image"], scope);
  const parts = attributes.map((attribute) => attribute(member, family, scope));
  return Object.assign({ Name: container, Image: image }, ...parts, ...member.properties, share);
}

function process(member: Member, _family: Family, scope: Scope): Properties {
  const { service, path } = member;
  const words = (key: "command" | "entrypoint"): readonly Value[] => {
    const at = [...path, key];
    return (service[key] ?? []).map((word, index) => entryValue(word, at, index, scope));
  };
  const workingIn = (folder: string): Properties => ({
    WorkingDirectory: textValue(folder, [...path, "working_dir"], scope),
  });
  return {
    ...commandLine(member, words, scope.report),
    ...(typeof service.working_dir === "string" ? workingIn(service.working_dir) : {}),
    ...(service.user !== undefined && service.user !== null ? { User: String(service.user) } : {}),
    ...(service.tty === true ? { PseudoTerminal: true } : {}),
    ...(service.stdin_open === true ? { Interactive: true } : {}),
    ...(service.read_only === true ? { ReadonlyRootFilesystem: true } : {}),
  };
}

/** ECS cannot take the entrypoint of an image away, as an empty one does: what is to run takes its place. */
function commandLine(
  { service, path }: Member,
  words: (key: "command" | "entrypoint") => readonly Value[],
  report: Report,
): Properties {
  const isTakenAway = service.entrypoint?.length === 0;
  if (isTakenAway && service.command?.length) return { EntryPoint: words("command") };
  if (isTakenAway) {
    const message = "ECS leaves the entrypoint of the image where there is no other";
    const help = "Write as entrypoint what the container is to run.";
    report.warn({ code: "no-effect", path: [...path, "entrypoint"], message, help });
  }
  return {
    ...(service.entrypoint?.length ? { EntryPoint: words("entrypoint") } : {}),
    ...(service.command?.length ? { Command: words("command") } : {}),
  };
}

/** Sorted by name, so that the order of the file, or of modules, changes no task. */
function environment(member: Member, family: Family, scope: Scope): Properties {
  const { secrets } = member;
  const values = written(member, scope);
  for (const [name, { value }] of member.environment)
    if (!values.has(name)) values.set(name, value);
  // Outside AWS no instance tells its containers where they are.
  if (family.launch === "EXTERNAL" && !values.has("AWS_DEFAULT_REGION"))
    values.set("AWS_DEFAULT_REGION", pseudo.region);
  const names = [...values.keys()].filter((name) => !secrets.has(name)).sort();
  return {
    ...(names.length > 0
      ? { Environment: names.map((Name) => ({ Name, Value: values.get(Name) ?? "" })) }
      : {}),
    ...(secrets.size > 0
      ? {
          Secrets: [...secrets.keys()]
            .sort()
            .map((Name) => ({ Name, ValueFrom: secrets.get(Name)?.value ?? "" })),
        }
      : {}),
  };
}

/** What the file itself gives a container: it counts before what a resource would. */
function written(member: Member, scope: Scope): Map<string, Value> {
  const values = new Map<string, Value>();
  const given = member.service.environment ?? {};
  const path = [...member.path, "environment"];
  const warn = (code: string, name: string, message: string): void =>
    scope.report.warn({ code, path: [...path, name], message });
  for (const name of Object.keys(given)) {
    const text = given[name];
    if (name === "") {
      const message = "a variable without a name is none";
      scope.report.error({ code: "bad-name", path: [...path, name], message });
      continue;
    }
    if (text === null || text === undefined) {
      warn("no-value", name, `${name} has no value, so the container will not have it`);
      continue;
    }
    if (member.environment.has(name))
      warn("overruled", name, `${name} is written here, so what a resource would give is not used`);
    if (member.secrets.has(name))
      warn("overruled", name, `a secret has the name ${name}, and is what the container gets`);
    values.set(name, entryValue(text, path, name, scope));
  }
  return values;
}

function dockerLabels({ service, path }: Member, _family: Family, scope: Scope): Properties {
  const labels = asMapping(service.labels);
  const names = Object.keys(labels);
  if (names.length === 0) return {};
  const at = [...path, "labels"];
  const DockerLabels = Object.fromEntries(
    names.map((name) => [name, entryValue(String(labels[name] ?? ""), at, name, scope)]),
  );
  return { DockerLabels };
}

/** A sidecar's container definition: logs beside the application's, and nothing else of it. */
export const sidecarLogs = (family: Family, container: string): Properties => ({
  LogConfiguration: {
    LogDriver: "awslogs",
    Options: {
      "awslogs-group": ref(`${family.id}LogGroup`),
      "awslogs-region": pseudo.region,
      "awslogs-stream-prefix": container,
    },
  },
});
