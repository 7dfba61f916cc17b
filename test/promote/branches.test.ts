import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { environmentKey, instanceIn, parseKey } from "../../src/model/key.ts";
import { branchesMatching, clashing, mayLeave } from "../../src/promote/branches.ts";
import { instanceOfBranch, instanceOfRevision, instanceOfRun } from "../../src/promote/instance.ts";

const revision = "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d";

describe("the name of an instance", () => {
  test("says its reference to people and tells apart what folds together", () => {
    expect(instanceOfBranch("feature/x_y")).toMatch(/^feature-x-y-[0-9a-f]{6}$/);
    expect(instanceOfBranch("feature/x_y")).not.toBe(instanceOfBranch("feature/x-y"));
    expect(instanceOfRevision("main", revision)).toBe("main-1a2b3c");
    expect(instanceOfRevision("v1.2.3", revision)).toBe("v1-2-3-1a2b3c");
    expect(instanceOfBranch("größer/ü")).toMatch(/^gr-er-[0-9a-f]{6}$/);
    expect(instanceOfBranch("日本")).toMatch(/^[0-9a-f]{6}$/);
    expect(instanceOfBranch(`a${"_".repeat(30)}b`)).toMatch(/^a-b-[0-9a-f]{6}$/);
    expect(instanceOfRevision("a".repeat(21), revision)).toBe(`${"a".repeat(20)}-1a2b3c`);
  });

  test("says which of several of the same revision it is, but of the first", () => {
    expect(instanceOfRun("main-1a2b3c", 1)).toBe("main-1a2b3c");
    expect(instanceOfRun("main-1a2b3c", 2)).toBe("main-1a2b3c-2");
  });

  test("makes a key, whatever the branch is called, that says the environment again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (branch) => {
        const instance = instanceOfBranch(branch);
        const key = environmentKey("myapps", `preview.${instance}`);
        expect(parseKey(key)).toEqual({
          application: "myapps",
          environment: `preview.${instance}`,
        });
        expect(instanceIn(`preview.${instance}`)).toEqual({ environment: "preview", instance });
        expect(instance.length).toBeLessThanOrEqual(27);
      }),
    );
    expect(instanceIn("dev")).toEqual({ environment: "dev", instance: undefined });
  });
});

test("branches that would share an instance are found", () => {
  const one = { instance: "a-1", name: "a", commit: "1" };
  const two = { instance: "a-1", name: "A", commit: "2" };
  const three = { instance: "b-1", name: "b", commit: "3" };
  expect(clashing([one, two, three])).toEqual([one, two]);
});

test("of all branches those that match are meant", () => {
  const branches = new Map([
    ["main", "1"],
    ["feature/b", "2"],
    ["feature/c", "5"],
    ["feature/a", "3"],
    ["feature/a/b", "4"],
  ]);
  const names = branchesMatching("feature/*", branches).map(({ commit, name }) => [name, commit]);
  expect(names).toEqual([
    ["feature/a", "3"],
    ["feature/b", "2"],
    ["feature/c", "5"],
  ]);
});

test("instances go one at a time, or a tenth of all", () => {
  const named = (count: number) => Array.from({ length: count }, (_, index) => `i${10 + index}`);
  const due = (all: readonly string[], leaving: readonly string[]) =>
    leaving.filter((instance) => mayLeave(instance, { all, leaving }));
  expect(due(named(9), ["i12", "i10"])).toEqual(["i10"]);
  expect(due(named(30), named(30))).toEqual(["i10", "i11", "i12"]);
  expect(due(["i10"], ["i10"])).toEqual(["i10"]);
});
