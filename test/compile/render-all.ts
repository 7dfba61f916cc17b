import { parse } from "yaml";
import { folders, type Manner, renderFolder } from "../golden/folders.ts";

// Prints what every golden folder renders to, as bytes. `backwards`: with every map's entries in
// the opposite order, in files as in memory.

const backwards: Manner = {
  text: (text) => JSON.stringify(reversed(parse(text))),
  entries: (entries) => [...entries].reverse(),
};

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

for (const folder of folders) {
  const isBackwards = process.argv.includes("backwards");
  const rendered = isBackwards ? renderFolder(folder, backwards) : renderFolder(folder);
  // Positions are those of the text, which is another.
  const made =
    rendered.kind === "failed"
      ? rendered.diagnostics.map(({ code, path }) => `${path} ${code}`).sort()
      : rendered.bundle.stacks.map(({ origins: _, originOf: __, ...stack }) => stack);
  const { digest } = rendered.kind === "rendered" ? rendered.bundle : {};
  process.stdout.write(`${JSON.stringify({ folder, digest, made })}\n`);
}
