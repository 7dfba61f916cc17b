import type { Data } from "../compose/project.ts";
import { shown } from "../compose/shown.ts";
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

/** Whose policy it is, and so what its statements have to say. */
interface Holder {
  /** A role's policy is for that role alone; that of a resource says for whom it is. */
  readonly kind: "role" | "resource";
  /** Whether one that names no resource is about that which has the policy. */
  readonly isResourceKnown: boolean;
  /** Whether a statement beside others may lack its action or its resource, and then counts for nothing. */
  readonly mayLack: boolean;
}

const role: Holder = { kind: "role", isResourceKnown: false, mayLack: false };

/** Says what IAM would refuse of a policy that a file writes for a role. */
export const checkRolePolicy = (given: Data | undefined, path: Path, report: Report): void =>
  checkDocument(given ?? {}, path, report, role);

/** As KMS has it (API reference, PutKeyPolicy). */
const key: Holder = { kind: "resource", isResourceKnown: false, mayLack: true };

const itself: Holder = { kind: "resource", isResourceKnown: true, mayLack: false };

/** The same of the policy of a key. Undefined: it writes none. */
export function checkKeyPolicy(given: Data | undefined, path: Path, report: Report): void {
  if (given !== undefined) checkDocument(given, path, report, key);
}

/** The same of the policy of a file system. Undefined: it writes none. */
export function checkFileSystemPolicy(given: Data | undefined, path: Path, report: Report): void {
  if (given !== undefined) checkDocument(given, path, report, itself);
}

/** The same of one statement about a bucket and all that is in it. */
export const checkBucketStatement = (statement: Data, path: Path, report: Report): void =>
  checkStatement(statement, path, report, itself);

function checkDocument(document: Data, path: Path, report: Report, holder: Holder): void {
  // What is a role's own is read as a mapping afterwards, and said to be none; CloudFormation takes text, too.
  if (!isPlain(document)) {
    if (holder.kind === "resource" && typeof document !== "string" && !isMapping(document))
      wrong("a mapping", path, report);
    return;
  }
  unknownKeys(document, documentKeys, path, report);
  const { Statement = null, Version } = document;
  if (Version !== undefined) version(Version, [...path, "Version"], report);
  if (Statement === null) {
    missing("Statement is missing", path, report);
    return;
  }
  const at = [...path, "Statement"];
  if (holder.kind === "role") checkSids(Statement, at, report);
  if (Array.isArray(Statement))
    Statement.forEach((statement: Data, index) => {
      // Without another one a key would be nobody's, which KMS does not let happen.
      const mayLack = holder.mayLack && Statement.length > 1;
      checkStatement(statement, [...at, index], report, { ...holder, mayLack });
    });
  else checkStatement(Statement, at, report, { ...holder, mayLack: false });
}

function checkStatement(statement: Data, path: Path, report: Report, holder: Holder): void {
  if (!isPlain(statement)) {
    if (!isMapping(statement)) wrong("a mapping", path, report);
    return;
  }
  // A misspelt key is what the others lack.
  if (unknownKeys(statement, statementKeys, path, report)) return;
  if (statement.Effect === undefined) missing("Effect is missing", path, report);
  else effect(statement.Effect, [...path, "Effect"], report);
  const lacks = holder.mayLack ? ineffective : missing;
  checkNamed("Action", statement, { path, report, lacks });
  const isNamed = ["Resource", "NotResource"].some((name) => statement[name] !== undefined);
  if (isNamed || !holder.isResourceKnown)
    checkNamed("Resource", statement, { path, report, lacks });
  if (holder.kind === "resource") checkPrincipal(statement, path, report);
  else refusePrincipal(statement, path, report);
}

/** IAM's own have letters and digits, and name one statement. */
function checkSids(given: Data, path: Path, report: Report): void {
  const sids = (Array.isArray(given) ? given : []).map((one: Data) =>
    isMapping(one) && typeof one.Sid === "string" ? one.Sid : undefined,
  );
  for (const [index, sid] of sids.entries()) {
    if (sid === undefined || sid.includes("${")) continue;
    const at = [...path, index, "Sid"];
    if (!/^[A-Za-z0-9]*$/.test(sid))
      report.error({ code: "wrong-name", path: at, message: `a Sid has letters and digits only` });
    if (sid !== "" && sids.indexOf(sid) < index)
      report.error({
        code: "same-name",
        path: at,
        message: `another statement has the Sid ${sid}`,
      });
  }
}

function refusePrincipal(statement: Mapping, path: Path, report: Report): void {
  for (const name of ["Principal", "NotPrincipal"]) {
    if (statement[name] === undefined) continue;
    const message = "a policy of a role is for that role alone";
    report.error({ code: "cannot-honour", path: [...path, name], message, help: "Remove it." });
  }
}

const principals = ["AWS", "CanonicalUser", "Federated", "Service"];

/** `Principal` or `NotPrincipal`: everybody, or who it is by what kind of identity that is. */
function checkPrincipal(statement: Mapping, path: Path, report: Report): void {
  const given = ["Principal", "NotPrincipal"].filter((name) => statement[name] !== undefined);
  if (given.length === 0) missing("Principal is missing", path, report);
  if (given.length > 1) tooMany(given, path, report);
  for (const name of given) {
    const who = statement[name] ?? null;
    const at = [...path, name];
    if (isPlain(who)) unknownKeys(who, principals, at, report);
    else if (who !== "*" && !isMapping(who)) refuseForm("Principal", who, at, report);
  }
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
function checkNamed(
  key: string,
  statement: Mapping,
  { lacks, path, report }: { readonly path: Path; readonly report: Report; lacks: typeof missing },
): void {
  const given = [key, `Not${key}`].filter((name) => statement[name] !== undefined);
  for (const name of given) listed(key, statement[name] ?? null, [...path, name], report);
  if (given.every((name) => isEmpty(statement[name]))) lacks(`${key} is missing`, path, report);
  if (given.length > 1) tooMany(given, path, report);
}

function tooMany(given: readonly string[], path: Path, report: Report): void {
  const message = `${given.join(" and ")} are one too many`;
  report.error({ code: "contradiction", path, message });
}

const isEmpty = (data: Data | undefined): boolean => Array.isArray(data) && data.length === 0;

const version = orFunction(oneOf("2012-10-17", "2008-10-17"));

const effect = orFunction(oneOf("Allow", "Deny"));

/** What IAM takes of each, and an example. */
const forms: Readonly<Record<string, readonly [form: RegExp, example: string]>> = {
  Action: [/^(?:\*|(?:\*|[\w-]+):.+)$/, "s3:GetObject"],
  Principal: [/^\*$/, '"*", or { Service: NAME.amazonaws.com }'],
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
  const [form] = forms[key] ?? [/^/];
  if (typeof data === "string" && (form.test(data) || referenceIn(data) !== undefined)) return;
  refuseForm(key, data, path, report);
}

function refuseForm(key: string, data: Data, path: Path, report: Report): void {
  const [, example = ""] = forms[key] ?? [];
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
    const message = `unknown key ${shown(key)}`;
    const help = suggestion(key, known);
    report.error({ code: "unknown-key", path: [...path, key], message, help });
  }
  return unknown.length > 0;
}

const missing = (message: string, path: Path, report: Report): void =>
  report.error({ code: "missing-key", path, message });

const ineffective = (message: string, path: Path, report: Report): void =>
  report.warn({ code: "no-effect", path, message: `${message}, so it counts for nothing` });
