import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { join, type Value } from "../../model/template.ts";
import { allowing, arn, type Statement } from "../iam.ts";
import { lookUp } from "../lookups.ts";
import { suggestion } from "../nearest.ts";
import { asList, isMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { textValue } from "../values.ts";
import type { Family, Member } from "./family.ts";
import { inject } from "./inject.ts";
import { type GivenSecret, readSecret, type Secret, type Transform } from "./secret-key.ts";

/** The name of a variable, of the key whose value it holds. */
function transformed(key: string, how: Transform | undefined): string {
  switch (how) {
    case "capitalize":
      return key.toUpperCase();
    case "title":
      return key.toLowerCase().replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
    case "java_properties":
      // As Spring looks for the property `a.b-c`.
      return key.replaceAll(".", "_").replaceAll("-", "").toUpperCase();
    default:
      return key;
  }
}

/**
 * `secrets` with `x-secrets`: values of Secrets Manager as variables. ECS reads them as it starts
 * the task, by the family's execution role; templates hold where they are, never what they are.
 */
export function giveSecrets(member: Member, family: Family, scope: Scope): void {
  const used = asList(member.service.secrets);
  for (const [index, data] of used.entries()) {
    const name = isMapping(data) ? String(data.source ?? "") : String(data);
    const path = [...member.path, "secrets", index];
    if (name === "") {
      scope.report.error({ code: "missing-key", path, message: "source is missing" });
      continue;
    }
    const known = scope.secrets.get(name) ?? readOnce(name, path, scope);
    if (known === undefined) continue;
    checkForm(data, name, path, scope);
    warnOfFile(data, { name, placed: placedAs(name, known.secret) }, member, scope.report);
    giveSecret(name, known, { member, family, path }, scope.report);
  }
}

function readOnce(name: string, path: Path, scope: Scope): GivenSecret | undefined {
  const secret = secretOf(name, path, scope);
  if (secret === undefined) return undefined;
  const { resource, valueFrom } = placeOf(name, secret, scope);
  if (isParameter(resource) && secret.JsonKeys !== undefined) {
    const at = ["secrets", name, "x-secrets", "JsonKeys"];
    const message = "a parameter is one value, of which ECS takes no keys";
    scope.report.error({ code: "cannot-honour", path: at, message });
  }
  warnUnreadable(name, secret, scope.report);
  if (secret.JsonKeys !== undefined && !isVariable(secret)) {
    const at = ["secrets", name, "x-secrets", "JsonKeys"];
    const message =
      "JsonKeys does nothing: LinksTo is without EcsExecutionRole, so none is a variable";
    scope.report.warn({ code: "no-effect", path: at, message });
  }
  const known = { secret, valueFrom, statement: reading(resource) };
  scope.secrets.set(name, known);
  return known;
}

/** Whether containers have the value: what is linked to the task alone they read by themselves. */
const isVariable = ({ LinksTo = [] }: Secret): boolean =>
  LinksTo.length === 0 || LinksTo.includes("EcsExecutionRole");

/** Who is told by `VarName` where a secret is may want to read it, which takes `LinksTo`. */
function warnUnreadable(name: string, { JsonKeys, LinksTo, VarName }: Secret, report: Report) {
  const others = JsonKeys?.map((key) => key.VarName ?? key.SecretKey) ?? [name];
  if (VarName === undefined || LinksTo !== undefined || others.includes(VarName)) return;
  const path = ["secrets", name, "x-secrets", "VarName"];
  const message = `${VarName} tells containers where the secret is, and they may not read it`;
  const help = "Add LinksTo: [EcsExecutionRole, EcsTaskRole] for those that read it themselves.";
  report.warn({ code: "no-access", path, message, help });
}

/** What lets a role read a secret: of Secrets Manager, or a parameter by its ARN. */
export const reading = (resource: Value): Statement =>
  allowing(
    [isParameter(resource) ? "ssm:GetParameters" : "secretsmanager:GetSecretValue"],
    [resource],
  );

/** Its partition and region may be CloudFormation's to say. */
const isParameter = (resource: Value): boolean => JSON.stringify(resource).includes(":ssm:");

function secretOf(name: string, path: Path, { project, report }: Scope): Secret | undefined {
  const given = project.secrets[name];
  if (given === undefined) return undefined;
  const data = given["x-secrets"];
  if (data !== undefined) return readSecret(data, ["secrets", name, "x-secrets"], report);
  // As Docker's retired integration had it: what exists elsewhere is in Secrets Manager.
  if (given.external === true) return { Name: String(given.name ?? name) };
  const help = `Add x-secrets: {Name: …} to secrets.${name}, with a name in Secrets Manager.`;
  const message = `the secret ${name} says nothing of where it is on AWS`;
  if (["file", "environment", "driver"].some((key) => Boolean(given[key])))
    report.error({ code: "no-source", path, message, help });
  else
    report.warn({ code: "no-source", path, message: `${message}: the container gets none`, help });
  return undefined;
}

/** A secret comes as a variable: what compose says of its file has nothing to hold on to. */
function checkForm(data: Data, name: string, path: Path, { report }: Scope): void {
  // Stryker disable next-line ConditionalExpression: a name alone says nothing of a file
  if (!isMapping(data)) return;
  const usual = [undefined, null, name, `/run/secrets/${name}`];
  const file = ["uid", "gid", "mode"].filter((key) => (data[key] ?? undefined) !== undefined);
  for (const key of usual.includes(data.target as string) ? file : [...file, "target"]) {
    const message = `${key} does nothing on ECS: a secret comes as a variable, not as a file`;
    report.warn({ code: "no-effect", path: [...path, key], message });
  }
}

/** Images that read a secret from a file are told where it is: `POSTGRES_PASSWORD_FILE`. */
function warnOfFile(
  data: Data,
  { name, placed }: { readonly name: string; readonly placed: string },
  { path, service }: Member,
  report: Report,
): void {
  const usual = `/run/secrets/${name}`;
  const target = isMapping(data) && typeof data.target === "string" ? data.target : usual;
  const files = [usual, target, `/run/secrets/${target}`];
  for (const [key, value] of Object.entries(service.environment ?? {})) {
    if (typeof value !== "string" || !files.includes(value)) continue;
    const meant = key.endsWith("_FILE") ? key.slice(0, -"_FILE".length) : "a variable";
    // Else who only drops the key has an image take the place for the secret.
    const though = meant === placed && meant !== name ? `, and ${meant} tells where it is` : "";
    const message = `there is no file ${value}: the secret ${name} comes as a variable${though}`;
    const help = `Where the image takes ${meant}, call the secret or the VarName of its JsonKeys so, and remove ${key}.`;
    report.warn({ code: "no-effect", path: [...path, "environment", key], message, help });
  }
}

/** The variable that says where a secret is. */
const placedAs = (name: string, { VarName }: Secret): string =>
  VarName ?? name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");

interface Use {
  readonly member: Member;
  readonly family: Family;
  readonly path: Path;
}

function giveSecret(
  name: string,
  { secret, statement, valueFrom }: GivenSecret,
  { member, family, path }: Use,
  report: Report,
): void {
  const { JsonKeys = [], LinksTo } = secret;
  const variable = placedAs(name, secret);
  const help = "Rename one by the VarName of its JsonKeys.";
  const give = (own: string, value: Value): void =>
    inject({ name: own, value, path, help }, member, "secrets", report);
  const isGiven = isVariable(secret);
  if (isGiven && JsonKeys.length === 0) give(name, valueFrom);
  // Without its key it is an error by itself.
  for (const { SecretKey, VarName: as, Transform } of isGiven ? JsonKeys : [])
    if (SecretKey !== undefined)
      give(as ?? transformed(SecretKey, Transform), join([valueFrom, `:${SecretKey}::`]));
  // As ComposeX has it: a variable of its own says where the secret is.
  if (!member.secrets.has(variable)) member.environment.set(variable, { value: valueFrom, path });
  // Two secrets may be one and the same to AWS: a role says what is alike once.
  if (isGiven) family.executionStatements.push(statement);
  if (LinksTo?.includes("EcsTaskRole")) family.taskStatements.push(statement);
}

function placeOf(name: string, { Name, Lookup }: Secret, scope: Scope) {
  const path = ["secrets", name, "x-secrets"];
  if (Lookup === undefined) {
    if (Name === undefined)
      scope.report.error({ code: "missing-key", path, message: "Name is missing" });
    return secretArn(Name ?? name, [...path, "Name"], scope);
  }
  const at = [...path, "Lookup"];
  const { region, account } = scope.settings.target;
  const standIn = { Arn: `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf` };
  const find = lookUp(`secrets.${name}`, "AWS::SecretsManager::Secret", standIn);
  return secretArn(find(Lookup, at, scope).Arn ?? standIn.Arn, at, scope);
}

/** Where a secret is that something refers to: by ARN, by name, or as `secrets::name`. */
export function secretPlace(text: string, path: Path, scope: Scope) {
  const name = /^secrets::(.+)$/.exec(text)?.[1];
  if (name === undefined) return secretArn(text, path, scope);
  const secret = secretOf(name, path, scope);
  if (scope.project.secrets[name] === undefined) {
    const message = `there is no secret ${shown(name)}`;
    const help = suggestion(name, Object.keys(scope.project.secrets));
    scope.report.error({ code: "unknown-value", path, message, help });
  }
  return placeOf(name, secret ?? { Name: name }, scope);
}

/**
 * By ARN, or by name: Secrets Manager adds six characters to that, which a policy has to allow for,
 * also where an ARN leaves them out.
 */
function secretArn(
  name: string,
  path: Path,
  scope: Scope,
): { readonly valueFrom: Value; readonly resource: Value } {
  const value = textValue(name, path, scope);
  const isWhole = /-[A-Za-z0-9]{6}$/.test(name) || isParameter(value);
  if (name.startsWith("arn:"))
    return { valueFrom: value, resource: isWhole ? value : join([value, "-??????"]) };
  return {
    valueFrom: arn("secretsmanager", ["secret:", value]),
    resource: arn("secretsmanager", ["secret:", value, "-??????"]),
  };
}
