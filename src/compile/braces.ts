import type { Properties, Value } from "../model/template.ts";
import { asList } from "./read.ts";

// CloudFormation looks for `{{resolve:…}}` when functions have done their work: what stands in no
// text as it is written may be put together from several.

/** Where something stands that only AWS knows, and that people may have a say in. */
const unknown = "\uE000";

/** Where something stands that only AWS knows, and that holds no braces. */
const plain = "\uE001";

/** Whether what functions come to may be a dynamic reference, as far as anybody can tell. */
export const mayResolve = (value: Value): boolean =>
  textsOf(value).some((text) => beginnings.test(text));

/** `{{` and as much of `resolve:` as is there before the text ends, or what only AWS knows begins. */
const beginnings =
  /\{(?:\uE000|\{\s*(?:r(?:e(?:s(?:o(?:l(?:v(?:e\s*)?)?)?)?)?)?)?(?:[\uE000\uE001:]|$))/i;

/** All texts that a value comes to, one for each item of a list. */
function textsOf(value: Value): readonly string[] {
  if (typeof value !== "object") return [String(value)];
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap(textsOf);
  const { Ref: name, ...others } = value as Properties;
  if (name === "AWS::NoValue") return [];
  if (typeof name === "string") return [name.startsWith("AWS::") ? plain : unknown];
  const [[key, argument] = ["", ""], ...more] = Object.entries(others);
  return more.length > 0 ? Object.values(others).flatMap(textsOf) : computed(key, argument);
}

function computed(key: string, argument: Value): readonly string[] {
  const [first = "", second = ""] = asList(argument);
  switch (key) {
    case "Fn::Join":
      return [textsOf(second).join(textsOf(first).join(""))];
    case "Fn::Split":
      return textsOf(second).flatMap((text) => text.split(textsOf(first).join("")));
    case "Fn::Select": {
      const items = textsOf(second);
      const item = items[Number(first)];
      return item === undefined ? items : [item];
    }
    // Neither a brace nor anything else of what it is given is left as it is.
    case "Fn::Base64":
    case "Fn::Cidr":
    case "Fn::GetAZs":
      return [plain];
    case "Fn::GetAtt":
      return [unknown];
    default:
      return textsOf(argument);
  }
}
