import type { Properties } from "../../model/template.ts";
import {
  asIs,
  asMapping,
  boolean,
  booleanOr,
  integer,
  list,
  noEffect,
  object,
  type Read,
  type Reader,
  text,
} from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Family, Member } from "../services/family.ts";
import { taskFamily } from "../services/task-family.ts";

const readExporter = object({
  ExporterPort: integer,
  ExporterPath: text,
  // Of which containers, where its processors do not say it.
  source_labels: list(text),
  label_matcher: text,
  EmfProcessors: list(
    object(
      {
        source_labels: list(text),
        label_matcher: text,
        dimensions: list(list(text)),
        metric_selectors: list(text),
      },
      ["metric_selectors"],
    ),
  ),
});

/** App Mesh is no more, and neither is its container. */
const gone: Reader<never> = (data, path, report) => {
  if (String(data) === "false") return undefined;
  const message = "AWS App Mesh has ended: there is no envoy container to collect from";
  report.warn({ code: "no-effect", path, message });
  return undefined;
};

/** It would find tasks of other families, and ask for rights in the whole cluster. */
const ownFile: Reader<never> = (_data, path, report) => {
  const message = "a configuration of one's own is not supported yet: nothing is collected by it";
  report.warn({ code: "not-supported-yet", path, message, help: "Write CustomRules." });
  return undefined;
};

const readPrometheus = object({
  ContainersInsights: object({
    EnableCWAgentDebug: boolean,
    CollectEmf: asIs,
    CollectForAppMesh: gone,
    CollectForAppmesh: gone,
    CollectForJavaJmx: booleanOr(readExporter),
    CollectForNginx: booleanOr(readExporter),
    CollectForNginxPlus: noEffect("ECS ComposeX has no rules for it: write them as CustomRules"),
    AutoAddNginxPrometheusExporter: boolean,
    CustomRules: list(readExporter),
    ScrapingConfiguration: object({
      Interval: text,
      Timeout: text,
      ScrapingConfigurationFile: ownFile,
    }),
  }),
});

type Exporter = Read<typeof readExporter>;

/** What the agent collects of one container, and which metrics CloudWatch makes of it. */
export interface Prometheus {
  readonly debug: boolean;
  readonly interval: string | undefined;
  readonly timeout: string | undefined;
  readonly job: Properties;
  readonly processors: readonly Properties[];
}

/** `x-prometheus` of one service. Its container is collected from within the task, by loopback. */
export function prometheusOf(member: Member, family: Family, scope: Scope): readonly Prometheus[] {
  const path = [...member.path, "x-prometheus"];
  const given = member.service["x-prometheus"];
  if (given === undefined) return [];
  const settings = readPrometheus(given, path, scope.report)?.ContainersInsights ?? {};
  const { CollectForJavaJmx: jmx, CollectForNginx: nginx, CustomRules = [] } = settings;
  if (settings.AutoAddNginxPrometheusExporter === true) addNginxExporter(path, family);
  const at = [...path, "ContainersInsights"];
  const exporters: readonly (readonly [Exporter, Defaults, Path])[] = [
    ...asked(jmx, javaJmx, [...at, "CollectForJavaJmx"]),
    ...asked(nginx, nginxExporter, [...at, "CollectForNginx"]),
    ...CustomRules.map((rule, index) => [rule, none, [...at, "CustomRules", index]] as const),
  ];
  return exporters.flatMap(([exporter, defaults, where]) => {
    const port = exporter.ExporterPort ?? defaults.port;
    if (port === undefined) {
      const message = "ExporterPort is missing";
      scope.report.error({ code: "missing-key", path: where, message });
      return [];
    }
    const name = `${member.container}-${port}`;
    return [
      {
        debug: settings.EnableCWAgentDebug === true,
        interval: settings.ScrapingConfiguration?.Interval,
        timeout: settings.ScrapingConfiguration?.Timeout,
        job: {
          job_name: name,
          metrics_path: exporter.ExporterPath ?? "/metrics",
          static_configs: [
            { targets: [`127.0.0.1:${port}`], labels: labelsOf(member, family, scope) },
          ],
        },
        processors: processorsOf(exporter, defaults, name),
      },
    ];
  });
}

