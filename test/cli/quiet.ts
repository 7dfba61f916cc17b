import type { Io } from "../../src/cli/verb.ts";

/** Whoever says a verb in a directory and hears only what it answers, into `out`. */
export const quietIn = (cwd: string, env: Io["env"], out: string[]): Io => ({
  cwd,
  env,
  out: (text) => void out.push(text),
  err: () => undefined,
  color: false,
});
