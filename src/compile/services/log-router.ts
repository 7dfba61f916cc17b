import type { Data } from "../../compose/project.ts";
import { distinct } from "../../model/same.ts";
import type { Properties } from "../../model/template.ts";
import {
  asMapping,
  boolean,
  file,
  functionIn,
  integer,
  isMapping,
  list,
  mapOf,
  object,
  type Read,
  type Reader,
  text,
} from "../read.ts";
import { type Path, silent } from "../report.ts";
import type { Scope } from "../scope.ts";
import { dataValue } from "../values.ts";
import { sum } from "./demand.ts";
import type { Family, Member } from "./family.ts";
import { fileWriter, type WrittenFile } from "./file-writer.ts";

/** The container that carries logs away, as everybody calls it, and the one that gives it its files. */
const container = "log_router";
const writer = "log_router_files";
const volume = "log-router-files";

const image = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.34.3";

/** Where the router finds its files, and answers how it is. */
const folder = "/fluent-bit/trueup";
const port = 2020;

/** The router is Fluent Bit, and its files are the repository's. */
const onlyFluentBit: Reader<never> = (data, path, report) => {
  if (data === "fluentbit") return undefined;
  const message = "the log router is fluentbit";
  report.error({ code: "cannot-honour", path, message });
  return undefined;
};

/** On Fargate ECS takes no other, and the router has no right to a bucket. */
const onlyFile: Reader<never> = (data, path, report) => {
  if (data === "file") return undefined;
  const message = "the log router takes its configuration from its image, or from the repository";
  const help = "Write file, or Advanced: {SourceFile: …}.";
  report.error({ code: "cannot-honour", path, message, help });
  return undefined;
};

/** `FirelensConfiguration`, in the words of ECS. */
export const readConfiguration = object({
  Type: onlyFluentBit,
  Options: object({
    "enable-ecs-log-metadata": boolean,
    "config-file-type": onlyFile,
    "config-file-value": text,
  }),
});

/** A value of a variable, or a function of CloudFormation that gives one. */
const valueText: Reader<Data> = (data, path, report) =>
  functionIn(data) === undefined ? text(data, path, report) : data;

/** `{NAME: value}`, `[NAME=value]` or `[{Name, Value}]`. */
const variables: Reader<Readonly<Record<string, Data>>> = (data, path, report) => {
  if (!Array.isArray(data)) return mapOf(valueText)(data, path, report);
  const pairs = list(pair)(data, path, report) ?? [];
  return Object.fromEntries(pairs);
};

const pair: Reader<readonly [string, string]> = (data, path, report) => {
  if (isMapping(data)) {
    const { Name, Value } =
      object({ Name: text, Value: text }, ["Name", "Value"])(data, path, report) ?? {};
    return [Name ?? "", Value ?? ""];
  }
  const [name = "", value = ""] = (text(data, path, report) ?? "").split(/=(.*)/s);
  return [name, value];
};

/** `x-logging.FireLens.Advanced`. */
export const readAdvanced = object({
  SourceFile: file,
  ParserFiles: list(file),
  // As its documentation has it, and as it is meant.
  EnableApiHeathCheck: boolean,
  EnableApiHealthCheck: boolean,
  GracePeriod: integer,
  ComposeXManagedAwsDestinations: list(mapOf(text)),
  FirelensConfiguration: readConfiguration,
  LogDriverBufferLimit: integer,
  EnvironmentVariables: variables,
});

type Advanced = Read<typeof readAdvanced>;

/** The settings of every member: a family has one router, which does what any of them asks for. */
function settingsOf({ members }: Family): readonly Advanced[] {
  return members.flatMap((member) => {
    const data = advancedOf(member);
    return data === undefined ? [] : (readAdvanced(data, [], silent) ?? []);
  });
}

/** Whether a file of the repository says where logs go. */
export const hasSource = (family: Family): boolean =>
  settingsOf(family).some(({ SourceFile }) => SourceFile !== undefined);

function advancedOf({ service }: Member): Data | undefined {
  return asMapping(asMapping(service["x-logging"]).FireLens).Advanced;
}

/** The first line that has logs of the family go to a router. */
const askedAt = ({ members, path }: Family): Path => {
  const asking = members.find(({ service }) => service["x-logging"] !== undefined);
  if (asking !== undefined) return [...asking.path, "x-logging"];
  const routed = members.find(({ service }) => isMapping(service.logging));
  return routed === undefined ? path : [...routed.path, "logging"];
};

/** Adds the log router to a family, once. */
export function addRouter(family: Family, scope: Scope): void {
  if (family.sidecars.some((sidecar) => sidecar.container === container)) return;
  const all = settingsOf(family);
  const isAsked = all.some(asksHealth);
  const grace = Math.max(0, ...all.map(({ GracePeriod = 0 }) => GracePeriod));
  const ofImage = imageFilesOf(family);
  const files = filesOf(all, { ofImage, isAsked, grace });
  const config = files.length > 0 ? `${folder}/${main}` : ofImage[0];
  if (files.length > 0) addWriter(files, family, scope);
  const environment = environmentOf(family, scope);
  family.sidecars.push({
    container,
    path: askedAt(family),
    cpu: 32,
    // What its senders may keep for it is the task's memory, too.
    memory: 64 + Math.ceil(sum(all.map((one) => one.LogDriverBufferLimit ?? 0)) / 2 ** 20),
    definition: {
      Image: image,
      // Without it the others would go on, and nobody would hear of it.
      Essential: true,
      FirelensConfiguration: {
        Type: "fluentbit",
        Options: {
          "enable-ecs-log-metadata": String(!family.members.some(wantsNoMetadata)),
          ...(config === undefined
            ? {}
            : { "config-file-type": "file", "config-file-value": config }),
        },
      },
      User: "0",
      ...(environment.length > 0 ? { Environment: environment } : {}),
      ...(isAsked ? { HealthCheck: healthCheck } : {}),
      // It has to outlast the time that it goes on for.
      ...(grace > 25 ? { StopTimeout: Math.min(grace + 5, 120) } : {}),
      ...(files.length > 0 ? mounted : {}),
    },
  });
}

