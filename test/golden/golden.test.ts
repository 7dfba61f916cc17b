import { globSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { topLevelKeys } from "../../src/compile/x/registry.ts";
import { renderDiagnostic } from "../../src/model/diagnostic.ts";
import type { Rendered } from "../../src/render.ts";
import { folders, renderFolder } from "./folders.ts";

// A folder is a test: compose.yaml in, templates out. `npm run golden` rewrites what comes out;
// read it in the diff.

test("there are golden folders", () => expect(folders.length).toBeGreaterThan(3));

test.for(topLevelKeys.map(({ key }) => key))("%s stands in a golden file", (key) => {
  const texts = globSync("{test/golden/*/compose.yaml,examples/myapps/*.yml}").map((path) =>
    readFileSync(path, "utf8"),
  );
  expect(texts.some((text) => text.includes(`\n${key}:`))).toBe(true);
});

describe.for(folders)("%s", (folder) => {
  const rendered = renderFolder(folder);

  test("says what it said", async () => {
    const diagnostics = rendered.kind === "rendered" ? told(rendered) : failures(rendered);
    const said = diagnostics.map(({ severity, ...rest }) =>
      `${severity}: ${renderDiagnostic({ severity, ...rest })}`.replaceAll(folder, ""),
    );
    await expect(said.map((line) => `${line}\n`).join("")).toMatchFileSnapshot(
      file(folder, "diagnostics.txt"),
    );
  });

  test.runIf(rendered.kind === "rendered")("makes the stacks it made", async () => {
    if (rendered.kind !== "rendered") return;
    const { digest, stacks } = rendered.bundle;
    for (const { unit, template } of stacks)
      await expect(yaml(template)).toMatchFileSnapshot(file(folder, `${unit}.template.yaml`));
    const list = stacks.map(({ template: _, origins: __, originOf: ___, ...stack }) => stack);
    await expect(yaml({ digest, stacks: list })).toMatchFileSnapshot(file(folder, "stacks.yaml"));
  });

  test("has no template that nothing makes", () => {
    const made = rendered.kind === "rendered" ? rendered.bundle.stacks.map(({ unit }) => unit) : [];
    const there = globSync(`${folder}*.template.yaml`).map((path) =>
      path.slice(normalize(folder).length).replace(".template.yaml", ""),
    );
    expect([...made].sort()).toEqual(expect.arrayContaining(there));
  });
});

const file = (folder: string, name: string): string => join(process.cwd(), folder, name);

const yaml = (value: unknown): string =>
  stringify(value, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });

const failures = (rendered: Rendered) => (rendered.kind === "failed" ? rendered.diagnostics : []);

// A resource lives and dies with its stack, so where a kind is deployed may never change: not by a
// change here either.
test("every kind is deployed where it was", async () => {
  const homes = new Map<string, Set<string>>();
  for (const rendered of folders.map((folder) => renderFolder(folder))) {
    if (rendered.kind !== "rendered") continue;
    for (const { template, unit } of rendered.bundle.stacks) {
      if (unit === "all") continue;
      for (const { Type } of Object.values(template.Resources)) {
        homes.set(Type, (homes.get(Type) ?? new Set()).add(unit.replace(/^s-.*/, "family")));
      }
    }
  }
  const list = [...homes].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = list.map(([type, units]) => `${type}: ${[...units].sort().join(", ")}\n`).join("");
  await expect(text).toMatchFileSnapshot(join(process.cwd(), "test/golden/units.txt"));
});

/** Images are short here, which a test of its own has; all else that is told. */
const told = ({ warnings }: Extract<Rendered, { readonly kind: "rendered" }>) =>
  warnings.filter(({ code }) => code !== "not-pinned");
