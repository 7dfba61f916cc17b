import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../src/model/digest.ts";
import { isSameJson } from "../../src/model/same.ts";

const names = fc.constantFrom("a", "b", "1", "__proto__", "constructor");
const plain = fc.constantFrom<unknown>("", "a", 0, 1, true, null);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: "medium" },
    plain,
    fc.array(tie("json"), { maxLength: 3 }),
    fc
      .array(fc.tuple(names, tie("json")), { maxLength: 3 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));

test("two values are the same if their canonical texts are", () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      expect(isSameJson(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
    }),
    { numRuns: 3000 },
  );
});

test("a copy with its keys the other way round is the same", () => {
  const turned = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(turned)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, part]) => [key, turned(part)]),
          )
        : value;
  fc.assert(fc.property(json, (value) => isSameJson(value, turned(value))));
});

test.for<readonly [unknown, unknown, boolean]>([
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{ a: undefined }, {}, true],
  [{ a: 1 }, { a: 1, b: null }, false],
  [[1, 2], [1], false],
  [[1], [1, 2], false],
  [{ a: [] }, { a: {} }, false],
  [{}, { toString: 1 }, false],
])("%j and %j: %j", ([a, b, isSame]) => {
  expect(isSameJson(a, b)).toBe(isSame);
});