/** The last of several members that say what a variable holds counts. */
function environmentOf({ members }: Family, scope: Scope): readonly Properties[] {
  const values = members.flatMap((member) => {
    const path = [...member.path, "x-logging", "FireLens", "Advanced", "EnvironmentVariables"];
    const given =
      readAdvanced(advancedOf(member) ?? null, path, silent)?.EnvironmentVariables ?? {};
    return Object.entries(given).map(
      ([name, data]) => [name, dataValue(withRef(data), [...path, name], scope)] as const,
    );
  });
  return [...new Map(values)].sort(byName).map(([Name, Value]) => ({ Name, Value }));
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;

/** `Fn::Ref`, as ECS ComposeX has it, is CloudFormation's `Ref`. */
const withRef = (data: Data): Data =>
  isMapping(data) && data["Fn::Ref"] !== undefined ? { Ref: data["Fn::Ref"] } : data;

/** The options that a member says in the words of ECS, wherever they stand. */
function optionsOf({ service }: Member) {
  const fireLens = asMapping(asMapping(service["x-logging"]).FireLens);
  return ["Shorthands", "ShortHands", "Advanced"].flatMap((key) => {
    const own = asMapping(fireLens[key]).FirelensConfiguration;
    return own === undefined ? [] : (readConfiguration(own, [], silent)?.Options ?? []);
  });
}

/** What every line of the log is told of its task, unless somebody wants none of it. */
const wantsNoMetadata = (member: Member): boolean =>
  optionsOf(member).some((own) => own["enable-ecs-log-metadata"] === false);

/** Configurations that the image has: `/fluent-bit/configs/parse-json.conf` is one of AWS's own. */
const imageFilesOf = ({ members }: Family): readonly string[] =>
  distinct(members.flatMap(optionsOf).flatMap((own) => own["config-file-value"] ?? []));

const mounted: Properties = {
  MountPoints: [{ ContainerPath: folder, SourceVolume: volume, ReadOnly: true }],
  DependsOn: [{ ContainerName: writer, Condition: "SUCCESS" }],
};

const healthCheck: Properties = {
  Command: ["CMD-SHELL", `curl -f http://127.0.0.1:${port}/api/v1/uptime || exit 1`],
  Interval: 10,
  Timeout: 5,
  Retries: 3,
  StartPeriod: 10,
};

const asksHealth = ({ EnableApiHeathCheck, EnableApiHealthCheck }: Advanced): boolean =>
  EnableApiHeathCheck === true || EnableApiHealthCheck === true;

/** What ECS includes in the configuration that it makes, which includes the rest. */
const main = "main.conf";

interface Asked {
  readonly ofImage: readonly string[];
  /** Whether the router is to answer how it is. */
  readonly isAsked: boolean;
  /** In seconds. */
  readonly grace: number;
}

/** Nothing, where nothing is asked for that takes a file of ours. */
function filesOf(
  all: readonly Advanced[],
  { ofImage, isAsked, grace }: Asked,
): readonly (readonly [name: string, content: string])[] {
  const parsers = numbered("parsers", distinct(all.flatMap(({ ParserFiles = [] }) => ParserFiles)));
  const sources = numbered("source", distinct(all.flatMap(({ SourceFile = [] }) => SourceFile)));
  const service = [
    ...(grace > 0 ? [`Grace ${grace}`] : []),
    ...(isAsked ? ["HTTP_Server On", "HTTP_Listen 127.0.0.1", `HTTP_Port ${port}`] : []),
    ...parsers.map(([name]) => `Parsers_File ${folder}/${name}`),
  ];
  if (service.length + sources.length === 0 && ofImage.length < 2) return [];
  const lines = [
    ...(service.length > 0 ? ["[SERVICE]", ...service.map((line) => `    ${line}`)] : []),
    ...ofImage.map((file) => `@INCLUDE ${file}`),
    ...sources.map(([name]) => `@INCLUDE ${folder}/${name}`),
  ];
  return [[main, `${lines.join("\n")}\n`], ...parsers, ...sources];
}

const numbered = (name: string, contents: readonly string[]) =>
  contents.map((content, index) => [`${name}-${index + 1}.conf`, content] as const);

function addWriter(
  files: readonly (readonly [string, string])[],
  family: Family,
  { report }: Scope,
): void {
  const path: Path = [...family.path, "x-logging", "FireLens", "Advanced"];
  const written = files.map(
    ([name, content]): WrittenFile => ({ volume, name, content, mode: "0444", owner: "0:0" }),
  );
  family.volumes.set(volume, { Name: volume });
  family.sidecars.push({
    container: writer,
    path,
    cpu: 2,
    memory: 16,
    definition: fileWriter(written, { path, report }),
  });
}
