import { availableParallelism } from "node:os";

/** What has to be right in every line, since nothing stands behind it. */
export const guards = [
  // Who is asked, and what their word covers.
  "src/application/ceiling.ts",
  "src/model/gates.ts",
  "src/plan/approval.ts",
  "src/plan/gates.ts",
  "src/plan/principals.ts",
  "src/plan/remember.ts",
  "src/plan/roll-out.ts",
  "src/plan/votes.ts",
  "src/plan/windows.ts",
  // What would lose data.
  "src/plan/doomed.ts",
  "src/plan/exceeds.ts",
  "src/plan/guard.ts",
  "src/plan/objections.ts",
  "src/plan/risk.ts",
  // What is what, and whose: digests, stamps, names.
  "src/link/digests.ts",
  "src/model/digest.ts",
  "src/plan/foreign.ts",
  "src/plan/units.ts",
  // Compare and swap.
  "src/aws/records.ts",
  "src/aws/sources.ts",
  // Where secrets go.
  "src/application/stored.ts",
  "src/compile/dynamic-references.ts",
  "src/compile/services/secrets.ts",
];

/** What only says in words what was decided. */
export const reports = [
  "application-status",
  "conditions",
  "exposure",
  "instances",
  "lease-status",
  "ledger",
  "notices",
  "renames",
  "statuses",
].map((name) => `src/plan/${name}.ts`);

/** What the runs have in common: https://stryker-mutator.io/docs/stryker-js/configuration */
export const settingsFor = (name: string, mutate: readonly string[], least: number) => ({
  mutate,
  thresholds: { high: 100, low: least, break: least },
  testRunner: "vitest",
  vitest: { configFile: "mutation/vitest.config.ts", related: false },
  plugins: ["@stryker-mutator/vitest-runner", "./mutation/messages.ts"],
  ignorers: ["messages"],
  coverageAnalysis: "perTest",
  // One core is left for whoever waits.
  concurrency: Math.max(1, availableParallelism() - 1),
  // What a module does as it is imported no single test is for: each mutant would take all of them.
  ignoreStatic: true,
  // TypeScript 7 has not what this would be rewritten with, and nothing here needs it.
  tsconfigFile: "none",
  ignorePatterns: ["/dist", "/reports", "/mutation/node_modules"],
  tempDirName: `reports/mutation/${name}`,
  incremental: true,
  incrementalFile: `reports/mutation/${name}.json`,
  reporters: ["clear-text", "progress-append-only", "json"],
  jsonReporter: { fileName: `reports/mutation/${name}-report.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
});
