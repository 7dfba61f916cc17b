import type { Data } from "../compose/project.ts";
import { asList, isMapping } from "./read.ts";

/** A function of CloudFormation's: what it takes, and how that looks. */
interface Function {
  fits(argument: Data | undefined): boolean;
  readonly example: string;
}

/** A mapping is another function, whose value nobody knows here. */
const isText = (data: Data | undefined): boolean => typeof data === "string" || isMapping(data);
const isList = (data: Data | undefined): boolean => Array.isArray(data) || isMapping(data);

const pairOf =
  (first: (data: Data | undefined) => boolean, second: (data: Data | undefined) => boolean) =>
  (argument: Data | undefined): boolean =>
    Array.isArray(argument) &&
    argument.length === 2 &&
    first(argument[0] as Data) &&
    second(argument[1] as Data);

const isSeparator = (data: Data | undefined): boolean => typeof data === "string";
const isIndex = (data: Data | undefined): boolean => isMapping(data) || /^\d+$/.test(String(data));

/** An item that is there: CloudFormation refuses to look beyond the end of a list. */
const isItem = (argument: Data | undefined): boolean => {
  const [index, items] = asList(argument);
  return !Array.isArray(items) || isMapping(index) || Number(index) < items.length;
};

/** Functions that only work on text they are given. Others reach for what is not theirs. */
export const functions: ReadonlyMap<string, Function> = new Map([
  ["Fn::Base64", { fits: isText, example: '"text"' }],
  [
    "Fn::Cidr",
    {
      fits: (argument) => Array.isArray(argument) && [2, 3].includes(argument.length),
      example: '["10.0.0.0/16", 4, 8]',
    },
  ],
  ["Fn::GetAZs", { fits: isText, example: '""' }],
  ["Fn::Join", { fits: pairOf(isSeparator, isList), example: '["-", [a, b]]' }],
  [
    "Fn::Select",
    {
      fits: (argument) => pairOf(isIndex, isList)(argument) && isItem(argument),
      example: "[0, [a, b]]",
    },
  ],
  ["Fn::Split", { fits: pairOf(isSeparator, isText), example: '["-", a-b]' }],
]);
