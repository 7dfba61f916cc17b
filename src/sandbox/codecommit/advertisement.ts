import { commitIdOf } from "../git/files.ts";
import type { GitStore } from "../git/store.ts";

/**
 * What git's upload-pack says first when it is asked over HTTP: every reference with its id, a tag
 * that is an object of its own with the commit it stands for.
 */
export function advertisementOf(store: GitStore, defaultBranch: string | undefined): string {
  const refs = store.refs();
  const head = `refs/heads/${defaultBranch ?? "main"}`;
  const tip = refs.get(head);
  const rows = [
    ...(tip === undefined ? [] : [[tip, "HEAD"] as const]),
    ...[...refs].flatMap(([name, id]) => rowsOf(store, name, id)),
  ];
  const [first = ["0".repeat(40), "capabilities^{}"], ...rest] = rows;
  const capabilities = `symref=HEAD:${head} object-format=sha1 agent=git/trueup-sandbox`;
  return [
    packet("# service=git-upload-pack\n"),
    "0000",
    packet(`${first.join(" ")}\0${capabilities}\n`),
    ...rest.map((row) => packet(`${row.join(" ")}\n`)),
    "0000",
  ].join("");
}

function rowsOf(store: GitStore, name: string, id: string): readonly (readonly [string, string])[] {
  const commit = name.startsWith("refs/tags/") ? commitIdOf(store, id) : undefined;
  const peeled = commit === undefined || commit === id ? [] : [[commit, `${name}^{}`] as const];
  return [[id, name] as const, ...peeled];
}

/** Four hex digits of length, themselves counted, and the text. */
const packet = (text: string): string =>
  (Buffer.byteLength(text) + 4).toString(16).padStart(4, "0") + text;
