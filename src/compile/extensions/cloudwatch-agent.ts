import { getAtt, join, type Properties, ref, type Value } from "../../model/template.ts";
import { asMapping, boolean, booleanOr, object, type Read, text } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Family, Member } from "../services/family.ts";
import { textValue } from "../values.ts";
import { ecsInterpolates } from "./images.ts";
import { neighbour, sidecarPorts } from "./neighbour.ts";
import { prometheusOf, scrapes } from "./prometheus.ts";

/** The agent's container, and where it takes metrics. */
const container = "cloudwatch-agent";
const port = 25888;

const repository = "public.ecr.aws/cloudwatch-agent/cloudwatch-agent";
const version = "1.300072.0b1766";

/** `CWAgentCollectEmf`: true, or which image of the agent. */
const readEmf = booleanOr(
  object({ UseLatest: boolean, InterpolateWithDigest: boolean, OverrideImage: text }),
);

const readMonitoring = object({ CWAgentCollectEmf: readEmf });

/**
 * `x-monitoring` and `x-prometheus`: the CloudWatch agent beside a family's services. It writes
 * metrics as text to the family's log group, from which CloudWatch makes metrics. What it is told
 * stands in the task definition, so that another configuration is another deployment.
 */
export function addCloudWatchAgent(family: Family, scope: Scope): void {
  const emf = family.members.flatMap((member) => emfOf(member, scope));
  const prometheus = family.members.flatMap((member) => prometheusOf(member, family, scope));
  if (emf.length === 0 && prometheus.length === 0) return;
  if (prometheus.length > 0 && family.networkMode === "bridge") refuseBridge(family, scope);
  const group = `${family.id}LogGroup`;
  const chosen = emf.find(({ image }) => image !== undefined);
  for (const member of family.members) {
    member.dependsOn.push({ ContainerName: container, Condition: "START" });
    if (emf.length > 0) tellWhere(member, family, ref(group), emf[0]?.path ?? family.path);
  }
  family.sidecars.push({
    container,
    path: chosen?.imagePath ?? emf[0]?.path ?? prometheusAt(family),
    cpu: 32,
    memory: 256,
    definition: {
      Image: chosen?.image ?? usualImage(),
      Essential: false,
      ...sidecarPorts(
        ["tcp", "udp"].map((Protocol) => ({ ContainerPort: port, Protocol })),
        family,
      ),
      Environment: [
        { Name: "CW_CONFIG_CONTENT", Value: configuration(emf.length > 0, prometheus, ref(group)) },
        ...(prometheus.length > 0
          ? [{ Name: "PROMETHEUS_CONFIG_CONTENT", Value: JSON.stringify(scrapes(prometheus)) }]
          : []),
      ],
    },
  });
  family.taskStatements.push({
    Sid: "CloudWatchAgent",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    Resource: [getAtt(group, "Arn")],
  });
}

function refuseBridge({ path }: Family, { report }: Scope): void {
  const message = "the agent collects by loopback, which containers on a bridge do not share";
  const help = "Write network_mode: host, or awsvpc.";
  report.error({ code: "cannot-honour", path: [...path, "x-prometheus"], message, help });
}

const usualImage = (tag = version): string => `${repository}:${tag}`;

const prometheusAt = ({ members, path }: Family): Path => [
  ...(members.find(({ service }) => service["x-prometheus"] !== undefined)?.path ?? path),
  "x-prometheus",
];

interface Emf {
  readonly image: Value | undefined;
  /** The line that says which. */
  readonly imagePath?: Path;
  readonly path: Path;
}

/** `x-monitoring.CWAgentCollectEmf`, and the same under `x-prometheus`. */
function emfOf({ service, path }: Member, scope: Scope): readonly Emf[] {
  if (service["x-monitoring"] === undefined && service["x-prometheus"] === undefined) return [];
  const at = [...path, "x-monitoring"];
  const monitoring = readMonitoring(service["x-monitoring"] ?? null, at, scope.report) ?? {};
  const other = asMapping(asMapping(service["x-prometheus"]).ContainersInsights).CollectEmf;
  const where = [...path, "x-prometheus", "ContainersInsights", "CollectEmf"];
  return [
    ...wished(monitoring.CWAgentCollectEmf, [...at, "CWAgentCollectEmf"], scope),
    ...(other === undefined ? [] : wished(readEmf(other, where, scope.report), where, scope)),
  ];
}

function wished(given: Read<typeof readEmf> | undefined, path: Path, scope: Scope): readonly Emf[] {
  if (given === undefined || given === false) return [];
  if (given === true) return [{ image: undefined, path }];
  if (given.InterpolateWithDigest === true)
    ecsInterpolates([...path, "InterpolateWithDigest"], scope);
  const latest = given.UseLatest === true ? usualImage("latest") : undefined;
  const key = given.OverrideImage === undefined ? "UseLatest" : "OverrideImage";
  const imagePath = [...path, key];
  const own = given.OverrideImage && textValue(given.OverrideImage, imagePath, scope);
  return [{ image: own ?? latest, imagePath, path }];
}

/** Where libraries for embedded metrics send them, and the log group that the task may write to. */
function tellWhere(member: Member, family: Family, group: Value, path: Path): void {
  const value = `tcp://${neighbour(container, member, family)}:${port}`;
  member.environment.set("AWS_EMF_AGENT_ENDPOINT", { value, path });
  member.environment.set("AWS_EMF_LOG_GROUP_NAME", { value: group, path });
}

/** The agent's own configuration, with the log group's name in it. */
function configuration(
  emf: boolean,
  prometheus: ReturnType<typeof prometheusOf>,
  group: Value,
): Value {
  const gap = "LOG-GROUP";
  const declarations = prometheus.flatMap(({ processors }) => processors);
  const debug = prometheus.some((one) => one.debug);
  const text = JSON.stringify({
    ...(debug ? { agent: { debug } } : {}),
    logs: {
      metrics_collected: {
        ...(emf ? { emf: {} } : {}),
        ...(prometheus.length > 0
          ? {
              prometheus: {
                log_group_name: gap,
                prometheus_config_path: "env:PROMETHEUS_CONFIG_CONTENT",
                emf_processor: {
                  metric_declaration_dedup: true,
                  metric_namespace: "ECS/ContainerInsights/Prometheus",
                  metric_declaration: declarations as readonly Properties[],
                },
              },
            }
          : {}),
      },
    },
  });
  const [before = "", after] = text.split(gap);
  return after === undefined ? text : join([before, group, after]);
}
