import type { Dependency } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { ref, type Value } from "../../model/template.ts";
import { base } from "../graph.ts";
import { pascal } from "../ids.ts";
import { suggestion } from "../nearest.ts";
import { asList, asMapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { Ground } from "../scope.ts";
import { securityGroup } from "../security-group.ts";
import { type Family, knownNames, label, type Member, membersNamed } from "./family.ts";
import { launchOf } from "./launch.ts";
import { networkModeOf } from "./network-mode.ts";
import { withSmallProtocols } from "./ports.ts";
import { breakCircles } from "./stack-order.ts";

/** Services grouped by their label `ecs.task.family`; without one a service is its own family. */
export function familiesOf(ground: Ground): ReadonlyMap<string, Family> {
  const members = new Map<string, Member[]>();
  for (const [name, service] of Object.entries(ground.project.services)) {
    const written = label(service, "ecs.task.family")?.split(",") ?? [name];
    // A comma at the end of several names is not one more.
    const some = written.filter((text) => text.trim() !== "");
    const names = some.length > 0 ? some : written;
    // What asks for the service by its name is not to blame for its label.
    const known = names.map((text) => (isName(text.trim(), name, ground) ? text.trim() : name));
    for (const family of new Set(known)) {
      const path = ["services", name];
      const member = {
        name,
        container: name.replaceAll(".", "-"),
        service: withSmallProtocols(service),
        path,
        environment: new Map(),
        secrets: new Map(),
        dependsOn: [],
        mounts: [],
        links: [],
        properties: [],
      };
      members.set(family, [...(members.get(family) ?? []), member]);
    }
  }
  const families = new Map(
    [...members].map(([name, own]) => [name, makeFamily(name, own, ground)] as const),
  );
  for (const family of families.values()) orderOf(family, families, ground);
  breakCircles(families, ground.report);
  return families;
}

function isName(family: string, service: string, { report }: Ground): boolean {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(family)) return true;
  const path = ["services", service, "deploy", "labels", "ecs.task.family"];
  const message = `${JSON.stringify(family)} is no name for a family`;
  const help = "Letters, digits, . _ and -, at most 100.";
  report.error({ code: "bad-name", path, message, help });
  return false;
}

function makeFamily(name: string, members: readonly Member[], ground: Ground): Family {
  const namesake = members.find((member) => member.name === name) ?? members[0];
  const path = namesake?.path ?? ["services", name];
  const launch = launchOf(members, ground);
  const networkMode = networkModeOf(members, launch, ground.report);
  return {
    name,
    id: pascal(name),
    path,
    members,
    launch,
    networkMode,
    sidecars: [],
    securityGroup: networkMode === "awsvpc" ? addGroup(name, path, ground) : undefined,
    // In one order: another would start all tasks anew, in the same groups.
    moreSecurityGroups: [...new Set(members.flatMap(moreGroups))].sort(),
    taskStatements: [],
    executionStatements: [],
    taskPolicies: [],
    managedPolicies: [],
    permissionsBoundaries: [],
    loadBalancers: [],
    targetGroups: [],
    serviceRegistries: [],
    volumes: new Map(),
    scans: new Map(),
    rules: new Map(),
    waitsFor: [],
    steps: [],
    events: [],
    after: new Map(),
    serviceProperties: [],
  };
}

function addGroup(name: string, path: Path, ground: Ground): string {
  const description = `Tasks of ${name.replaceAll(/[^A-Za-z0-9 ._-]/g, "-")}`;
  const group = securityGroup(`${pascal(name)}SecurityGroup`, description, ground);
  ground.add({ ...group, layer: base, path });
  return group.id;
}

/** `depends_on` within a family orders its containers, between families their stacks. */
function orderOf(family: Family, families: ReadonlyMap<string, Family>, ground: Ground): void {
  for (const member of family.members) {
    for (const [name, dependency] of Object.entries(member.service.depends_on ?? {})) {
      const path = [...member.path, "depends_on", name];
      const targets = membersNamed(name, families).map((target) => target.family);
      // A service of several families that runs beside what it needs in one of them has it there.
      if (targets.some(({ members }) => members.some((other) => other.name === member.name)))
        continue;
      checkTarget(name, dependency, { targets, families, path }, ground);
      for (const target of targets) family.after.set(target.name, path);
    }
  }
}

interface Aim {
  readonly targets: readonly Family[];
  readonly families: ReadonlyMap<string, Family>;
  readonly path: Path;
}

function checkTarget(
  name: string,
  { condition, required }: Dependency,
  { targets, families, path }: Aim,
  { report }: Ground,
): void {
  // The loader has let it pass: its profile is off.
  if (targets.length === 0 && required === false) return;
  if (targets.length === 0) {
    const help = suggestion(name, knownNames(families));
    const message = `there is no service or family ${shown(name)}`;
    report.error({ code: "unknown-service", path, message, help });
  } else if (condition === "service_completed_successfully") {
    const message = `${name} runs as a service of its own, which never completes`;
    const help = "Give both the label ecs.task.family to run them in one task.";
    report.error({ code: "never-completes", path, message, help });
  }
}

const moreGroups = ({ service }: Member): readonly string[] =>
  asList(asMapping(service["x-network"]).AdditionalSecurityGroups).map(String);

/** How rules name a family's tasks: by its own security group, else by those of its instances. */
export const groupsOf = ({ securityGroup, moreSecurityGroups }: Family): readonly Value[] =>
  securityGroup === undefined ? moreSecurityGroups : [ref(securityGroup)];
