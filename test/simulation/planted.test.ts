import { planted, wrongsUnder } from "./planted/planted.ts";
import { plantedTests } from "./planted-tests.ts";
import { run } from "./run.ts";

plantedTests({
  planted,
  traces: new URL("planted/traces.json", import.meta.url),
  wrongsUnder,
  wrongsWithout: async (history) => (await run(history, { cold: true })).wrongs,
});
