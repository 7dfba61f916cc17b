import type { Data } from "../compose/project.ts";
import { suggestion } from "./nearest.ts";
import { isMapping, type Mapping, oneOf } from "./read.ts";
import type { Path, Report } from "./report.ts";

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
export function checkRolePolicy(document: Data | undefined, path: Path, report: Report): void {
  if (!isPlain(document)) return;
  unknownKeys(document, documentKeys, path, report);
  const { Statement = null } = document;
  if (Statement === null) missing("Statement is missing", path, report);
  const at = [...path, "Statement"];
  if (Array.isArray(Statement))
    Statement.forEach((statement: Data, index) => {
      checkStatement(statement, [...at, index], report);
    });
  else checkStatement(Statement, at, report);
}

function checkStatement(statement: Data, path: Path, report: Report): void {
  if (!isPlain(statement)) return;
  // A misspelt key is what the others lack.
  if (unknownKeys(statement, statementKeys, path, report)) return;
  if (statement.Effect === undefined) missing("Effect is missing", path, report);
  else if (!isMapping(statement.Effect))
    oneOf("Allow", "Deny")(statement.Effect, [...path, "Effect"], report);
  for (const key of ["Action", "Resource"]) {
    const given = [key, `Not${key}`].filter((name) => statement[name] !== undefined);
    if (given.length === 0) missing(`${key} is missing`, path, report);
    if (given.length > 1) {
      const message = `${given.join(" and ")} are one too many`;
      report.error({ code: "contradiction", path, message });
    }
  }
  for (const key of ["Principal", "NotPrincipal"]) {
    if (statement[key] === undefined) continue;
    const message = "a policy of a role is for that role alone";
    report.error({ code: "cannot-honour", path: [...path, key], message, help: "Remove it." });
  }
}

/** A mapping, and no function that only CloudFormation knows the value of. */
const isPlain = (data: Data | undefined): data is Mapping =>
  isMapping(data) && Object.keys(data).every((key) => key !== "Ref" && !key.startsWith("Fn::"));

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
