import type { Refs } from "../model/refs.ts";

/**
 * The references that a git server advertises (`info/refs` of git-upload-pack). A list that is cut
 * short says nothing about what is missing from it, so anything but a whole one is an error.
 */
export function refsIn(advertisement: string): Refs {
  const ids = new Map<string, string>();
  for (const line of linesOf(advertisement)) {
    if (line.startsWith("# service=")) continue;
    const [, id, name] = /^([0-9a-f]{40}) ([^\0\n]+)(?:\0[^\n]*)?\n?$/.exec(line) ?? [];
    if (id === undefined || name === undefined) {
      throw new Error(`The list of references has a line that is none: ${line.slice(0, 80)}`);
    }
    ids.set(name, id);
  }
  return { branches: named(ids, "refs/heads/"), tags: named(ids, "refs/tags/") };
}

/** An annotated tag is followed by the commit it stands for, under its name and `^{}`. */
function named(ids: ReadonlyMap<string, string>, prefix: string): ReadonlyMap<string, string> {
  return new Map(
    [...ids]
      .filter(([name]) => name.startsWith(prefix) && !name.endsWith("^{}"))
      .map(([name, id]) => [name.slice(prefix.length), ids.get(`${name}^{}`) ?? id]),
  );
}

const utf8 = { to: new TextEncoder(), from: new TextDecoder() };

/** The texts of git's packets, as far as the last end of a list, which has to be the end. */
function linesOf(advertisement: string): readonly string[] {
  // Lengths are of bytes, and a name may hold more than one for a letter.
  const bytes = utf8.to.encode(advertisement);
  const lines: string[] = [];
  let ended = false;
  for (let start = 0; start < bytes.length; ) {
    const { line, next } = packetAt(bytes, start);
    if (line !== undefined) lines.push(line);
    ended = line === undefined;
    start = next;
  }
  if (ended && lines.length > 1) return lines;
  throw cutShort();
}

/** Four hex digits of length, themselves counted, then the text; `0000` ends a list. */
function packetAt(bytes: Uint8Array, start: number) {
  const digits = utf8.from.decode(bytes.subarray(start, start + 4));
  if (digits === "0000") return { line: undefined, next: start + 4 };
  const next = start + Number.parseInt(digits, 16);
  if (!/^[0-9a-f]{4}$/.test(digits) || next < start + 4 || next > bytes.length) throw cutShort();
  return { line: utf8.from.decode(bytes.subarray(start + 4, next)), next };
}

const cutShort = (): Error => new Error("The list of references is cut short.");
