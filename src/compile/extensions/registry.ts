import { suggestion } from "../nearest.ts";
import type { Scope } from "../scope.ts";
import type { Family, Member } from "../services/family.ts";
import { giveSecrets } from "../services/secrets.ts";
import { ecs } from "./ecs.ts";
import { iam } from "./iam.ts";
import { network } from "./network.ts";
import type { ServiceKey } from "./service-key.ts";
import { trace } from "./xray.ts";

/** Read where something else is made of it, or left alone on purpose. */
const elsewhere: ServiceKey = () => undefined;

/** Every `x-` key of a service. */
const serviceKeys: Readonly<Record<string, ServiceKey>> = {
  "x-aws-max_percent": elsewhere,
  "x-aws-min_percent": elsewhere,
  "x-ecs": ecs,
  "x-iam": iam,
  "x-image-policy": elsewhere,
  "x-logging": elsewhere,
  "x-network": network,
  "x-ray": elsewhere,
  "x-scaling": elsewhere,
  "x-xray": elsewhere,
};

/** Known to ECS ComposeX, and not built yet. */
const later = [
  "x-alarms",
  "x-aws-autoscaling",
  "x-aws-logs_retention",
  "x-aws-policies",
  "x-aws-pull_credentials",
  "x-aws-role",
  "x-docker_opts",
  "x-ecr",
  "x-environment",
  "x-monitoring",
  "x-prometheus",
];

/** Lets every extension of a service add to its family. */
export function applyExtensions(member: Member, family: Family, scope: Scope): void {
  trace(member, family, scope);
  giveSecrets(member, family, scope);
  for (const [key, data] of Object.entries(member.service)) {
    if (!key.startsWith("x-")) continue;
    const apply = Object.hasOwn(serviceKeys, key) ? serviceKeys[key] : undefined;
    if (apply === undefined) unknownKey(key, member, scope);
    else apply(data ?? null, member, family, scope);
  }
}

function unknownKey(key: string, { path }: Member, { report }: Scope): void {
  const at = [...path, key];
  if (later.includes(key)) {
    const message = `${key} is not supported yet`;
    report.error({ code: "not-supported-yet", path: at, message });
    return;
  }
  const help = suggestion(key, [...Object.keys(serviceKeys), ...later]);
  report.error({ code: "unknown-key", path: at, message: `unknown key ${key}`, help });
}
