import type { Data } from "../compose/project.ts";
import { type Answer, describeLookup, type Lookup } from "../model/lookup.ts";
import { isMapping, mapOf, object, type Read, type Reader, text, wrong } from "./read.ts";
import type { Path, Report } from "./report.ts";

/** Answers by the lookup's id; `placeholder`: well-formed stand-ins, for looking at what comes out. */
export type Answers = ReadonlyMap<string, Answer> | "placeholder";

export interface Lookups {
  /** Every lookup, and where it stands. */
  readonly asked: Asked[];
  /** Those that had no answer. */
  readonly unanswered: Asked[];
  /** The answer; a stand-in where there is none yet, so that the rest can be judged. */
  answer(lookup: Lookup, standIn: Answer, path: Path): Answer;
}

interface Asked {
  readonly lookup: Lookup;
  readonly path: Path;
}

export function lookupsIn(answers: Answers | undefined): Lookups {
  const asked: Asked[] = [];
  const unanswered: Asked[] = [];
  const note = (all: Asked[], { lookup, path }: Asked): void => {
    if (all.every((other) => other.lookup.id !== lookup.id)) all.push({ lookup, path });
  };
  return {
    asked,
    unanswered,
    answer: (lookup, standIn, path) => {
      note(asked, { lookup, path });
      if (answers === "placeholder") return standIn;
      const answer = answers?.get(lookup.id);
      // What tells nothing of what is asked for is no answer.
      if (Object.keys(standIn).some((key) => answer?.[key] !== undefined)) return answer ?? standIn;
      note(unanswered, { lookup, path });
      return standIn;
    },
  };
}

export function refuseUnanswered({ unanswered }: Lookups, report: Report): void {
  for (const { lookup, path } of unanswered)
    report.error({
      code: "lookup-unanswered",
      path,
      message: `${lookup.id} has to be looked up (${describeLookup(lookup)})`,
      help: "Answer it in a file (--lookups FILE), or with stand-ins (--lookups placeholder).",
    });
}

/** Text that is looked for as it is written. */
const known: Reader<string> = (data, path, report) => {
  const value = text(data, path, report);
  const [reference] = /\$\{AWS::\w+\}/.exec(value ?? "") ?? [];
  if (reference === undefined) return value;
  const message = `${reference} is not known when things are looked for`;
  const help = "Write what it stands for, or use a variable of the environment.";
  report.error({ code: "cannot-honour", path, message, help });
  return value;
};

const arn: Reader<string> = (data, path, report) => {
  const value = known(data, path, report);
  if (value === undefined || value === "" || value.startsWith("arn:")) return value;
  const message = `${value} is no ARN`;
  report.error({ code: "wrong-type", path, message, help: "An ARN begins with arn:." });
  return value;
};

const readTags: Reader<Readonly<Record<string, string>>> = (data, path, report) => {
  if (!Array.isArray(data)) return mapOf(known)(data, path, report);
  const parts = data.map((item, index) => {
    const tag = mapOf(known)(item, [...path, index], report) ?? {};
    const { Key, Value, ...others } = tag;
    const isPair = Key !== undefined && Value !== undefined && Object.keys(others).length === 0;
    return isPair ? { [Key]: Value } : tag;
  });
  return Object.assign({}, ...parts);
};

const readBy = object({
  Arn: arn,
  Identifier: known,
  Name: known,
  Tags: readTags,
  RoleArn: known,
  Region: known,
});

/** What is wrong with a lookup that says nothing to look for. */
const nothingIn = ({ Arn, Identifier, Name }: Partial<Read<typeof readBy>>) =>
  [Arn, Identifier, Name].includes("")
    ? { message: "what to look for is empty", help: "So is a variable that is not set." }
    : { message: "Arn, Identifier or Tags is missing" };

/** `Lookup: {Arn | Identifier | Tags, RoleArn, Region}`. */
export const lookupReader =
  (id: string, type: string): Reader<Lookup> =>
  (data, path, report) => {
    // Yes and no name nothing.
    if (typeof data === "boolean") return wrong("a mapping, or a name", path, report);
    const given = isMapping(data)
      ? readBy(data, path, report)
      : present({ Identifier: known(data, path, report) });
    const { RoleArn: role, Region: region, ...what }: Partial<Read<typeof readBy>> = given ?? {};
    const by = present({
      arn: what.Arn || undefined,
      identifier: what.Identifier || what.Name || undefined,
      tags: Object.keys(what.Tags ?? {}).length === 0 ? undefined : what.Tags,
    });
    if (Object.keys(by).length === 0) {
      report.error({ code: "missing-key", path, ...nothingIn(what) });
      return undefined;
    }
    return { id, type, by, ...present({ role, region }) };
  };

/** What a `Lookup` finds; what stands in for that where it cannot be read, or has no answer yet. */
export const lookUp =
  (id: string, type: string, standIn: Answer) =>
  (data: Data, path: Path, { lookups, report }: Places): Answer => {
    const lookup = lookupReader(id, type)(data, path, report);
    return lookup === undefined ? standIn : lookups.answer(lookup, standIn, path);
  };

/** Where lookups are noted, and what is wrong with them. */
interface Places {
  readonly lookups: Lookups;
  readonly report: Report;
}

/** A part of a lookup, looked for by the role that the whole names. */
export const withRole = (by: Data, RoleArn: Data | undefined): Data =>
  RoleArn === undefined || !isMapping(by) ? by : { RoleArn, ...by };

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

const present = <T extends object>(values: T): Present<T> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Present<T>;
