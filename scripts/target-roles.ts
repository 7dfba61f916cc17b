import { readFileSync, writeFileSync } from "node:fs";
import { Document, isMap, isSeq, parseDocument } from "yaml";

// What CloudFormation and whoever looks at things may do is said in `template.yaml`, for the account
// of the controller. A target account needs the same, in a template of its own.

const path = "infra/target-roles.yaml";
const mark = "  # From here on as in template.yaml: `npm run infra` copies it.\n";

/** `infra/target-roles.yaml` with its copies as `template.yaml` has them now. */
export function targetRoles(): string {
  const [own = ""] = readFileSync(path, "utf8").split(mark);
  const template = parseDocument(readFileSync("template.yaml", "utf8"), { logLevel: "error" });
  const names = [...own.matchAll(/^ {8}- !Ref (\w+Policy)$/gm)].map(([, name = ""]) => name);
  const copies = ["BoundaryPolicy", ...names].map((name) => policyIn(template, name));
  return `${own}${mark}\n${copies.join("\n")}`;
}

/**
 * A policy of `template.yaml`, without what it says of the controller's own things; with little
 * indentation, since a template that is handed over whole may have 51,200 bytes.
 */
function policyIn(template: Document, name: string): string {
  const policy = template.getIn(["Resources", name]);
  if (!isMap(policy)) throw new Error(`template.yaml has no ${name}.`);
  const statements = policy.getIn(["Properties", "PolicyDocument", "Statement"]);
  if (isSeq(statements)) {
    statements.items = statements.items.filter(
      (item) => !isMap(item) || !String(item.get("Sid")).startsWith("Own"),
    );
  }
  const text = new Document({ [name]: policy }).toString({
    indent: 1,
    indentSeq: false,
    lineWidth: 0,
  });
  return text.replace(/^(?=.)/gm, "  ");
}

if (import.meta.main) writeFileSync(path, targetRoles());
