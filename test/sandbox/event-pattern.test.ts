import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidPattern } from "../../src/sandbox/events/filters.ts";
import { checkPattern, matches } from "../../src/sandbox/events/pattern.ts";

const event = {
  source: "aws.test",
  resources: ["arn:a", "arn:b"],
  detail: {
    name: "Prod-eu",
    count: 5,
    done: false,
    nothing: null,
    steps: [
      { kind: "a", state: "ok" },
      { kind: "b", state: "bad" },
    ],
    inner: { path: "/a/b/c" },
  },
};

test.for<[object, boolean]>([
  [{ source: ["aws.test"] }, true],
  [{ source: ["other", "aws.test"] }, true],
  [{ source: ["aws.TEST"] }, false],
  [{ source: ["aws.test"], detail: { name: ["other"] } }, false],
  [{ resources: ["arn:b"] }, true],
  [{ resources: ["arn:c"] }, false],
  [{ detail: { count: [5] } }, true],
  [{ detail: { count: ["5"] } }, false],
  [{ detail: { done: [false] } }, true],
  [{ detail: { nothing: [null] } }, true],
  [{ detail: { name: [null] } }, false],
  [{ detail: { name: [{ prefix: "Prod-" }] } }, true],
  [{ detail: { name: [{ prefix: "prod-" }] } }, false],
  [{ detail: { name: [{ prefix: { "equals-ignore-case": "prod-" } }] } }, true],
  [{ detail: { name: [{ suffix: "-eu" }] } }, true],
  [{ detail: { name: [{ "equals-ignore-case": "PROD-EU" }] } }, true],
  [{ detail: { inner: { path: [{ wildcard: "/*/c" }] } } }, true],
  [{ detail: { inner: { path: [{ wildcard: "/a*a/b/c" }] } } }, false],
  [{ detail: { inner: { path: [{ wildcard: "/a/b/c" }] } } }, true],
  [{ detail: { name: [{ "anything-but": ["test", "dev"] }] } }, true],
  [{ detail: { name: [{ "anything-but": "Prod-eu" }] } }, false],
  [{ detail: { name: [{ "anything-but": { prefix: "Prod" } }] } }, false],
  [{ detail: { name: [{ "anything-but": { suffix: ["-us", "-eu"] } }] } }, false],
  [{ detail: { absent: [{ "anything-but": "x" }] } }, false],
  [{ detail: { count: [{ numeric: [">", 0, "<=", 5] }] } }, true],
  [{ detail: { count: [{ numeric: ["<", 5] }] } }, false],
  [{ detail: { name: [{ numeric: [">", 0] }] } }, false],
  [{ detail: { name: [{ exists: true }] } }, true],
  [{ detail: { absent: [{ exists: false }] } }, true],
  [{ detail: { absent: [{ exists: true }] } }, false],
  [{ detail: { missing: { leaf: [{ exists: false }] } } }, true],
  [{ detail: { inner: [{ exists: true }] } }, false],
  [{ detail: { absent: ["x", { exists: false }] } }, true],
  [{ detail: { steps: { kind: ["b"], state: ["bad"] } } }, true],
  [{ detail: { steps: { kind: ["a"], state: ["bad"] } } }, false],
  [{ $or: [{ source: ["x"] }, { detail: { count: [5] } }] }, true],
  [{ detail: { $or: [{ count: [6] }, { name: [{ prefix: "x" }] }] } }, false],
])("%j: %s", ([pattern, expected]) => {
  checkPattern(pattern);
  expect(matches(pattern, event)).toBe(expected);
});

test.for<[unknown]>([
  [[]],
  [{}],
  [{ source: "aws.test" }],
  [{ source: [] }],
  [{ detail: {} }],
  [{ source: [["nested"]] }],
  [{ source: [{ prefix: 1 }] }],
  [{ source: [{ unheard: "of" }] }],
  [{ source: [{ prefix: "a", suffix: "b" }] }],
  [{ source: [{ exists: "yes" }] }],
  [{ source: [{ numeric: [">"] }] }],
  [{ source: [{ numeric: ["~", 1] }] }],
  [{ source: [{ "anything-but": [] }] }],
  [{ source: [{ wildcard: "a**b" }] }],
  [{ $or: [{ source: ["a"] }] }],
])("%j is no pattern", ([pattern]) => {
  expect(() => checkPattern(pattern)).toThrow(InvalidPattern);
});

describe("whatever the event", () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const key = fc.stringMatching(/^[a-z]{1,4}$/);
  const events = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf, { minKeys: 1 })), {
    minKeys: 1,
  });
  const exactly = (fields: object): object =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === "object" && value !== null ? exactly(value) : [value],
      ]),
    );

  test("a pattern of its own values matches, also when there is more in it", () => {
    fc.assert(
      fc.property(events, leaf, (fields, more) => {
        expect(matches(exactly(fields), fields)).toBe(true);
        expect(matches(exactly(fields), { ...fields, another: more })).toBe(true);
        expect(matches({ ...exactly(fields), another: ["x"] }, fields)).toBe(false);
      }),
    );
  });

  test("wildcards agree with regular expressions", () => {
    const letters = fc.stringMatching(/^[ab]{0,8}$/);
    const wildcard = fc.stringMatching(/^\*?(?:[ab]\*?){0,4}$/);
    fc.assert(
      fc.property(wildcard, letters, (pattern, text) => {
        const expected = new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(text);
        expect(matches({ x: [{ wildcard: pattern }] }, { x: text })).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("anything but a value is what is not it", () => {
    const scalar = fc.oneof(fc.string({ maxLength: 1 }), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(scalar, fc.array(scalar, { minLength: 1 }), (x, values) => {
        expect(matches({ x: [{ "anything-but": values }] }, { x })).toBe(
          !matches({ x: values }, { x }),
        );
      }),
    );
  });
});
