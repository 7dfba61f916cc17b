import { readParameter } from "../../ssm/parameters.ts";
import type { Context } from "../../world.ts";
import { invalid } from "../errors.ts";
import type { ParameterDeclaration, ParameterValue, Template } from "../state.ts";

/** A parameter as a request gives it. */
export interface GivenParameter {
  readonly ParameterKey?: string;
  readonly ParameterValue?: string;
  readonly UsePreviousValue?: boolean;
}

/** The value of every parameter that a template declares, in the order of CloudFormation's checks. */
export function resolveParameters(
  { Parameters = {} }: Template,
  given: readonly GivenParameter[],
  previous: Readonly<Record<string, ParameterValue>>,
  context: Context,
): Readonly<Record<string, ParameterValue>> {
  const strange = given.flatMap(({ ParameterKey = "" }) =>
    ParameterKey in Parameters ? [] : [ParameterKey],
  );
  if (strange.length > 0) {
    throw invalid(`Parameters: [${strange.join(", ")}] do not exist in the template`);
  }
  const chosen = Object.entries(Parameters).map(([name, declaration]) => {
    const asked = given.find(({ ParameterKey }) => ParameterKey === name);
    const value = asked?.UsePreviousValue === true ? previous[name]?.value : asked?.ParameterValue;
    return { name, declaration, value: value ?? declaration.Default?.toString() };
  });
  const missing = chosen.flatMap(({ name, value }) => (value === undefined ? [name] : []));
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(", ")}] must have values`);
  return Object.fromEntries(
    chosen.map(({ name, declaration, value = "" }) => {
      checkValue(name, declaration, value);
      return [name, fetched(declaration.Type, value, context)];
    }),
  );
}

function fetched(type: string, value: string, context: Context): ParameterValue {
  if (!type.startsWith("AWS::SSM::Parameter::Value<")) return { value };
  const resolved = readParameter(context, value)?.value;
  if (resolved === undefined) {
    throw invalid(`Unable to fetch parameters [${value}] from parameter store for this account.`);
  }
  return { value, resolved };
}

function checkValue(name: string, declaration: ParameterDeclaration, value: string): void {
  const { AllowedPattern, AllowedValues, ConstraintDescription, Type } = declaration;
  const values =
    Type === "CommaDelimitedList" ? value.split(",").map((item) => item.trim()) : [value];
  const constrained = (rule: string) =>
    ConstraintDescription === undefined
      ? invalid(`Parameter '${name}' ${rule}`)
      : invalid(`Parameter '${name}' failed to satisfy constraint: ${ConstraintDescription}`);
  const numbers = Type === "List<Number>" ? value.split(",") : values;
  if (
    /^(List<)?Number/.test(Type) &&
    numbers.some((item) => Number.isNaN(Number(item)) || item === "")
  ) {
    throw invalid(`Parameter '${name}' must be a number.`);
  }
  if (AllowedValues !== undefined) {
    const allowed = AllowedValues.map(String);
    if (!values.every((item) => allowed.includes(item))) {
      throw constrained("must be one of AllowedValues");
    }
  }
  if (AllowedPattern !== undefined && !values.every((item) => matches(AllowedPattern, item))) {
    throw constrained(`must match pattern ${AllowedPattern}`);
  }
  const broken = sizes(declaration, value);
  if (broken !== undefined) throw constrained(broken);
}

const matches = (pattern: string, value: string) => new RegExp(`^(?:${pattern})$`).test(value);

function sizes(declaration: ParameterDeclaration, value: string): string | undefined {
  const { MaxLength, MaxValue, MinLength, MinValue } = declaration;
  if (MinLength !== undefined && value.length < Number(MinLength)) {
    return `must contain at least ${MinLength} characters`;
  }
  if (MaxLength !== undefined && value.length > Number(MaxLength)) {
    return `must contain at most ${MaxLength} characters`;
  }
  if (MinValue !== undefined && Number(value) < Number(MinValue)) {
    return `must be a number not less than ${MinValue}`;
  }
  if (MaxValue !== undefined && Number(value) > Number(MaxValue)) {
    return `must be a number not greater than ${MaxValue}`;
  }
  return undefined;
}

const isNoEcho = ({ NoEcho }: ParameterDeclaration): boolean => String(NoEcho) === "true";

/** Parameters as DescribeStacks and DescribeChangeSet show them: `NoEcho` ones masked. */
export function shownParameters(
  { Parameters = {} }: Template,
  values: Readonly<Record<string, ParameterValue>>,
): readonly { ParameterKey: string; ParameterValue: string; ResolvedValue?: string }[] {
  return Object.entries(values).map(([name, { resolved, value }]) => {
    const declaration = Parameters[name];
    const hidden = declaration !== undefined && isNoEcho(declaration);
    return {
      ParameterKey: name,
      ParameterValue: hidden ? "****" : value,
      ...(resolved === undefined ? {} : { ResolvedValue: hidden ? "****" : resolved }),
    };
  });
}

/** The values that nobody may see. */
export const secretsOf = (
  { Parameters = {} }: Template,
  values: Readonly<Record<string, ParameterValue>>,
): readonly string[] =>
  Object.entries(Parameters)
    .filter(([, declaration]) => isNoEcho(declaration))
    .flatMap(([name]) => values[name]?.value || []);
