import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Part } from "../../test/simulation/parts.ts";
import { type Done, hitsIn } from "../../test/simulation/reliability.ts";

/** What was gone through at one commit, part by part: a run that takes hours may be ended and resumed. */
export interface Kept {
  readonly done: readonly Done[];
  has(part: Part): boolean;
  add(one: Done): void;
}

interface Line extends Done {
  readonly gitSha: string;
}

/** `path`: a file of JSON lines. `isResumed` false: begins anew. */
export function keptAt(path: string, gitSha: string, isResumed: boolean): Kept {
  mkdirSync(dirname(path), { recursive: true });
  if (!isResumed) rmSync(path, { force: true });
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  const done: Done[] = lines
    .map((line): Line => JSON.parse(line))
    .filter((line) => line.gitSha === gitSha)
    .map(({ outcome, part }) => ({ part, outcome }));
  const parts = new Set(done.map(({ part }) => JSON.stringify(part)));
  const hits = new Set(hitsIn(done));
  return {
    done,
    has: (part) => parts.has(JSON.stringify(part)),
    add: (one) => {
      done.push(one);
      // What has come about needs no second line: a long run's file stays small enough to be kept.
      const { hits: own, ...outcome } = one.outcome;
      const first = own && { hits: own.filter((name) => !hits.has(name)) };
      for (const name of own ?? []) hits.add(name);
      const line: Line = { gitSha, part: one.part, outcome: { ...outcome, ...first } };
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    },
  };
}
