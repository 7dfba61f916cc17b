import { everyItem } from "./answers.ts";
import type { Call } from "./call.ts";

/** The hierarchy that people and the controller talk through. */
export const root = "/trueup";

/** The values of up to ten parameters; one that is not there is not in the map. */
export async function valuesOf(
  names: readonly string[],
  call: Call,
): Promise<ReadonlyMap<string, string>> {
  const { Parameters: found = [] } = await call("ssm:GetParameters", { Names: [...names] });
  return new Map(found.map(({ Name = "", Value = "" }) => [Name, Value]));
}

/** Every parameter of the hierarchy: name → value. Parameter Store filters by no name. */
export async function everyValue(call: Call): Promise<ReadonlyMap<string, string>> {
  const parameters = await everyItem(async (token) => {
    const page = await call("ssm:GetParametersByPath", {
      Path: root,
      Recursive: true,
      MaxResults: 10,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    return { items: page.Parameters, next: page.NextToken };
  });
  return new Map(parameters.map(({ Name = "", Value = "" }) => [Name, Value]));
}

/** Writes one parameter, new or not. */
export async function putValue(name: string, value: string, call: Call): Promise<void> {
  await call("ssm:PutParameter", { Name: name, Value: value, Type: "String", Overwrite: true });
}

/** A JSON object, or what is wrong with the text. */
export function objectFrom(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : "is not a JSON object";
  } catch {
    return "is not JSON";
  }
}
