/** Text in which quoted text is indented as YAML 1.2 wants it, and what a place in it is in the original. */
export interface Requoted {
  readonly text: string;
  readonly originalOffset: (offset: number) => number;
}

/** Spaces that were put in before an offset of the original. */
interface Insertion {
  readonly at: number;
  readonly spaces: number;
}

/**
 * The reference lets quoted text go on in a line that is indented less than its key, which YAML
 * forbids and our readers refuse. Indented more, a line means the same: spaces at its beginning are
 * no part of the text. `cutAt` says where a reader came to the end of a line and missed a quote.
 */
export function requote(
  original: string,
  cutAt: (text: string) => number | undefined,
): Requoted | undefined {
  const insertions: Insertion[] = [];
  let text = original;
  let cut = cutAt(text);
  while (cut !== undefined && insertions.length < mostLines) {
    const next = text.indexOf("\n", cut) + 1;
    if (next === 0 || /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(next, next + 4))) return undefined;
    const line = text.slice(text.lastIndexOf("\n", cut - 1) + 1, cut);
    const spaces = line.length - line.trimStart().length + 1;
    insertions.push({ at: original.length - (text.length - next), spaces });
    text = `${text.slice(0, next)}${" ".repeat(spaces)}${text.slice(next)}`;
    const again = cutAt(text);
    // A line that is indented and no help is not what the quote was missed for.
    if (again !== undefined && again <= cut) return undefined;
    cut = again;
  }
  return cut === undefined && insertions.length > 0
    ? { text, originalOffset: originalOffset(insertions) }
    : undefined;
}

/** Lines of one file that are tried: each costs another reading of it. */
const mostLines = 50;

const originalOffset =
  (insertions: readonly Insertion[]) =>
  (offset: number): number => {
    let before = 0;
    for (const { at, spaces } of insertions) {
      if (offset < at + before + spaces) break;
      before += spaces;
    }
    return offset - before;
  };
