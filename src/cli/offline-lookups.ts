import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Answer, describeLookup } from "../model/lookup.ts";
import { UsageError } from "./usage.ts";
import type { Io } from "./verb.ts";
import type { AnswerLookups } from "./working-copy.ts";

/**
 * Answers to lookups without asking anybody: from a JSON file, id → attribute → value, or with
 * stand-ins. Says on standard error what is made up, and what in the file nothing asks for.
 */
export function offline(source: string, io: Io): AnswerLookups {
  if (source === "placeholder")
    return async (open) => {
      for (const { lookup } of open) io.err(`stand-in: ${lookup.id}  ${describeLookup(lookup)}`);
      return "placeholder";
    };
  const answers = readAnswers(resolve(io.cwd, source), source);
  return async (open) => {
    const asked = new Set(open.map(({ lookup: { id } }) => id));
    for (const id of answers.keys())
      if (!asked.has(id)) io.err(`${source}: nothing looks up ${id}`);
    return answers;
  };
}

function readAnswers(path: string, shown: string): ReadonlyMap<string, Answer> {
  if (!existsSync(path)) throw new UsageError(`There is no ${shown}.`);
  const answers = parsed(readFileSync(path, "utf8"), shown);
  if (!isRecord(answers)) throw new UsageError(`${shown} is not a JSON object: ${form}`);
  for (const [id, answer] of Object.entries(answers)) {
    if (isRecord(answer) && Object.values(answer).every((value) => typeof value === "string"))
      continue;
    throw new UsageError(`${shown}: ${id} is not a JSON object of texts: ${form}`);
  }
  return new Map(Object.entries(answers as Readonly<Record<string, Answer>>));
}

const form = 'write {"x-vpc.VpcId": {"VpcId": "vpc-0123"}}.';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parsed(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${shown} is not JSON: ${(error as Error).message}`);
  }
}
