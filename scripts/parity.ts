import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type ParityCase, readCases } from "../test/parity/cases.ts";
import { acceptedBy } from "../test/parity/differences.ts";
import { type Ending, runCase, summarised } from "../test/parity/parity.ts";

// What `trueup render` makes of a directory of ECS ComposeX inputs, beside what that tool made.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { case: { type: "string" } },
});
const beside = fileURLToPath(new URL("../../shared/composex/dev", import.meta.url));
const directory = resolve(positionals[0] ?? beside);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

if (!existsSync(directory)) say(`There are no cases in ${directory}: nothing was compared.`);
else if (values.case === undefined) measure(readCases(directory));
else show(readCases(directory).find(({ id }) => id === values.case));

function measure(cases: readonly ParityCase[]): void {
  const endings = cases.map((one) => [one, runCase(one)] as const);
  for (const [{ id }, ending] of endings) for (const line of complaint(id, ending)) say(line);
  say(summarised(endings.map(([, ending]) => ending)));
  if (endings.some(([, ending]) => isAmiss(ending))) process.exitCode = 1;
}

function isAmiss(ending: Ending): boolean {
  if (ending.kind === "later") return false;
  const hasFaults = ending.kind === "rendered" && ending.faults.length > 0;
  return hasFaults || ending.unexplained.length > 0;
}

/** A line for a case that is not as it should be, with the first of what is wrong. */
function complaint(id: string, ending: Ending): readonly string[] {
  if (ending.kind !== "rendered")
    return ending.errors.map((error) => `${id}: ${ending.kind}: ${error}`);
  const { faults, unexplained } = ending;
  if (faults.length + unexplained.length === 0) return [];
  const first = faults[0] ?? unexplained[0];
  return [`${id}: ${faults.length} faults, ${unexplained.length} unexplained: ${first}`];
}

function show(one: ParityCase | undefined): void {
  if (one === undefined) {
    say(`There is no case ${values.case} in ${directory}.`);
    process.exitCode = 2;
    return;
  }
  const ending = runCase(one);
  if (ending.kind !== "rendered") {
    for (const line of ending.errors) say(line);
    say(`${one.id}: ${ending.kind}`);
    return;
  }
  for (const line of ending.warnings) say(line);
  for (const fault of ending.faults) say(`! ${fault}`);
  for (const line of ending.differences) say(`${line}  (${acceptedBy(line)?.reason ?? "why?"})`);
  say(`${one.id}: ${summarised([ending])}`);
}
