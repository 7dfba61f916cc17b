import { describe, expect, test } from "vitest";
import { globMatches } from "../../src/application/glob.ts";
import { highestVersion, newestOf, tagsMatching } from "../../src/promote/tags.ts";

test.for([
  ["v*", "v1.0", true],
  ["v*", "av1", false],
  ["v*", "v1/x", false],
  ["feature/*", "feature/a", true],
  ["feature/*", "feature/a/b", false],
  ["feature/**", "feature/a/b", true],
  ["release-?", "release-1", true],
  ["release-?", "release-12", false],
  ["a.c", "abc", false],
  ["a+(b)", "a+(b)", true],
] as const)("%s and %s: %s", ([glob, name, expected]) => {
  expect(globMatches(glob, name)).toBe(expected);
});

const chosen = (glob: string, ...names: readonly string[]) => {
  const tags = new Map(names.map((name, index) => [name, `c${index}`]));
  return highestVersion(glob, tagsMatching(glob, tags))?.name;
};

describe("of the tags that match, the highest version", () => {
  test.for([
    ["v*", ["v1.9.0", "v1.10.0", "v1.2.0"], "v1.10.0"],
    ["v*", ["v2.0.0-rc.1", "v1.0.0"], "v2.0.0-rc.1"],
    ["v*", ["v2.0.0-rc.1", "v2.0.0"], "v2.0.0"],
    ["v1.*", ["v1.2.3", "v1.10.0", "v2.0.0"], "v1.10.0"],
    ["release-*", ["release-1.2.0", "release-1.11.0"], "release-1.11.0"],
    ["shop/v*", ["shop/v1.0.0", "shop/v1.0.1", "other/v9.0.0"], "shop/v1.0.1"],
    ["*", ["1.0.0", "nightly"], "1.0.0"],
    ["*", ["1.0.0+1", "1.0.0+2"], "1.0.0+2"],
    // Of two that are the same version, always the same one.
    ["*", ["v1.0.0", "1.0.0", "v0.9.0"], "v1.0.0"],
    ["*", ["nightly", "stable"], undefined],
    ["v*", [], undefined],
  ] as const)("%s of %j is %s", ([glob, names, expected]) => {
    expect(chosen(glob, ...names)).toBe(expected);
    expect(chosen(glob, ...names.toReversed())).toBe(expected);
  });
});

test("where nothing is a version the newest commit counts, and what has no date does not", () => {
  const tags = ["d", "a", "b", "c"].map((name) => ({ name, commit: `of-${name}` }));
  const dates = new Map([
    ["of-a", 20],
    ["of-b", 10],
    ["of-d", 5],
  ]);
  expect(newestOf(tags, dates)?.name).toBe("a");
  expect(newestOf(tags, new Map())).toBeUndefined();
});
