import { invalid } from "../errors.ts";
import type { ParameterValue, Properties, Template, Value } from "../state.ts";
import { cidrs } from "./cidr.ts";
import { attributeOf } from "./parse.ts";
import { intrinsicOf, isObject } from "./references.ts";

/** What stands for a value that only exists once the change is made. */
export const knownAfterApply = "{{changeSet:KNOWN_AFTER_APPLY}}";

/** What a template's functions can see. */
export interface Scope {
  readonly template: Template;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly pseudo: Properties;
  /** What `Ref` and `Fn::GetAtt` give; undefined: not known yet. */
  readonly resource: (
    logicalId: string,
  ) => { readonly physicalId: string; readonly attributes: Properties } | undefined;
  readonly exported: (name: string) => string;
  readonly zones: readonly string[];
}

/** A value with every function carried out; undefined: `AWS::NoValue`. */
export function evaluate(value: Value, scope: Scope): Value | undefined {
  if (Array.isArray(value)) {
    return value.map((item) => evaluate(item, scope)).filter((item) => item !== undefined);
  }
  const intrinsic = intrinsicOf(value);
  if (intrinsic !== undefined) {
    const [name, argument] = intrinsic;
    const carryOut = functions[name];
    if (carryOut === undefined) return isObject(value) ? properties(value, scope) : value;
    return carryOut(argument, scope);
  }
  return isObject(value) ? properties(value, scope) : value;
}

/** Each member evaluated, those without a value left out. */
export function properties(value: Properties, scope: Scope): Properties {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const evaluated = evaluate(item, scope);
      return evaluated === undefined ? [] : [[key, evaluated]];
    }),
  );
}

/** Whether a condition of the template holds. */
export function holds(name: string, scope: Pick<Scope, "template"> & Scope): boolean {
  const condition = scope.template.Conditions?.[name];
  if (condition === undefined) {
    throw invalid(`Template error: unresolved condition dependency ${name} in Fn::If`);
  }
  return test(condition, scope);
}

function test(condition: Value, scope: Scope): boolean {
  const [name, argument] = intrinsicOf(condition) ?? [];
  const list = Array.isArray(argument) ? argument : [];
  switch (name) {
    case "Condition":
      return holds(String(argument), scope);
    case "Fn::And":
      return list.every((item) => test(item, scope));
    case "Fn::Or":
      return list.some((item) => test(item, scope));
    case "Fn::Not":
      return !test(list[0] ?? null, scope);
    case "Fn::Equals": {
      const [left, right] = list.map((item) => evaluate(item, scope));
      return text(left) === text(right);
    }
    default:
      throw invalid(
        "Template format error: Conditions can only be boolean operations on parameters and other conditions",
      );
  }
}

const text = (value: Value | undefined): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value ?? "");

type Function = (argument: Value, scope: Scope) => Value | undefined;

const functions: Readonly<Record<string, Function>> = {
  Ref: (name, scope) => reference(String(name), scope),
  "Fn::GetAtt": (argument, scope) => {
    const [name, attribute] = attributeOf(argument) as readonly Value[];
    return attributeValue(String(name), text(evaluate(attribute ?? "", scope)), scope);
  },
  "Fn::Sub": (argument, scope) => {
    const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const own = properties(isObject(variables) ? variables : {}, scope);
    return substitute(String(pattern), own, scope);
  },
  "Fn::Join": (argument, scope) => {
    const [separator, list] = argument as readonly Value[];
    const parts = evaluate(list ?? [], scope);
    if (parts === knownAfterApply) return knownAfterApply;
    if (!Array.isArray(parts)) throw joinError();
    return parts.map(text).join(String(separator));
  },
  "Fn::Split": (argument, scope) => {
    const [separator, source] = argument as readonly Value[];
    const whole = text(evaluate(source ?? "", scope));
    return whole.includes(knownAfterApply) ? knownAfterApply : whole.split(String(separator));
  },
  "Fn::Select": (argument, scope) => {
    const [index, source] = argument as readonly Value[];
    const list = evaluate(source ?? [], scope);
    if (list === knownAfterApply) return knownAfterApply;
    const at = Number(evaluate(index ?? 0, scope));
    const item = Array.isArray(list) ? list[at] : undefined;
    if (item === undefined) {
      throw invalid(`Template error: Fn::Select  cannot select nonexistent value at index ${at}`);
    }
    return item;
  },
  "Fn::If": (argument, scope) => {
    const [condition, yes, no] = argument as readonly Value[];
    return evaluate((holds(String(condition), scope) ? yes : no) ?? null, scope);
  },
  "Fn::FindInMap": (argument, scope) => {
    const [map, top, second] = (argument as readonly Value[]).map((part) =>
      text(evaluate(part, scope)),
    );
    const found = scope.template.Mappings?.[map ?? ""]?.[top ?? ""]?.[second ?? ""];
    if (found === undefined) {
      throw invalid(`Template error: Unable to get mapping for ${map}::${top}::${second}`);
    }
    return found;
  },
  "Fn::ImportValue": (argument, scope) => {
    const name = text(evaluate(argument, scope));
    return name.includes(knownAfterApply) ? knownAfterApply : scope.exported(name);
  },
  "Fn::Base64": (argument, scope) =>
    Buffer.from(text(evaluate(argument, scope)), "utf8").toString("base64"),
  "Fn::GetAZs": (argument, scope) => {
    const region = text(evaluate(argument, scope));
    return region === "" || region === scope.pseudo["AWS::Region"] ? scope.zones : [];
  },
  "Fn::Cidr": (argument, scope) => {
    const [block, count, bits] = (argument as readonly Value[]).map((part) =>
      text(evaluate(part, scope)),
    );
    if (block?.includes(knownAfterApply) === true) return knownAfterApply;
    return cidrs(block ?? "", Number(count), Number(bits ?? 8));
  },
};

/** How CloudFormation refuses a wrong `Fn::Join`, whenever it finds it. */
export const joinError = () =>
  invalid(
    "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
  );

function reference(name: string, scope: Scope): Value | undefined {
  if (name === "AWS::NoValue") return undefined;
  const pseudo = scope.pseudo[name];
  if (pseudo !== undefined) return pseudo;
  const parameter = scope.parameters[name];
  if (parameter === undefined) return scope.resource(name)?.physicalId ?? knownAfterApply;
  const value = parameter.resolved ?? parameter.value;
  const type = scope.template.Parameters?.[name]?.Type ?? "String";
  if (!isList(type)) return value;
  return value === "" ? [] : value.split(",").map((item) => item.trim());
}

/** Whether a parameter's type makes a list. */
const isList = (type: string): boolean =>
  type.includes("CommaDelimitedList") || type.includes("List<");

function attributeValue(name: string, attribute: string, scope: Scope): Value {
  const resource = scope.resource(name);
  if (resource === undefined) return knownAfterApply;
  const value = resource.attributes[attribute];
  if (value === undefined) {
    throw invalid(
      `Template error: resource ${name} does not support attribute type ${attribute} in Fn::GetAtt`,
    );
  }
  return value;
}

function substitute(pattern: string, own: Properties, scope: Scope): string {
  return pattern
    .replaceAll(/\$\{([^!}][^}]*)\}/g, (_, written: string) => {
      const name = written.trim();
      if (own[name] !== undefined) return text(own[name]);
      const [resource = "", ...attribute] = name.split(".");
      return attribute.length === 0
        ? text(reference(resource, scope))
        : text(attributeValue(resource, attribute.join("."), scope));
    })
    .replaceAll("${!", "${");
}
