import { type Properties, ref, type Value } from "../../model/template.ts";
import type { Source } from "../extensions/sources.ts";
import { hashedId, pascal } from "../ids.ts";
import type { Path, Report } from "../report.ts";
import { describe } from "../security-group.ts";
import { groupsOf } from "./families.ts";
import type { Family } from "./family.ts";
import type { OwnPort } from "./ports.ts";

/** Adds the rules that let a source in at a family's ports. The same rule twice is one rule. */
export function allow(
  family: Family,
  source: Source,
  ports: readonly OwnPort[],
  { path, report }: { readonly path: Path; readonly report: Report },
): void {
  if (family.securityGroup === undefined) {
    const message = `nothing lets ${source.name} in: tasks of ${family.name} have the addresses of their instances, whose security groups others make`;
    const help = "Let it in there.";
    report.warn({ code: "no-way", path, message, help });
    return;
  }
  const from = `${family.id}From${pascal(source.id ?? source.name)}`;
  const Description = describe(`${source.name} to ${family.name}`);
  for (const port of ports) {
    const createOnly = {
      GroupId: ref(family.securityGroup),
      IpProtocol: port.protocol,
      FromPort: port.number,
      ToPort: port.number,
      ...source.properties,
    };
    const id = hashedId(`${from}${pascal(port.protocol)}${port.number}`, createOnly);
    addRule(family, id, createOnly, { Description, path });
  }
}

/** What tasks want to reach: the group that guards it, and where it listens. */
interface Guarded {
  readonly name: string;
  readonly group: Value;
  readonly port: number;
}

/** Adds the rules that let a family's tasks in elsewhere. */
export function letIn(
  family: Family,
  { name, group, port }: Guarded,
  { path, report }: { readonly path: Path; readonly report: Report },
): void {
  const sources = groupsOf(family);
  // A group of others is what it is, however the file calls what it guards: no rule is made twice.
  const to = typeof group === "string" ? "SecurityGroup" : pascal(name);
  for (const SourceSecurityGroupId of sources) {
    const createOnly = {
      GroupId: group,
      IpProtocol: "tcp",
      FromPort: port,
      ToPort: port,
      SourceSecurityGroupId,
    };
    const id = hashedId(`${family.id}To${to}Tcp${port}`, createOnly);
    const Description = describe(`${family.name} to ${name}`);
    addRule(family, id, createOnly, { Description, path });
  }
  if (sources.length === 0) sayNobody(family, name, path, report);
}

/** EC2 takes no rule twice, whatever it is called: the first name stays. */
function addRule(
  { rules }: Family,
  id: string,
  createOnly: Properties,
  { Description, path }: { readonly Description: string; readonly path: Path },
): void {
  const own = JSON.stringify(createOnly);
  if (!rules.has(own)) rules.set(own, { id, properties: { ...createOnly, Description }, path });
}

/** Says that a rule cannot name a family's tasks. */
export function sayNobody({ name, launch }: Family, to: string, path: Path, report: Report): void {
  const message = `nothing lets ${name} in at ${to}: its tasks have the addresses of their instances`;
  const help =
    launch === "EXTERNAL"
      ? "Let the addresses in by which those come."
      : "Name the instances' security groups in x-network.AdditionalSecurityGroups.";
  report.warn({ code: "no-way", path, message, help });
}
