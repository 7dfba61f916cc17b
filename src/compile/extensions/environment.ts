import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { suggestion } from "../nearest.ts";
import {
  asIs,
  boolean,
  isMapping,
  list,
  mapOf,
  object,
  type Read,
  type Reader,
  text,
} from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { Member } from "../services/family.ts";
import { textValue } from "../values.ts";
import type { ServiceKey } from "./service-key.ts";

const readParameter = object({
  Type: text,
  Default: text,
  Description: text,
  NoEcho: boolean,
  AllowedPattern: text,
  AllowedValues: list(text),
  ConstraintDescription: text,
  MaxLength: text,
  MinLength: text,
});

const asMap = mapOf(readParameter);

const names: Reader<Read<typeof asMap>> = (data, path, report) =>
  Array.isArray(data)
    ? Object.fromEntries((list(text)(data, path, report) ?? []).map((name) => [name, {}]))
    : asMap(data, path, report);

const readEnvironment = object({ SetAsParameter: asIs });

/**
 * `x-environment.SetAsParameter`: variables that ComposeX made parameters of a stack. Nobody but
 * this controller fills in parameters, so the value the file gives is the value there is.
 */
export const environment: ServiceKey = (data, path, _family, scope, member) => {
  const { SetAsParameter: given = null } = readEnvironment(data, path, scope.report) ?? {};
  if (given === null) return;
  const at = [...path, "SetAsParameter"];
  for (const [name, parameter] of Object.entries(names(given, at, scope.report) ?? {}))
    setOne(name, parameter, member, where(given, at, name), scope);
};

const where = (given: Data, path: Path, name: string): Path =>
  isMapping(given)
    ? [...path, name]
    : [...path, (given as readonly Data[]).findIndex((one) => String(one) === name)];

function setOne(
  name: string,
  { Type = "String", Default, NoEcho, AllowedValues }: Read<typeof readParameter>,
  member: Member,
  path: Path,
  scope: Scope,
): void {
  const { report } = scope;
  const environment = member.service.environment ?? {};
  const written = environment[name] ?? undefined;
  // What CloudFormation looks up by the text is not the text; of other types it only checks that.
  if (NoEcho === true || /^AWS::SSM::|^CommaDelimitedList$|^List</.test(Type)) {
    const what = NoEcho === true ? "NoEcho" : `Type ${Type}`;
    const message = `${what} cannot be honoured: the variable's value stands in the task definition`;
    const help = "Make it a secret: secrets.<name>.x-secrets.";
    report.error({ code: "cannot-honour", path, message, help });
    return;
  }
  const value = written ?? Default;
  if (value === undefined) {
    const message = `does nothing: there is no variable ${shown(name)}`;
    const help = suggestion(name, Object.keys(environment));
    report.warn({ code: "unknown-value", path, message, help });
    return;
  }
  if (AllowedValues !== undefined && !AllowedValues.includes(value))
    report.error({ code: "unknown-value", path, message: `${value} is not in AllowedValues` });
  if (written === undefined)
    member.environment.set(name, { value: textValue(value, path, scope), path });
  const message = `${name} is no parameter of a stack here: the repository alone says what it is`;
  const help = "Write a variable in its place, and set it under variables in trueup.yaml.";
  report.warn({ code: "no-effect", path, message, help });
}
