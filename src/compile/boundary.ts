import type { Report } from "./report.ts";
import type { CompileSettings, NewNode } from "./scope.ts";

/**
 * `target.permissionsBoundary` on every role: whoever can push cannot make a role without it. One
 * that a file names in its place is not used, and that is said once.
 */
export function boundary({ target }: CompileSettings, report: Report): (node: NewNode) => NewNode {
  const { permissionsBoundary: wanted } = target;
  const said = new Set<string>();
  return (node) => {
    if (wanted === undefined || node.type !== "AWS::IAM::Role") return node;
    const { PermissionsBoundary: own } = node.properties;
    const place = node.path.join(".");
    if (own !== undefined && !said.has(place)) {
      said.add(place);
      const message = `the permissions boundary of ${place} is not used: the environment has one for every role`;
      const help = "It is target.permissionsBoundary in trueup.yaml.";
      report.warn({ code: "overruled", path: node.path, message, help });
    }
    return { ...node, properties: { ...node.properties, PermissionsBoundary: wanted } };
  };
}
