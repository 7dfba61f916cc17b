import { Document, Scalar, visit } from "yaml";
import type { Data } from "./project.ts";
import { plainScalar } from "./scalar.ts";

/** Data as YAML that is read as the same data: text that would be read as anything else is quoted. */
export function printYaml(data: Data): string {
  const document = new Document(data, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value !== "string") return;
      const { as, value } = plainScalar(node.value);
      if (as !== undefined || value !== node.value || value === "<<")
        node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 });
}
