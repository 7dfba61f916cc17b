import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Part, Seeds } from "../../test/simulation/parts.ts";
import { type Done, hitsIn } from "../../test/simulation/reliability.ts";
import { endedWell, joined } from "./joined.ts";

/** What was gone through of one tree: a run that takes hours may be ended and resumed. */
export interface Kept {
  readonly done: readonly Done[];
  has(part: Part): boolean;
  add(one: Done): void;
  /** Writes all of it to another file, beside what that has, of this tree too. */
  writeTo(path: string): void;
}

interface Line extends Done {
  readonly tree: string;
}

interface Files {
  /** Grows by a line for each part. */
  readonly path: string;
  /** What earlier runs wrote, of any tree. */
  readonly earlier: string;
}

/** Files of JSON lines. `isResumed` false: begins anew. */
export function keptAt({ earlier, path }: Files, tree: string, isResumed: boolean): Kept {
  mkdirSync(dirname(path), { recursive: true });
  if (!isResumed) rmSync(path, { force: true });
  const found = isResumed ? [...linesOf(earlier), ...linesOf(path)] : [];
  // What ended badly is gone through again: the fault may have been the simulator's.
  const done: Done[] = joined(
    found
      .filter((line) => line.tree === tree && endedWell(line))
      .map(({ outcome, part }) => ({ part, outcome })),
  );
  const before = [...done];
  const hits = new Set(hitsIn(done));
  return {
    done,
    has: (part) => before.some((one) => isIn(part, one.part)),
    add: (one) => {
      done.push(one);
      // What has come about needs no second line: a long run's file stays small enough to be kept.
      const { hits: own, ...outcome } = one.outcome;
      const first = own && { hits: own.filter((name) => !hits.has(name)) };
      for (const name of own ?? []) hits.add(name);
      appendFileSync(path, textOf({ tree, part: one.part, outcome: { ...outcome, ...first } }));
    },
    writeTo: (other) => {
      const there = linesOf(other);
      const own = there.filter((line) => line.tree === tree);
      // What was only counted is counted again.
      const run = joined([...done, ...own]).filter(({ outcome }) => outcome.run > 0);
      const others = there.filter((line) => line.tree !== tree);
      const lines = [...others, ...run.map(({ outcome, part }) => ({ tree, part, outcome }))];
      writeFileSync(other, lines.map(textOf).join(""));
    },
  };
}

function linesOf(path: string): readonly Line[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line): Line => JSON.parse(line));
}

const textOf = (line: Line): string => `${JSON.stringify(line)}\n`;

const isIn = (part: Part, other: Part): boolean =>
  part.what === "seeds" && other.what === "seeds"
    ? part.from >= other.from && endOf(part) <= endOf(other)
    : JSON.stringify(part) === JSON.stringify(other);

const endOf = ({ count, from }: Seeds): number => from + count;
