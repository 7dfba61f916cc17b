import type { Data } from "../../compose/project.ts";
import { distinct } from "../../model/same.ts";
import type { Properties } from "../../model/template.ts";
import { asList, asMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { isDaemon } from "./daemon.ts";
import type { Family, Member } from "./family.ts";

/** What compose calls an instance's own, as the attribute that ECS has for it. */
const attributes: Readonly<Record<string, string>> = {
  "node.platform.arch": "ecs.cpu-architecture",
  "node.platform.os": "ecs.os-type",
};

/** `deploy.placement`: which instances tasks may run on, and over what they are spread. */
export function placementOf(family: Family, { report }: Scope): Properties {
  const { launch, members } = family;
  if (launch === "FARGATE") return {};
  const placements = members.map((member) => read(member, report));
  const all = distinct(placements.flatMap(({ constraints }) => constraints));
  // One task an instance is what a daemon is anyway.
  const isOnePerInstance = isDaemon(family);
  const PlacementConstraints = isOnePerInstance
    ? all.filter(({ Type }) => Type !== "distinctInstance")
    : all;
  const PlacementStrategies = isOnePerInstance
    ? []
    : distinct(placements.flatMap(({ strategies }) => strategies));
  return {
    ...(PlacementConstraints.length > 0 ? { PlacementConstraints } : {}),
    ...(PlacementStrategies.length > 0 ? { PlacementStrategies } : {}),
  };
}

interface Placement {
  readonly constraints: readonly Properties[];
  readonly strategies: readonly Properties[];
}

function read({ service, path }: Member, report: Report): Placement {
  const given = asMapping(asMapping(service.deploy).placement);
  const at = [...path, "deploy", "placement"];
  const each = <T>(key: string, make: (item: Data, where: Path) => readonly T[]): readonly T[] =>
    asList(given[key]).flatMap((item, index) => make(item, [...at, key, index]));
  return {
    constraints: [
      ...each("constraints", (item, where) => constraint(String(item), where, report)),
      ...onePerInstance(given.max_replicas_per_node, [...at, "max_replicas_per_node"], report),
    ],
    strategies: each("preferences", (item, where) =>
      spread(String(asMapping(item).spread ?? ""), [...where, "spread"], report),
    ),
  };
}

/** What expressions of ECS begin with (docs: "Create expressions to define container instances"). */
const ownExpression =
  /^[\s(!]*(?:not\s*\(?\s*)?(?:attribute:|task:|agentConnected\b|agentVersion\b|ec2InstanceId\b|registeredAt\b|runningTasksCount\b)/;

/** `node.labels.disk == ssd`, as Swarm has it, or an expression of ECS's own: `attribute:disk == ssd`. */
function constraint(text: string, path: Path, report: Report): readonly Properties[] {
  if (ownExpression.test(text)) return [{ Type: "memberOf", Expression: text }];
  const [, key = "", sign = "", value = ""] = /^\s*(\S+?)\s*([!=]=)\s*(\S+)\s*$/.exec(text) ?? [];
  const attribute = attributeOf(key);
  if (attribute === undefined) return leftOut(text, path, report);
  return [{ Type: "memberOf", Expression: `attribute:${attribute} ${sign} ${value}` }];
}

/** `node.labels.rack`, or what ECS has itself: `attribute:ecs.availability-zone`, `instanceId`. */
function spread(text: string, path: Path, report: Report): readonly Properties[] {
  if (text.startsWith("attribute:") || text === "instanceId" || text === "host")
    return [{ Type: "spread", Field: text }];
  const attribute = attributeOf(text);
  if (attribute === undefined) return leftOut(text, path, report);
  return [{ Type: "spread", Field: `attribute:${attribute}` }];
}

const attributeOf = (key: string): string | undefined =>
  /^(?:node|engine)\.labels\.(.+)$/.exec(key)?.[1] ??
  (Object.hasOwn(attributes, key) ? attributes[key] : undefined);

/** Only a swarm places by it: docker compose and ECS ComposeX pass over placement. */
function leftOut(text: string, path: Path, report: Report): readonly Properties[] {
  const message = `does nothing: ECS cannot place tasks by ${text || "nothing"}`;
  const help = "node.labels.NAME and node.platform.arch work, and attribute:NAME of the instance.";
  report.warn({ code: "no-effect", path, message, help });
  return [];
}

function onePerInstance(most: Data | undefined, path: Path, report: Report): readonly Properties[] {
  if (most === undefined || most === null || Number(most) === 0) return [];
  if (Number(most) === 1) return [{ Type: "distinctInstance" }];
  const message = `does nothing: ECS puts one task of a service on an instance, or as many as fit, not ${most}`;
  report.warn({ code: "no-effect", path, message, help: "Write 1, or remove it." });
  return [];
}
