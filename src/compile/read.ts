import type { Data } from "../compose/project.ts";
import { shown } from "../compose/shown.ts";
import { nearest } from "../model/nearest.ts";
import type { Value } from "../model/template.ts";
import { suggestion } from "./nearest.ts";
import type { Path, Report } from "./report.ts";

/** Reads one shape out of plain data; says what is wrong and answers undefined if it isn't that. */
export type Reader<T> = (data: Data, path: Path, report: Report) => T | undefined;

export type Read<R> = R extends Reader<infer T> ? T : never;

type Fields = Readonly<Record<string, Reader<unknown>>>;

type Object<F extends Fields> = { readonly [K in keyof F]?: Read<F[K]> };

/** Text; numbers and booleans too, since YAML does not ask for quotes. */
export const text: Reader<string> = (data, path, report) => {
  if (typeof data === "string") return data;
  if (typeof data === "number" || typeof data === "boolean") return String(data);
  return wrong("text", path, report);
};

export const number: Reader<number> = (data, path, report) => {
  const value = typeof data === "string" && data.trim() !== "" ? Number(data) : data;
  return typeof value === "number" && Number.isFinite(value)
    ? value
    : wrong("a number", path, report);
};

export const integer: Reader<number> = (data, path, report) => {
  const value = number(data, path, report);
  return value === undefined || Number.isInteger(value)
    ? value
    : wrong("a whole number", path, report);
};

export const boolean: Reader<boolean> = (data, path, report) =>
  truthOf(data) ?? wrong("true or false", path, report);

/** YAML took the other words for these until its version 1.2, as ECS ComposeX does. */
const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
};

/** Undefined for what is neither true nor false. */
function truthOf(data: Data): boolean | undefined {
  if (typeof data === "boolean") return data;
  const word = typeof data === "string" ? data.toLowerCase() : "";
  return Object.hasOwn(truths, word) ? truths[word] : undefined;
}

/** A file of the repository, which the loader has read. */
export const file: Reader<string> = (data, path, report) => {
  const { content } = asMapping(data);
  return typeof content === "string"
    ? content
    : wrong("the path of a file in the repository", path, report);
};

/** One of a few words. */
export const oneOf =
  <const W extends string>(...words: readonly W[]): Reader<W> =>
  (data, path, report) => {
    const found = words.find((word) => word === data);
    if (found === undefined) {
      const message = `${describe(data)} is not one of ${words.join(", ")}`;
      report.error({ code: "unknown-value", path, message, help: suggestion(String(data), words) });
    }
    return found;
  };

/** A list. Null is the empty one. */
export const list =
  <T>(item: Reader<T>): Reader<readonly T[]> =>
  (data, path, report) => {
    const given = data ?? [];
    if (!Array.isArray(given)) return wrong("a list", path, report);
    const all: T[] = [];
    given.forEach((value: Data, index) => {
      const read = item(value, [...path, index], report);
      if (read !== undefined) all.push(read);
    });
    return all;
  };

/** A mapping from names that people choose. Null is the empty one, as `x-sqs:` in YAML is. */
export const mapOf =
  <T>(item: Reader<T>): Reader<Readonly<Record<string, T>>> =>
  (data, path, report) => {
    const given = data ?? {};
    if (!isMapping(given)) return wrong("a mapping", path, report);
    const entries = Object.entries(given).flatMap(([key, value]) => {
      const read = item(value, [...path, key], report);
      return read === undefined ? [] : [[key, read] as const];
    });
    return Object.fromEntries(entries);
  };

/** A mapping with these keys and no others. Null is the empty mapping, as `queue:` in YAML is. */
export const object =
  <F extends Fields>(fields: F, required: readonly (keyof F & string)[] = []): Reader<Object<F>> =>
  (data, path, report) => {
    const given = data ?? {};
    if (!isMapping(given)) return wrong("a mapping", path, report);
    for (const key of required) if (given[key] === undefined) missing(key, path, report);
    return readFields(fields, given, path, report) as Object<F>;
  };

/** The same where ECS ComposeX passes over what it does not know: a key that is like none does nothing. */
export const open =
  <F extends Fields>(fields: F): Reader<Object<F>> =>
  (data, path, report) => {
    if (!isMapping(data)) return object(fields)(data, path, report);
    const known = Object.keys(fields);
    const read = Object.entries(data).filter(([key]) => {
      if (Object.hasOwn(fields, key) || isFunction(key) || nearest(key, known)) return true;
      const message = `unknown key ${shown(key)}, which does nothing`;
      report.warn({ code: "unknown-key", path: [...path, key], message });
      return false;
    });
    return object(fields)(Object.fromEntries(read), path, report);
  };

