import { everyItem, isNamed, unless } from "./answers.ts";
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

/** One version of a parameter: what it says and who wrote it, of one and the same write. */
export interface Version {
  readonly text: string;
  /** ARN. */
  readonly user: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Every version of a parameter that is still kept, the oldest first; none where it is not there. */
export async function historyOf(name: string, call: Call): Promise<readonly Version[]> {
  const history = everyItem(async (token) => {
    const page = await call("ssm:GetParameterHistory", {
      Name: name,
      MaxResults: 50,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    return { items: page.Parameters, next: page.NextToken };
  });
  const versions = (await unless(history, (error) => isNamed(error, "ParameterNotFound"))) ?? [];
  return versions.map(({ LastModifiedDate, LastModifiedUser = "", Value = "" }) => ({
    text: Value,
    user: LastModifiedUser,
    at: LastModifiedDate?.toISOString() ?? "",
  }));
}

/** Writes one parameter, new or not. */
export async function putValue(name: string, value: string, call: Call): Promise<void> {
  await call("ssm:PutParameter", { Name: name, Value: value, Type: "String", Overwrite: true });
}

/** Removes one parameter; nothing happens where there is none. */
export async function removeValue(name: string, call: Call): Promise<void> {
  const removed = call("ssm:DeleteParameter", { Name: name });
  await unless(removed, (error) => isNamed(error, "ParameterNotFound"));
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
