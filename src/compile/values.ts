import type { Data } from "../compose/project.ts";
import { join, type Properties, ref, type Value } from "../model/template.ts";
import { mayResolve } from "./braces.ts";
import { functions } from "./functions.ts";
import { suggestion } from "./nearest.ts";
import { asList, functionIn, isMapping, type Mapping } from "./read.ts";
import type { Path } from "./report.ts";
import type { Scope as Whole } from "./scope.ts";

type Scope = Pick<Whole, "report" | "resolve">;

/**
 * Compose text as a CloudFormation value. It stays the text it is but for two things that are
 * asked for by name, `${AWS::Region}` and its like, and `x-kind::name::ReturnValue`; and
 * `${!Literal}`, which is how both tools write `${Literal}`.
 */
export function textValue(text: string, path: Path, scope: Scope): Value {
  if (!hasMore(text)) return text;
  const parts: Value[] = [];
  let end = 0;
  for (const match of text.matchAll(references)) {
    const value = referenced(match, match[0] === text, path, scope);
    if (value === undefined) continue;
    if (match.index > end) parts.push(unescaped(text.slice(end, match.index)));
    parts.push(value);
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(unescaped(text.slice(end)));
  const [only = text] = parts;
  if (parts.length <= 1) return only;
  const joined = join(parts);
  if (mayResolve(joined)) refuseBraces(path, scope);
  return joined;
}

const refuseBraces = (path: Path, { report }: Scope): void =>
  report.error({
    code: "dynamic-reference",
    path,
    message: "{{ in text with references could become a dynamic reference",
    help: "Write something between the braces and what follows them.",
  });

/** The same of one entry of what is at `path`: most text has nothing to find, and needs no path. */
export const entryValue = (text: string, path: Path, key: string | number, scope: Scope): Value =>
  hasMore(text) ? textValue(text, [...path, key], scope) : text;

/** What refers to something has the one, what only looks so the other, and little else does. */
const hasMore = (text: string): boolean => text.includes("::") || text.includes("${!");

/** What in a text another value would take the place of; undefined: it is all as it is written. */
export const referenceIn = (text: string): string | undefined =>
  text.includes("::") ? Array.from(text.matchAll(references)).find(isWhole)?.[0] : undefined;

/** A pseudo parameter, or what a resource returns by its name. */
const isWhole = ([, braced, bare, , , returned]: RegExpMatchArray): boolean =>
  (braced ?? bare ?? returned) !== undefined;

/** A text with something plain where another value would be. */
export const withoutReferences = (text: string): string =>
  text.includes("::") ? text.replaceAll(references, "x") : text;

const unescaped = (text: string): string => text.replaceAll("${!", "${");

/** A resource's own properties, passed through: names as CloudFormation has them, text as above. */
export function propertiesOf(data: Data | undefined, path: Path, scope: Scope): Properties {
  const given = data ?? {};
  if (!isMapping(given)) {
    scope.report.error({ code: "wrong-type", path, message: "must be a mapping" });
    return {};
  }
  const named = functionIn(given);
  if (named === undefined) return mappingValue(given, path, scope);
  refused(`${named} cannot stand for all of it`, path, scope, "Write the mapping itself.");
  return {};
}

/** Any plain data as a CloudFormation value. */
export function dataValue(data: Data, path: Path, scope: Scope): Value {
  if (typeof data === "string") return textValue(data, path, scope);
  if (data === null) {
    const message = "is empty, which CloudFormation does not take";
    scope.report.error({
      code: "empty-value",
      path,
      message,
      help: "Give it a value or leave it out.",
    });
    return "";
  }
  if (Array.isArray(data))
    return data.map((item: Data, index) => dataValue(item, [...path, index], scope));
  return isMapping(data) ? functionOrMapping(data, path, scope) : (data as Value);
}

/** What CloudFormation knows of every stack: `AWS::Region` and its like. */
export const pseudoParameters = [
  "AccountId",
  "NotificationARNs",
  "Partition",
  "Region",
  "StackId",
  "StackName",
  "URLSuffix",
];
const anyPseudoParameter = pseudoParameters.join("|");

const references = new RegExp(
  `\\$\\{(AWS::(?:${anyPseudoParameter}))\\}|x-aws::(AWS::(?:${anyPseudoParameter}))|` +
    "(x-[a-z0-9_]+)::([A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*)(?:::([A-Za-z0-9]+(?:\\.[A-Za-z0-9]+)*))?",
  "g",
);

function referenced(
  match: RegExpMatchArray,
  whole: boolean,
  path: Path,
  scope: Scope,
): Value | undefined {
  const [all, braced, bare, kind, name, returned] = match;
  const pseudoParameter = braced ?? bare;
  if (pseudoParameter !== undefined) return ref(pseudoParameter);
  // In the middle of text only the full form is a reference: the short one may be just text.
  if (kind === undefined || name === undefined || !(whole || returned !== undefined))
    return undefined;
  return scope.resolve({ kind, name, returned: returned ?? asked(path) }, path) ?? all;
}

/**
 * A short reference under a key that takes a name, such as `S3BucketName`, means that name; so does one
 * in the `bucket.name` of S3's events.
 */
const asked = (path: Path): string | undefined =>
  path.slice(-3, -1).join(".") === "bucket.name"
    ? "BucketName"
    : /(?:Bucket|Queue|Table|Topic)Name$/.exec(String(path.at(-1)))?.[0];

function functionOrMapping(data: Mapping, path: Path, scope: Scope): Value {
  const named = functionIn(data);
  if (named === undefined) return mappingValue(data, path, scope);
  const more = Object.keys(data).length - 1;
  if (more > 0) {
    const help = "What CloudFormation works out stands in a mapping of its own.";
    return refused(`${named} and ${more} more are one mapping`, path, scope, help);
  }
  const argument = data[named];
  const known = functions.get(named);
  if (known !== undefined) {
    const value = mappingValue(data, path, scope);
    if (mayResolve(value)) refuseBraces(path, scope);
    else if (!known.fits(argument)) {
      const help = `For example {${named}: ${known.example}}.`;
      return refused(`is not what ${named} takes`, [...path, named], scope, help);
    }
    return value;
  }
  if (named === "Ref" && isPseudo(argument)) return ref(argument);
  if (named === "Fn::Sub") return substituted(argument, [...path, named], scope);
  return refused(`${named} cannot be used here`, path, scope, instead);
}

const instead = `Refer to other resources as x-kind::name::ReturnValue. Functions that can be used: Fn::Sub, Ref of AWS::…, ${[...functions.keys()].join(", ")}.`;

function refused(message: string, path: Path, { report }: Scope, help: string): Value {
  report.error({ code: "function-refused", path, message, help });
  return "";
}

const isPseudo = (data: Data | undefined): data is string =>
  typeof data === "string" && new RegExp(`^AWS::(?:${anyPseudoParameter}|NoValue)$`).test(data);

/** `Fn::Sub`: text with pseudo parameters and references in it, and names of its own as a list has them. */
function substituted(argument: Data | undefined, path: Path, scope: Scope): Value {
  if (typeof argument === "string") {
    checkNames(argument, [], path, scope);
    return textValue(argument, path, scope);
  }
  const [text, own, ...more] = asList<Data>(argument);
  if (typeof text !== "string" || !isMapping(own) || more.length > 0) {
    const help = `Write Fn::Sub: "…\${AWS::Region}…", or Fn::Sub: ["…$\${NAME}…", {NAME: …}].`;
    return refused("must be text, or a list of text and a mapping", path, scope, help);
  }
  checkNames(text, Object.keys(own), [...path, 0], scope);
  const unused = Object.keys(own).find((name) => !text.includes(`\${${name}}`));
  if (unused !== undefined) {
    const help = `Write $\${${unused}}: \${${unused}} is a variable of compose.`;
    return refused(`the text has no \${${unused}}`, [...path, 1, unused], scope, help);
  }
  return withNames(text, own, path, scope);
}

/** What is between the names of its own is text as any other. */
function withNames(text: string, own: Mapping, path: Path, scope: Scope): Value {
  const values = mappingValue(own, [...path, 1], scope);
  const parts: Value[] = [];
  let between = "";
  for (const piece of text.split(/(\$\{[^!}][^}]*\})/)) {
    const name = /^\$\{([^}]+)\}$/.exec(piece)?.[1] ?? "";
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      between += piece;
      continue;
    }
    if (between !== "") parts.push(textValue(between, [...path, 0], scope));
    parts.push(value);
    between = "";
  }
  if (between !== "") parts.push(textValue(between, [...path, 0], scope));
  const joined = join(parts);
  if (mayResolve(joined)) refuseBraces(path, scope);
  return joined;
}

function checkNames(text: string, own: readonly string[], path: Path, scope: Scope): void {
  const unknown = [...text.matchAll(/\$\{(?!!)([^}]*)\}/g)]
    .map(([, name = ""]) => name)
    .find((name) => !isPseudo(name) && !own.includes(name));
  if (unknown === undefined) return;
  const message = `\${${unknown}} in Fn::Sub is not known here`;
  const known = [...own, ...pseudoParameters.map((name) => `AWS::${name}`)];
  refused(message, path, scope, suggestion(unknown, known));
}

const mappingValue = (data: Mapping, path: Path, scope: Scope): Properties =>
  Object.fromEntries(
    Object.entries(data).map(([key, item]) => [key, dataValue(item, [...path, key], scope)]),
  );
