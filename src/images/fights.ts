import type { ImageChange } from "./updates.ts";

/** One scalar that an automated commit wrote, as its message tells machines. */
export interface Move {
  readonly application: string;
  readonly file: string;
  /** Where the scalar stands in its file, dots between the keys. */
  readonly path: string;
  readonly policy: string;
  /** `tag@digest`, as far as there was one. */
  readonly from: string;
  readonly to: string;
}

export const moveOf = (application: string, change: ImageChange): Move => ({
  application,
  file: change.file,
  path: change.path,
  policy: change.policy,
  from: named(change.from),
  to: named(change.to),
});

const named = ({ digest, tag }: ImageChange["from"]): string =>
  `${tag ?? ""}${digest === undefined ? "" : `@${digest}`}`;

const trailer = "Image-Moved: ";

export const moveLine = (move: Move): string => `${trailer}${JSON.stringify(move)}`;

/** The moves that a commit's message tells of; none: no policy made it. */
export function movesIn(message: string): readonly Move[] {
  const lines = message.split("\n").filter((line) => line.startsWith(trailer));
  return lines.flatMap((line) => {
    try {
      const move: Move = JSON.parse(line.slice(trailer.length));
      return typeof move?.file === "string" && typeof move.path === "string" ? [move] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Changes that two policies make and take back in turns, by the key of their scalar, and what
 * fights with what. `messages` are those of the commits before, newest first. A person's commit
 * may have been to end the fight: what was before it does not count.
 */
export function fightsIn(
  changes: readonly ImageChange[],
  application: string,
  messages: readonly string[],
): ReadonlyMap<string, string> {
  const moves = messages.map(movesIn);
  const end = moves.findIndex((some) => some.length === 0);
  const run = moves.slice(0, end < 0 ? undefined : end).flat();
  return new Map(
    changes.flatMap((change) => {
      const move = moveOf(application, change);
      const same = run.filter(({ file, path }) => file === move.file && path === move.path);
      const back = same.find(({ from, to }) => from === move.to && to === move.from);
      const again = same.some(({ from, to }) => from === move.from && to === move.to);
      const isOther =
        back !== undefined &&
        (back.application !== move.application || back.policy !== move.policy);
      return isOther && again ? [[change.key, reasonFor(move, back)] as const] : [];
    }),
  );
}

const reasonFor = (ours: Move, theirs: Move): string =>
  `two policies fight over it: ${worded(ours)} and ${worded(theirs)}, in turns: change one of them`;

const worded = ({ application, policy, to }: Move): string =>
  `${policy} of ${application} moves it to ${to.split("@")[0] ?? to}`;
