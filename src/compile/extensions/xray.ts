import { boolean, booleanOr, integer, object, type Read, text } from "../read.ts";
import type { Path } from "../report.ts";
import { extension, type Scope } from "../scope.ts";
import type { Family, Member } from "../services/family.ts";
import { textValue } from "../values.ts";
import { neighbour, sidecarPorts } from "./neighbour.ts";

/** The daemon's container, and where it listens. */
const container = "xray-daemon";
const port = 2000;

const image = "public.ecr.aws/xray/aws-xray-daemon:3.3.13";

/** X-Ray has no resources to narrow these to: the service authorization reference says `*`. */
const actions = [
  "xray:GetSamplingRules",
  "xray:GetSamplingStatisticSummaries",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

const readXray = booleanOr(
  object({
    enabled: boolean,
    image: text,
    // The same, as ECS ComposeX has it.
    OverrideImage: text,
    cpu: integer,
    memory: integer,
  }),
);

type Settings = Exclude<Read<typeof readXray>, boolean>;

/**
 * `x-xray`: the X-Ray daemon beside a service's containers. A service's own word counts before
 * the one at the top of the file. The daemon gets nothing of the application: no secrets, no
 * variables; and its port is opened to nobody.
 */
export function trace(member: Member, family: Family, scope: Scope): void {
  const { settings, path } = settingsOf(member, scope);
  if (settings.enabled !== true) return;
  const value = `${neighbour(container, member, family)}:${port}`;
  member.environment.set("AWS_XRAY_DAEMON_ADDRESS", { value, path });
  member.dependsOn.push({ ContainerName: container, Condition: "START" });
  if (family.sidecars.some((sidecar) => sidecar.container === container)) return;
  family.sidecars.push({
    container,
    path:
      settings.image === undefined && settings.OverrideImage ? [...path, "OverrideImage"] : path,
    cpu: settings.cpu ?? 32,
    memory: settings.memory ?? 256,
    asked: { ...settings, path },
    definition: {
      Image: textValue(settings.image ?? settings.OverrideImage ?? image, path, scope),
      Essential: false,
      ...sidecarPorts([{ ContainerPort: port, Protocol: "udp" }], family),
    },
  });
  family.taskStatements.push({ Sid: "Xray", Effect: "Allow", Action: actions, Resource: "*" });
}

/** A service's own word, else the one at the top. */
function settingsOf({ service, path }: Member, { project, report }: Scope) {
  const key = (["x-xray", "x-ray"] as const).find((name) => (service[name] ?? null) !== null);
  const data = (key === undefined ? extension(project, "x-xray") : service[key]) ?? false;
  const at: Path = key === undefined ? ["x-xray"] : [...path, key];
  const read = readXray(data, at, report) ?? false;
  const settings: Settings =
    typeof read === "boolean" ? { enabled: read } : { enabled: true, ...read };
  return { settings, path: at };
}
