import { parse } from "yaml";
import { folders, type Manner, renderFolder } from "../golden/folders.ts";

// Prints what every golden folder renders to, as bytes. `backwards` and `shuffled`: with every map's
// entries in another order, in files as in memory. The order of lists, and of files, has a meaning.

type Order = <T>(entries: readonly (readonly [string, T])[]) => readonly (readonly [string, T])[];

const orders: Readonly<Record<string, Order>> = {
  backwards: (entries) => entries.toReversed(),
  shuffled: (entries) => entries.toSorted(([a], [b]) => mixed(a) - mixed(b) || (a < b ? -1 : 1)),
};

/** A number that has nothing to do with how names sort. */
const mixed = (text: string): number =>
  [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1009, 7);

const inOrder = (order: Order): Manner => ({
  text: (text) => {
    const data: unknown = parse(text);
    return typeof data === "object" ? JSON.stringify(rearranged(data, order)) : text;
  },
  entries: (entries) =>
    order(entries.map((entry) => [JSON.stringify(entry), entry])).map(([, entry]) => entry),
});

function rearranged(value: unknown, order: Order): unknown {
  if (Array.isArray(value)) return value.map((item) => rearranged(item, order));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(
    ([key, item]) => [key, rearranged(item, order)] as const,
  );
  return Object.fromEntries(order(entries));
}

const order = orders[process.argv[2] ?? ""];
for (const folder of folders) {
  const rendered =
    order === undefined ? renderFolder(folder) : renderFolder(folder, inOrder(order));
  // Positions are those of the text, which is another.
  const made =
    rendered.kind === "failed"
      ? rendered.diagnostics.map(({ code, path }) => `${path} ${code}`).sort()
      : rendered.bundle.stacks.map(({ origins: _, originOf: __, ...stack }) => stack);
  const { digest } = rendered.kind === "rendered" ? rendered.bundle : {};
  process.stdout.write(`${JSON.stringify({ folder, digest, made })}\n`);
}
