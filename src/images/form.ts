import { substitute } from "../compose/template.ts";
import { type EcrImage, parseImage } from "./image.ts";
import type { Part } from "./marker.ts";

/** How an image, or a part of one, is written: the text around what a policy replaces. */
export interface Form {
  readonly image: EcrImage;
  readonly part: Part;
  /** What stands before and after `tag@digest`, or before and after the part. */
  readonly before: string;
  readonly after: string;
}

export type ReadForm =
  | { readonly kind: "form"; readonly form: Form }
  | { readonly kind: "refused"; readonly reason: string };

export type Variables = Readonly<Record<string, string>>;

/**
 * Finds the part of an image's text that a policy may replace. Variables may stand in its name; its
 * tag has to be there in the text, be it as the default of a variable that nothing sets.
 */
export function readForm(text: string, variables: Variables): ReadForm {
  const whole = /^(\$\{(\w+)(:?-))([^$}]+)\}$/.exec(text);
  if (whole !== null) {
    const [, open = "", name = "", operator = "", inner = ""] = whole;
    return decidedBy(name, operator, variables) ?? wrapped(readNamed(inner, variables), open, "}");
  }
  const tail = /^(.+):(\$\{(\w+)(:?-))([^$}]+)\}$/.exec(text);
  if (tail !== null) {
    const [, head = "", open = "", name = "", operator = "", inner = ""] = tail;
    const read = readNamed(`${head}:${inner}`, variables);
    return decidedBy(name, operator, variables) ?? wrapped(read, open, "}", head.length + 1);
  }
  return readNamed(text, variables);
}

const refused = (reason: string) => ({ kind: "refused", reason }) as const;

/** A variable that is set is stronger than what the compose file gives as its default. */
function decidedBy(name: string, operator: string, variables: Variables): ReadForm | undefined {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  const set = operator === ":-" ? (value ?? "") !== "" : value !== undefined;
  return set ? refused(`the variable ${name} decides, and it is set: change it there`) : undefined;
}

/** A form whose replaceable part stands inside a variable's default, which begins at `at`. */
const wrapped = (read: ReadForm, open: string, close: string, at = 0): ReadForm => {
  if (read.kind === "refused") return read;
  const { before, after } = read.form;
  const opened = `${before.slice(0, at)}${open}${before.slice(at)}`;
  return { kind: "form", form: { ...read.form, before: opened, after: `${after}${close}` } };
};

/** A text with its variables replaced, or why that cannot be. */
export function variablesReplaced(
  text: string,
  variables: Variables,
):
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "refused"; readonly reason: string } {
  const unset: string[] = [];
  const replaced = substitute(text, {
    get: (variable) => (Object.hasOwn(variables, variable) ? variables[variable] : undefined),
    unset: (variable) => unset.push(variable),
  });
  if (unset.length > 0) return refused(`its variable ${unset[0]} is not set`);
  return typeof replaced === "string"
    ? { kind: "text", text: replaced }
    : refused("its variables cannot be read");
}

/** Reads `name:tag@digest`, variables in the name alone. */
function readNamed(text: string, variables: Variables): ReadForm {
  const [, head = "", tail = ""] =
    /^(.*?)((?::\w[\w.-]*)?(?:@sha256:[0-9a-f]+)?)$/.exec(text) ?? [];
  const replaced = variablesReplaced(head, variables);
  if (replaced.kind === "refused") return replaced;
  const { text: name } = replaced;

  const read = parseImage(`${name}${tail}`);
  if (read.kind === "other") return refused(read.reason);
  return read.image.name === name
    ? { kind: "form", form: { image: read.image, before: `${head}:`, after: "", part: "image" } }
    : refused("its tag comes from a variable: write the tag in the compose file");
}
