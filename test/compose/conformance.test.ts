import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readCases, runCase } from "./reference-cases.ts";

const directory = fileURLToPath(new URL("../../../shared/conformance/dev", import.meta.url));
const cases = readCases(directory);

// The cases are not part of the project; docs/compose-compatibility.md says which differ and why.
describe.skipIf(cases.length === 0)(
  `what docker compose makes of the cases in ${directory}`,
  () => {
    test("nearly every accepted case is printed the same", async () => {
      expect(await share("valid")).toBeGreaterThanOrEqual(0.97);
    });

    test("nearly every rejected case is rejected", async () => {
      expect(await share("error")).toBeGreaterThanOrEqual(0.95);
    });
  },
);

async function share(expect: "valid" | "error"): Promise<number> {
  const asked = cases.filter((one) => one.expect === expect);
  const outcomes = [];
  for (const one of asked) outcomes.push(await runCase(one));
  return outcomes.filter(({ same }) => same).length / asked.length;
}
