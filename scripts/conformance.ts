import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  type Outcome,
  type ReferenceCase,
  readCases,
  runCase,
} from "../test/compose/reference-cases.ts";

// How much of what `docker compose config` makes of a directory of cases `trueup config` makes too.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { case: { type: "string" } },
});
const beside = fileURLToPath(new URL("../../shared/conformance/dev", import.meta.url));
const directory = positionals[0] ?? beside;
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

if (!existsSync(directory)) say(`There are no cases in ${directory}: nothing was compared.`);
else if (values.case === undefined) await measure(readCases(directory));
else await show(readCases(directory).find(({ id }) => id === values.case));

async function measure(cases: readonly ReferenceCase[]): Promise<void> {
  const outcomes: (readonly [ReferenceCase, Outcome])[] = [];
  for (const one of cases) outcomes.push([one, await attempt(one)]);
  const count = (expect: ReferenceCase["expect"]) => {
    const all = outcomes.filter(([one]) => one.expect === expect);
    return `${all.filter(([, { same }]) => same).length} of ${all.length}`;
  };
  for (const [{ id }, { same }] of outcomes) if (!same) say(id);
  say(`${count("valid")} equal, ${count("error")} rejected`);
}

async function show(one: ReferenceCase | undefined): Promise<void> {
  if (one === undefined) {
    say(`There is no case ${values.case} in ${directory}.`);
    process.exitCode = 2;
    return;
  }
  const outcome = await attempt(one);
  if (outcome.same) say(`${one.id}: the same`);
  else for (const line of differences(outcome.expected, outcome.actual, "")) say(line);
}

/** A crash is a difference too. */
async function attempt(one: ReferenceCase): Promise<Outcome> {
  try {
    return await runCase(one);
  } catch (error) {
    return { same: false, expected: one.expect, actual: (error as Error).stack };
  }
}

/** `- path value` for what the reference has, `+ path value` for what we have. */
function differences(expected: unknown, actual: unknown, path: string): readonly string[] {
  if (JSON.stringify(expected) === JSON.stringify(actual)) return [];
  if (isObject(expected) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
    return keys.flatMap((key) => differences(expected[key], actual[key], `${path}.${key}`));
  }
  const line = (sign: string, value: unknown): readonly string[] =>
    value === undefined ? [] : [`${sign} ${path} ${JSON.stringify(value)}`];
  return [...line("-", expected), ...line("+", actual)];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
