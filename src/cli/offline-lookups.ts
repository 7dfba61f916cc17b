import { resolve } from "node:path";
import { type Parameters, parameterNames } from "../application/application.ts";
import { standInParameters, valueFormat } from "../application/parameters.ts";
import { dialects } from "../compose/dialect.ts";
import { readDocuments } from "../compose/read.ts";
import { createReport } from "../compose/report.ts";
import { renderDiagnostic } from "../model/diagnostic.ts";
import { type Answer, describeLookup } from "../model/lookup.ts";
import type { ReadStored } from "./said.ts";
import { readText, UsageError } from "./usage.ts";
import type { Io } from "./verb.ts";
import type { AnswerLookups, TakeParameters } from "./working-copy.ts";

interface Offline {
  readonly answer: AnswerLookups;
  readonly read: ReadStored;
  readonly take: TakeParameters;
}

/**
 * Answers to lookups without asking anybody: from a JSON file, id → attribute → value, or with
 * stand-ins. Says on standard error what is made up, and what in the file nothing asks for. What
 * another environment hands out is in the file as the answer of `parameters`, what Parameter Store has
 * as the `Value` of `ssm:NAME`.
 */
export function offline(source: string, io: Io): Offline {
  if (source === "placeholder") return standIns(io);
  const answers = readAnswers(resolve(io.cwd, source), source);
  const asked = new Set<string>();
  return {
    answer: async (open) => {
      for (const { lookup } of open) asked.add(lookup.id);
      for (const id of answers.keys())
        if (!asked.has(id)) io.err(`${source}: nothing looks up ${id}`);
      return answers;
    },
    read: async (names) => {
      for (const name of names) asked.add(`ssm:${name}`);
      return new Map(
        names.flatMap((name) => {
          const value = answers.get(`ssm:${name}`)?.Value;
          return value === undefined ? [] : [[name, value] as const];
        }),
      );
    },
    take: async (from) => {
      asked.add("parameters");
      const given = answers.get("parameters");
      if (given !== undefined) return parametersIn(given, source);
      throw new UsageError(`${source} has no "parameters", which are taken from ${from}.`);
    },
  };
}

const standIns = (io: Io): Offline => ({
  answer: async (open) => {
    for (const { lookup } of open) io.err(`stand-in: ${lookup.id}  ${describeLookup(lookup)}`);
    return "placeholder";
  },
  read: async (names) => {
    for (const name of names) io.err(`stand-in: ssm:${name}`);
    return "placeholder";
  },
  take: async (from) => {
    io.err(`stand-in: parameters  from ${from}`);
    return standInParameters;
  },
});

function parametersIn(given: Answer, shown: string): Parameters {
  const names: readonly string[] = parameterNames;
  const other = Object.keys(given).find((name) => !names.includes(name));
  if (other !== undefined)
    throw new UsageError(`${shown}: ${other} is none of ${names.join(", ")}.`);
  const { help, pattern, what } = valueFormat;
  const [wrong] = Object.entries(given).find(([, value]) => !pattern.test(value)) ?? [];
  if (wrong !== undefined) throw new UsageError(`${shown}: ${wrong} is not ${what}: ${help}.`);
  return given;
}

function readAnswers(path: string, shown: string): ReadonlyMap<string, Answer> {
  const answers = parsed(readText(path, shown), shown);
  if (!isRecord(answers)) throw new UsageError(`${shown} is not a JSON object: ${form}`);
  for (const [id, answer] of Object.entries(answers)) {
    if (isRecord(answer) && Object.values(answer).every((value) => typeof value === "string"))
      continue;
    throw new UsageError(`${shown}: ${id} is not a JSON object of texts: ${form}`);
  }
  return new Map(Object.entries(answers as Readonly<Record<string, Answer>>));
}

const form = 'write {"x-vpc.VpcId": {"VpcId": "vpc-0123"}}.';

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of a key that is there twice JSON has the last, and nobody hears of the first. */
function parsed(text: string, shown: string): unknown {
  try {
    const read = JSON.parse(text);
    refuseRepeated(text, shown);
    return read;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${shown} is not JSON: ${(error as Error).message}`);
  }
}

/** JSON is YAML, whose reader finds what is there twice. */
function refuseRepeated(text: string, shown: string): void {
  const report = createReport();
  readDocuments({ file: shown, text }, report, dialects.compose);
  const [first] = report.diagnostics;
  if (first !== undefined) throw new UsageError(renderDiagnostic(first));
}
