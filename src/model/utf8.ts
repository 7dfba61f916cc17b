import { unreadable } from "./errors.ts";

/** A byte order mark is kept: what is written back must be what was read. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a file of a source. Throws a TerminalError that names the line where it is not UTF-8. */
export function decoded(bytes: Uint8Array, file: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw unreadable(file, "is not UTF-8 text", "save it as UTF-8", brokenLine(bytes));
  }
}

/** The first line that is not UTF-8, counted from 1. */
export const brokenLine = (bytes: Uint8Array): number =>
  new TextDecoder().decode(bytes).split("\ufffd")[0]?.split("\n").length ?? 1;
