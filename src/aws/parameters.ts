import { everyItem, isNamed, unless } from "./answers.ts";
import type { Call } from "./call.ts";

/** The hierarchy that people and the controller talk through. */
export const root = "/trueup";

/** What a parameter says, and when that was written. */
export type Written = Pick<Version, "text" | "at">;

/**
 * Parameters by name, and perhaps others; one that is not there is not in the map. Names that are
 * asked for at once go into one call, as far as it takes so many.
 */
export function writtenIn(
  names: readonly string[],
  call: Call,
): Promise<ReadonlyMap<string, Written>> {
  const batch = batches.get(call) ?? openBatch(call);
  for (const name of names) batch.names.add(name);
  return batch.answer;
}

/** What will be asked as soon as everybody at hand has said what he wants to know. */
interface Batch {
  readonly names: Set<string>;
  readonly answer: Promise<ReadonlyMap<string, Written>>;
}

const batches = new WeakMap<Call, Batch>();

function openBatch(call: Call): Batch {
  const names = new Set<string>();
  const answer = Promise.resolve().then(() => {
    batches.delete(call);
    return allWritten([...names], call);
  });
  const batch = { names, answer };
  batches.set(call, batch);
  return batch;
}

/** So many names may be in one call: GetParameters. */
const mostNames = 10;

async function allWritten(
  names: readonly string[],
  call: Call,
): Promise<ReadonlyMap<string, Written>> {
  const calls = Math.ceil(names.length / mostNames);
  const found = await Promise.all(
    Array.from({ length: calls }, async (_, at) => {
      const Names = names.slice(at * mostNames, (at + 1) * mostNames);
      const { Parameters = [] } = await call("ssm:GetParameters", { Names });
      return Parameters.map(written);
    }),
  );
  return new Map(found.flat());
}

/** The text of one parameter; undefined: it is not there. */
export const textIn = async (name: string, call: Call): Promise<string | undefined> =>
  (await writtenIn([name], call)).get(name)?.text;

/** Every parameter of the hierarchy, by name. Parameter Store filters by no name. */
export async function everyWritten(call: Call): Promise<ReadonlyMap<string, Written>> {
  const parameters = await everyItem(async (token) => {
    const page = await call("ssm:GetParametersByPath", {
      Path: root,
      Recursive: true,
      MaxResults: 10,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    return { items: page.Parameters, next: page.NextToken };
  });
  return new Map(parameters.map(written));
}

const written = ({
  LastModifiedDate,
  Name = "",
  Type,
  Value = "",
}: {
  readonly LastModifiedDate?: Date | undefined;
  readonly Name?: string | undefined;
  readonly Type?: string | undefined;
  readonly Value?: string | undefined;
}): readonly [name: string, Written] => [
  Name,
  {
    text: Type === "SecureString" ? secret : Value,
    at: LastModifiedDate?.toISOString() ?? "",
  },
];

/** Stands for what nobody here decrypts: it is neither JSON nor a token. */
const secret = "(SecureString)";

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
  if (text === secret) return "is a SecureString, which is not decrypted: write it as a String";
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : "is not a JSON object";
  } catch {
    return "is not JSON";
  }
}
