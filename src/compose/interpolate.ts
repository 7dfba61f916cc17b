import type { Cast } from "./attribute.ts";
import { attributes } from "./attributes/attributes.ts";
import { mapChildren } from "./children.ts";
import { below, type Rules } from "./rules.ts";
import { isRaw, type Session } from "./session.ts";
import { type Fault, type Scope, substitute } from "./template.ts";
import { type Leaf, leaf, type Tree } from "./tree.ts";

interface Surroundings {
  /** The value of a variable; undefined: nothing sets it. */
  variable(name: string): string | undefined;
}

interface Interpolation
  extends Surroundings,
    Pick<Session, "dialect" | "leftAlone" | "report" | "unset"> {
  readonly path: (string | number)[];
}

/**
 * A tree with every `${…}` in its values replaced, and text cast to what its attribute holds; as it
 * is where text is to stay as it is written.
 */
export const interpolate = (session: Session, tree: Tree, { variable }: Surroundings): Tree =>
  isRaw(session)
    ? tree
    : interpolateBelow(tree, { ...session, variable, path: [] }, attributes.cast);

function interpolateBelow(tree: Tree, work: Interpolation, rules: Rules<Cast> | undefined): Tree {
  if (tree.kind === "leaf") return interpolateLeaf(tree, work, rules?.here);
  return mapChildren(tree, (child, part) => {
    const inner = below(rules, part);
    if (child.kind === "leaf" && isFinal(child, inner)) return child;
    work.path.push(part);
    const result = interpolateBelow(child, work, inner);
    work.path.pop();
    return result;
  });
}

/** Most values are what they are. */
const isFinal = ({ value }: Leaf, rules: Rules<Cast> | undefined): boolean =>
  typeof value !== "string" || (rules === undefined && !value.includes("$"));

function interpolateLeaf(tree: Leaf, work: Interpolation, rule: Cast | undefined): Tree {
  const before = tree.value;
  if (typeof before !== "string") return tree;
  const text = before.includes("$") ? substitute(before, scopeAt(tree, work)) : before;
  if (typeof text !== "string") {
    work.report.error(tree, work.path, faultFinding(text));
    return tree;
  }
  const cast = tree.as === "date" ? undefined : rule;
  if (cast === undefined) return text === before ? tree : leaf(tree, text, tree.as);
  const value = cast(text);
  if (typeof value === "boolean" && !/^(?:true|false)$/i.test(text))
    work.report.warning(tree, work.path, {
      code: "old-boolean",
      message: `${text} is no boolean of YAML 1.2`,
      help: `write ${value}`,
    });
  if (value !== undefined) return leaf(tree, value);
  work.report.error(tree, work.path, {
    code: "invalid-value",
    message: `${JSON.stringify(text)} is not what this attribute holds`,
    help: "it takes a number, or true or false where it is a switch",
  });
  return tree;
}

const scopeAt = (tree: Leaf, work: Interpolation): Scope => ({
  get: work.variable,
  leaveAlone: (body) => {
    const isLeft = work.dialect.leaveAlone?.test(body) === true;
    if (isLeft) work.leftAlone.add(body);
    return isLeft;
  },
  unset: (name) => {
    if (work.unset.has(name)) return;
    work.unset.add(name);
    work.report.warning(tree, work.path, {
      code: "unset-variable",
      message: `the variable ${name} is not set and becomes an empty text`,
      help: `set it, or write \${${name}:-default}`,
    });
  },
});

const faultFinding = (fault: Fault) =>
  fault.kind === "required"
    ? {
        code: "required-variable",
        message: `the variable ${fault.name} must be set${fault.message === "" ? "" : `: ${fault.message}`}`,
        help: `set ${fault.name}`,
      }
    : {
        code: "interpolation",
        message: `${JSON.stringify(fault.text)} is no valid reference to a variable`,
        help: "write $$ where a $ is meant",
      };
