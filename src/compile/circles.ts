import type { Value } from "../model/template.ts";
import type { Report } from "./report.ts";
import type { Claimed } from "./scope.ts";

type Nodes = ReadonlyMap<string, Claimed>;

/** Says of resources that refer to each other that CloudFormation makes none of them. */
export function checkCircles(nodes: Nodes, report: Report): void {
  // What is of a family refers only to what it is made with here, and that to nothing of it.
  const shared = [...nodes].filter(([, { layer }]) => layer.layer !== "family");
  const needs = new Map(shared.map(([id, node]) => [id, needsOf(node)] as const));
  const circular = [...needs.keys()].filter((id) => comesBack(id, needs));
  const said = new Set<string>();
  for (const id of circular) {
    const { path = [] } = nodes.get(id) ?? {};
    if (said.has(path.join("."))) continue;
    said.add(path.join("."));
    const message = `${path.join(".")} needs what needs it, and CloudFormation makes neither`;
    const help = "Take one of the references out, or name what it is to by hand.";
    report.error({ code: "circular", path, message, help });
  }
}

const needsOf = ({ dependsOn = [], properties }: Claimed): ReadonlySet<string> =>
  new Set([...dependsOn, ...referencesIn(properties)]);

const referencesIn = (value: Value): readonly string[] =>
  typeof value === "object"
    ? Object.entries(value).flatMap(([key, item]) => {
        if (key === "Ref") return [String(item)];
        const isPart = key === "Fn::GetAtt" && Array.isArray(item);
        return isPart ? [String(item[0])] : referencesIn(item);
      })
    : [];

function comesBack(start: string, needs: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>();
  const open = [...(needs.get(start) ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === start) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(needs.get(id) ?? []));
  }
  return false;
}