function readFields(
  fields: Fields,
  given: Mapping,
  path: Path,
  report: Report,
): Readonly<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const key of Object.keys(given)) {
    const read = readField(fields, key)(given[key] ?? null, [...path, key], report);
    if (read !== undefined) all[key] = read;
  }
  return all;
}

const missing = (key: string, path: Path, report: Report): void =>
  report.error({ code: "missing-key", path, message: `${key} is missing` });

/** Anything, as it stands: for what another module reads. */
export const asIs: Reader<Data> = (data) => data;

/** A mapping, or as CloudFormation has it, a list of Key and Value. */
export const pairs: Reader<Readonly<Record<string, string>>> = (data, path, report) =>
  isMapping(data)
    ? mapOf(text)(data, path, report)
    : Object.fromEntries(
        (listedPairs(data, path, report) ?? []).map(({ Key = "", Value = "" }) => [Key, Value]),
      );

const listedPairs = list(object({ Key: text, Value: text }, ["Key", "Value"]));

/** One shape, or what CloudFormation works out in its place. */
export const orFunction =
  <T>(other: Reader<T>): Reader<T | Data> =>
  (data, path, report) =>
    functionIn(data) === undefined ? other(data, path, report) : data;

/** The function that a mapping is, or has among its keys. */
export const functionIn = (data: Data | undefined): string | undefined =>
  isMapping(data) ? Object.keys(data).find(isFunction) : undefined;

const isFunction = (key: string): boolean => key === "Ref" || key.startsWith("Fn::");

/** One shape for text, another for anything else. */
export const textOr =
  <T>(other: Reader<T>): Reader<string | T> =>
  (data, path, report) =>
    typeof data === "string" ? data : other(data, path, report);

/** One shape for true and false, another for anything else. */
export const booleanOr =
  <T>(other: Reader<T>): Reader<boolean | T> =>
  (data, path, report) =>
    truthOf(data) ?? other(data, path, report);

/** A known key that is not built: never taken in silence, unless it asks for nothing. */
export const notBuilt: Reader<never> = (data, path, report) => {
  if (data === null || isEmpty(data)) return undefined;
  const message = `${String(path.at(-1))} is not supported yet`;
  report.error({ code: "not-supported-yet", path, message });
  return undefined;
};

/** A key that changes nothing here, and why: said, so that nobody counts on it. */
export const noEffect =
  (why: string): Reader<never> =>
  (_data, path, report) => {
    const message = `${String(path.at(-1))} does nothing: ${why}`;
    report.warn({ code: "no-effect", path, message });
    return undefined;
  };

/** A section that has nothing to say here, and why: ECS ComposeX passes over it. Empty it says so itself. */
export const passedOver =
  (why: string): Reader<never> =>
  (data, path, report) =>
    data === null || isEmpty(data) ? undefined : noEffect(why)(data, path, report);

/** `Access` where nothing is to be allowed: ECS ComposeX wants one of every service that is named. */
export const noAccess: Reader<never> = (data, path, report) => {
  if (data === null || /^(?:n\/?a|none)$/i.test(String(data)) || isEmpty(data)) return undefined;
  return noEffect("there is nothing to allow")(data, path, report);
};

const isEmpty = (data: Data): boolean => isMapping(data) && Object.keys(data).length === 0;

/** Plain data by keys. */
export type Mapping = { readonly [key: string]: Data };

export const isMapping = (data: Data | undefined): data is Mapping =>
  typeof data === "object" && data !== null && !Array.isArray(data);

/** What is no mapping has no keys. */
export const asMapping = (data: Data | undefined): Mapping => (isMapping(data) ? data : nothing);

const nothing: Mapping = {};

/** What is no list has no items. */
export const asList = <T extends Data | Value>(value: T | undefined): readonly T[] =>
  Array.isArray(value) ? value : [];

const readField = (fields: Fields, key: string): Reader<unknown> =>
  (Object.hasOwn(fields, key) ? fields[key] : undefined) ?? unknownKey(Object.keys(fields));

const unknownKey =
  (known: readonly string[]): Reader<never> =>
  (_data, path, report) => {
    const key = String(path.at(-1));
    const help = suggestion(key, known);
    report.error({ code: "unknown-key", path, message: `unknown key ${shown(key)}`, help });
    return undefined;
  };

/** Says what is expected in place of what is there. */
export function wrong(expected: string, path: Path, report: Report): undefined {
  report.error({ code: "wrong-type", path, message: `must be ${expected}` });
  return undefined;
}

const describe = (data: Data): string => (typeof data === "object" ? "this" : JSON.stringify(data));