/** What Prometheus is to collect, and how often. */
export const scrapes = (all: readonly Prometheus[]): Properties => ({
  global: {
    scrape_interval: all.find(({ interval }) => interval !== undefined)?.interval ?? "1m",
    scrape_timeout: all.find(({ timeout }) => timeout !== undefined)?.timeout ?? "10s",
  },
  scrape_configs: all.map(({ job }) => job),
});

interface Defaults {
  readonly port: number | undefined;
  /** Names of metrics, by the dimension they have beside the task's own. */
  readonly metrics: readonly (readonly [string | undefined, readonly string[]])[];
}

const none: Defaults = { port: undefined, metrics: [] };

/** What CloudWatch's own dashboards for Java show. */
const javaJmx: Defaults = {
  port: 9404,
  metrics: [
    [
      undefined,
      [
        "^jvm_threads_(current|daemon)$",
        "^jvm_classes_loaded$",
        "^jvm_gc_collection_seconds_(count|sum)$",
        "^java_lang_operatingsystem_(freephysicalmemorysize|totalphysicalmemorysize|freeswapspacesize|totalswapspacesize|systemcpuload|processcpuload|availableprocessors|openfiledescriptorcount)$",
        "^catalina_manager_(rejectedsessions|activesessions)$",
        "^catalina_globalrequestprocessor_(bytesreceived|bytessent|requestcount|errorcount|processingtime)$",
      ],
    ],
    ["area", ["^jvm_memory_bytes_used$"]],
    ["pool", ["^jvm_memory_pool_bytes_used$"]],
  ],
};

const nginxExporter: Defaults = { port: 9113, metrics: [[undefined, ["^nginx_.*$"]]] };

const asked = (
  given: boolean | Exporter | undefined,
  defaults: Defaults,
  path: Path,
): readonly (readonly [Exporter, Defaults, Path])[] => {
  if (given === undefined || given === false) return [];
  return [[given === true ? {} : given, defaults, path]];
};

function processorsOf(
  { EmfProcessors, label_matcher, source_labels = ["job"] }: Exporter,
  { metrics }: Defaults,
  job: string,
): readonly Properties[] {
  const own = { source_labels, label_matcher: label_matcher ?? `^${job}$` };
  const dimensions = ["ClusterName", "TaskDefinitionFamily"];
  if (EmfProcessors !== undefined)
    return EmfProcessors.map((processor) => ({
      ...own,
      dimensions: [dimensions],
      ...(processor as Properties),
    }));
  return metrics.map(([dimension, selectors]) => ({
    ...own,
    dimensions: [[...dimensions, ...(dimension === undefined ? [] : [dimension])]],
    metric_selectors: selectors,
  }));
}

/** What discovery in a cluster would say of the container: rules select by it. */
function labelsOf(member: Member, family: Family, scope: Scope): Properties {
  const docker = Object.entries(asMapping(member.service.labels));
  return {
    ...Object.fromEntries(
      docker
        .filter(([key]) => /^[A-Za-z_]\w*$/.test(key))
        .map(([key, value]) => [key, String(value)]),
    ),
    TaskDefinitionFamily: taskFamily(family, scope),
    container_name: member.container,
  };
}

/** Turns nginx's own page of figures into metrics. */
function addNginxExporter(path: Path, family: Family): void {
  const container = "nginx-prometheus-exporter";
  if (family.sidecars.some((sidecar) => sidecar.container === container)) return;
  family.sidecars.push({
    container,
    path,
    cpu: 32,
    memory: 64,
    definition: {
      Image: "nginx/nginx-prometheus-exporter:1.5.1",
      Essential: false,
      Command: ["--nginx.scrape-uri=http://127.0.0.1:8080/stub_status"],
    },
  });
}
