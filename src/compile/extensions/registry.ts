import { sayUnread } from "../meant.ts";
import { noEffect } from "../read.ts";
import type { Scope } from "../scope.ts";
import { refuseReferences } from "../services/as-written.ts";
import { writeConfigs } from "../services/configs.ts";
import type { Family, Member } from "../services/family.ts";
import { checkLabels } from "../services/labels.ts";
import { giveSecrets } from "../services/secrets.ts";
import { awsPolicies, awsPullCredentials, awsRole, readDeployKeys } from "./aws.ts";
import { addCloudWatchAgent } from "./cloudwatch-agent.ts";
import { ecs } from "./ecs.ts";
import { environment } from "./environment.ts";
import { iam } from "./iam.ts";
import { dockerOptions, ecr } from "./images.ts";
import { network } from "./network.ts";
import type { ServiceKey } from "./service-key.ts";
import { trace } from "./xray.ts";

/** Read where something else is made of it, or left alone on purpose. */
const elsewhere: ServiceKey = () => undefined;

const notYet: ServiceKey = (data, path, _family, { report }) => {
  if (data === null || String(data).toLowerCase() === "false") return;
  const message = `${String(path.at(-1))} is not supported yet: nobody profiles the service`;
  report.warn({ code: "not-supported-yet", path, message });
};

/** As it was before ComposeX 0.12, and is passed over since. */
const replaced: ServiceKey = (data, path, _family, { report }) => {
  const why = "what it said is said by x-iam, x-network, x-scaling, x-logging and x-xray";
  noEffect(why)(data, path, report);
};

/** Every `x-` key of a service. */
const serviceKeys: Readonly<Record<string, ServiceKey>> = {
  "x-alarms": elsewhere,
  "x-aws-logs_retention": elsewhere,
  "x-aws-max_percent": elsewhere,
  "x-aws-min_percent": elsewhere,
  "x-aws-policies": awsPolicies,
  "x-aws-pull_credentials": awsPullCredentials,
  "x-aws-role": awsRole,
  "x-codeguru-profiler": notYet,
  "x-codeguru_profiler": notYet,
  "x-configs": replaced,
  "x-docker_opts": dockerOptions,
  "x-ecr": ecr,
  "x-ecs": ecs,
  "x-environment": environment,
  "x-iam": iam,
  "x-image-policy": elsewhere,
  "x-logging": elsewhere,
  "x-monitoring": elsewhere,
  "x-network": network,
  "x-prometheus": elsewhere,
  "x-ray": elsewhere,
  "x-scaling": elsewhere,
  "x-xray": elsewhere,
};

/** Lets every extension of a service add to its family. */
export function applyExtensions(member: Member, family: Family, scope: Scope): void {
  trace(member, family, scope);
  giveSecrets(member, family, scope);
  checkLabels(member, scope);
  refuseReferences(member, scope.report);
  if (member === family.members[0]) {
    writeConfigs(family, scope);
    addCloudWatchAgent(family, scope);
  }
  readDeployKeys(member, scope);
  for (const key of Object.keys(member.service)) {
    if (!key.startsWith("x-")) continue;
    const apply = Object.hasOwn(serviceKeys, key) ? serviceKeys[key] : undefined;
    const data = member.service[key] ?? null;
    const path = [...member.path, key];
    if (apply === undefined) sayUnread(data, path, Object.keys(serviceKeys), scope.report);
    else apply(data, path, family, scope, member);
  }
}
