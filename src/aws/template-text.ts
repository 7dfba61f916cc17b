import { isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import { memoOf } from "../memo.ts";
import { TerminalError } from "../model/errors.ts";
import type { Template } from "../model/template.ts";
import { asLeftToRegion } from "../model/zones.ts";

const templates = memoOf<Template>(50);

/**
 * The template of the stack with this id. Ours are JSON; one that somebody saved in the console may
 * be YAML, with or without the short forms of intrinsics.
 */
export const templateFrom = (text: string, id: string): Template =>
  templates.of(text, () => {
    try {
      const read = text.trimStart().startsWith("{") ? JSON.parse(text) : yamlIn(text);
      return asLeftToRegion(wellFormed(read));
    } catch (error) {
      const why = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
      const message = `Somebody else changed the template of ${id} so that it cannot be read (${why}): nothing of the environment can be compared with it. Update that stack with a template that can.`;
      throw new TerminalError("ForeignTemplate", message);
    }
  });

function wellFormed(template: Template): Template {
  for (const [id, resource] of Object.entries(template.Resources))
    if (typeof resource?.Type !== "string") throw new Error(`${id} is no resource`);
  return template;
}

function yamlIn(text: string): Template {
  const { contents, errors } = parseDocument(text, { logLevel: "silent" });
  if (errors[0] !== undefined) throw errors[0];
  return valueIn(contents) as Template;
}

function valueIn(node: Node | null): unknown {
  const { tag } = node ?? {};
  const value = untagged(node);
  if (tag === undefined || !/^![A-Z]/.test(tag)) return value;
  const name = tag.slice(1);
  if (name === "Ref" || name === "Condition") return { [name]: value };
  return { [`Fn::${name}`]: name === "GetAtt" ? attributeOf(value) : value };
}

/** CloudFormation has no aliases. */
function untagged(node: Node | null): unknown {
  if (isMap<Node, Node | null>(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => [String(valueIn(key)), valueIn(value)]),
    );
  }
  if (isSeq<Node>(node)) return node.items.map(valueIn);
  return isScalar(node) ? node.value : null;
}

/** `!GetAtt Queue.Arn`. */
function attributeOf(value: unknown): unknown {
  const [resource, ...attribute] = typeof value === "string" ? value.split(".") : [];
  return resource === undefined ? value : [resource, attribute.join(".")];
}
