import { notEmulated } from "../../world.ts";
import { invalid } from "../errors.ts";
import type { Template, Value } from "../state.ts";
import { joinError } from "./evaluate.ts";
import { attributeOf } from "./parse.ts";
import { intrinsicOf, isObject } from "./references.ts";

/** Refuses functions that have the wrong arguments, in CloudFormation's words, and unknown ones. */
export function checkFunctions(value: Value, template: Template): void {
  if (typeof value !== "object" || value === null) return;
  const intrinsic = intrinsicOf(value);
  if (intrinsic !== undefined) {
    const [name, argument] = intrinsic;
    const check = checks[name];
    if (name.startsWith("Fn::") && check === undefined) throw notEmulated(name);
    check?.(argument, template);
  }
  for (const item of Object.values(value)) checkFunctions(item as Value, template);
}

const isPair = (argument: Value): argument is readonly [Value, Value] =>
  Array.isArray(argument) && argument.length === 2;

const listed = (argument: Value): boolean => Array.isArray(argument) || isObject(argument);

/** An index that is one, and within the list if that is written out. */
const selects = ([index, source]: readonly [Value, Value]): boolean =>
  listed(source) &&
  (isObject(index) || /^\d+$/.test(String(index))) &&
  (!Array.isArray(source) || isObject(index) || Number(index) < source.length);

type Check = (argument: Value, template: Template) => void;

const list: Check = (argument) => {
  if (!Array.isArray(argument))
    throw invalid(
      "Template error: every Fn::And, Fn::Or and Fn::Not object requires a list of conditions.",
    );
};

const anything: Check = () => undefined;

const checks: Readonly<Record<string, Check>> = {
  "Fn::And": list,
  "Fn::Or": list,
  "Fn::Not": list,
  "Fn::Base64": anything,
  "Fn::GetAZs": anything,
  "Fn::ImportValue": anything,
  "Fn::Cidr": (argument) => {
    if (!Array.isArray(argument) || argument.length < 2) {
      throw invalid("Template error: every Fn::Cidr object requires two or three parameters.");
    }
  },
  "Fn::Equals": (argument) => {
    if (!isPair(argument)) {
      throw invalid(
        "Template error: every Fn::Equals object requires a list of 2 string parameters.",
      );
    }
  },
  "Fn::FindInMap": (argument) => {
    if (!Array.isArray(argument) || argument.length !== 3) {
      throw invalid(
        "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value",
      );
    }
  },
  "Fn::GetAtt": (argument) => {
    const pair = attributeOf(argument);
    if (!isPair(pair) || pair.includes("")) {
      throw invalid(
        "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
      );
    }
  },
  "Fn::If": (argument, { Conditions = {} }) => {
    if (!Array.isArray(argument) || argument.length !== 3) {
      throw invalid(
        "Template error: Fn::If requires a list argument with three elements: the condition and two values",
      );
    }
    const condition = String(argument[0]);
    if (!(condition in Conditions)) {
      throw invalid(`Template error: unresolved condition dependency ${condition} in Fn::If`);
    }
  },
  "Fn::Join": (argument) => {
    if (!isPair(argument) || typeof argument[0] !== "string" || !listed(argument[1])) {
      throw joinError();
    }
  },
  "Fn::Select": (argument) => {
    if (!isPair(argument) || !selects(argument)) {
      throw invalid(
        "Template error: Fn::Select requires a list argument with two elements: an integer index and a list",
      );
    }
  },
  "Fn::Split": (argument) => {
    if (!isPair(argument) || typeof argument[0] !== "string" || Array.isArray(argument[1])) {
      throw invalid(
        "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.",
      );
    }
  },
  "Fn::Sub": (argument) => {
    const [pattern, variables = {}] = Array.isArray(argument) ? argument : [argument];
    if (typeof pattern !== "string" || !isObject(variables)) {
      throw invalid(
        "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
      );
    }
  },
};
