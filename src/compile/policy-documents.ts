import type { Data } from "../compose/project.ts";
import { suggestion } from "./nearest.ts";
import { functionIn, isMapping, type Mapping, oneOf, orFunction, wrong } from "./read.ts";
import type { Path, Report } from "./report.ts";
import { referenceIn } from "./values.ts";

const documentKeys = ["Id", "Statement", "Version"];

const statementKeys = [
  "Action",
  "Condition",
  "Effect",
  "NotAction",
  "NotPrincipal",
  "NotResource",
  "Principal",
  "Resource",
  "Sid",
];

/** Says what IAM would refuse of a policy that a file writes for a role. */
export function checkRolePolicy(given: Data | undefined, path: Path, report: Report): void {
  const document = given ?? {};
  if (!isPlain(document)) return;
  unknownKeys(document, documentKeys, path, report);
  const { Statement = null, Version } = document;
  if (Version !== undefined) version(Version, [...path, "Version"], report);
  if (Statement === null) {
    missing("Statement is missing", path, report);
    return;
  }
  const at = [...path, "Statement"];
  if (Array.isArray(Statement))
    Statement.forEach((statement: Data, index) => {
      checkStatement(statement, [...at, index], report);
    });
  else checkStatement(Statement, at, report);
}

function checkStatement(statement: Data, path: Path, report: Report): void {
  if (!isPlain(statement)) {
    if (!isMapping(statement)) wrong("a mapping", path, report);
    return;
  }
  // A misspelt key is what the others lack.
  if (unknownKeys(statement, statementKeys, path, report)) return;
  if (statement.Effect === undefined) missing("Effect is missing", path, report);
  else effect(statement.Effect, [...path, "Effect"], report);
  for (const key of ["Action", "Resource"]) checkNamed(key, statement, path, report);
  for (const key of ["Principal", "NotPrincipal"]) {
    if (statement[key] === undefined) continue;
    const message = "a policy of a role is for that role alone";
    report.error({ code: "cannot-honour", path: [...path, key], message, help: "Remove it." });
  }
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
function checkNamed(key: string, statement: Mapping, path: Path, report: Report): void {
  const given = [key, `Not${key}`].filter((name) => statement[name] !== undefined);
  for (const name of given) listed(key, statement[name] ?? null, [...path, name], report);
  if (given.every((name) => isEmpty(statement[name]))) missing(`${key} is missing`, path, report);
  if (given.length <= 1) return;
  const message = `${given.join(" and ")} are one too many`;
  report.error({ code: "contradiction", path, message });
}

const isEmpty = (data: Data | undefined): boolean => Array.isArray(data) && data.length === 0;

const version = orFunction(oneOf("2012-10-17", "2008-10-17"));

const effect = orFunction(oneOf("Allow", "Deny"));

/** What IAM takes of each, and an example. */
const forms: Readonly<Record<string, readonly [form: RegExp, example: string]>> = {
  Action: [/^(?:\*|[\w-]+:.+)$/, "s3:GetObject"],
  Resource: [/^(?:\*|arn:.+)$/, "arn:aws:s3:::NAME/*"],
};

/** Actions or resources, one or several. */
function listed(key: string, data: Data, path: Path, report: Report): void {
  if (Array.isArray(data)) {
    for (const [index, item] of data.entries()) single(key, item, [...path, index], report);
  } else single(key, data, path, report);
}

function single(key: string, data: Data, path: Path, report: Report): void {
  // What is nothing is said to be.
  if (data === null || functionIn(data) !== undefined) return;
  const [form, example] = forms[key] ?? [/^/, ""];
  if (typeof data === "string" && (form.test(data) || referenceIn(data) !== undefined)) return;
  const help = `For example ${example}.`;
  const what = typeof data === "object" ? "this" : JSON.stringify(data);
  const message = `${what} is no ${key.toLowerCase()} of IAM`;
  report.error({ code: "unknown-value", path, message, help });
}

/** A mapping, and no function that only CloudFormation knows the value of. */
const isPlain = (data: Data | undefined): data is Mapping =>
  isMapping(data) && functionIn(data) === undefined;

function unknownKeys(
  given: Mapping,
  known: readonly string[],
  path: Path,
  report: Report,
): boolean {
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  for (const key of unknown) {
    const message = `unknown key ${key}`;
    const help = suggestion(key, known);
    report.error({ code: "unknown-key", path: [...path, key], message, help });
  }
  return unknown.length > 0;
}

const missing = (message: string, path: Path, report: Report): void =>
  report.error({ code: "missing-key", path, message });
