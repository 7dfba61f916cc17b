import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Match, overlap, priorityOf } from "../../src/compile/x/elbv2/priority.ts";

const match = (hosts: readonly string[], paths: readonly string[]): Match => ({
  hosts,
  paths,
  others: false,
  conditions: [{ hosts, paths }],
});

const segment = fc.stringMatching(/^[a-z]{1,12}$/);
const path = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join("/")}`);

describe("a rule's priority", () => {
  test("is one that a listener takes", () => {
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 2 }),
        fc.array(path, { maxLength: 2 }),
        (hosts, paths) => {
          const priority = priorityOf(match(hosts, paths));
          expect(priority).toBeGreaterThanOrEqual(1);
          expect(priority).toBeLessThanOrEqual(50_000);
        },
      ),
    );
  });

  test("puts what is below a path before the path, and anything before the rest", () => {
    fc.assert(
      fc.property(path, segment, segment, (above, below, host) => {
        fc.pre(above.length + below.length < 60);
        const parent = priorityOf(match([], [above, `${above}/*`]));
        const child = priorityOf(match([], [`${above}/${below}`, `${above}/${below}/*`]));
        const onHost = priorityOf(match([host], [above]));
        const hostOnly = priorityOf(match([host], []));
        const rest = priorityOf(match([], []));
        expect([onHost, child, parent, hostOnly, rest]).toEqual(
          [onHost, child, parent, hostOnly, rest].toSorted((a, b) => a - b),
        );
      }),
    );
  });
});

test("rules overlap when one request can be meant by both", () => {
  expect(overlap(match([], ["/a/*"]), match([], ["/a/b"]))).toBe(true);
  expect(overlap(match([], ["/a/*"]), match([], ["/b"]))).toBe(false);
  expect(overlap(match(["x"], []), match(["y"], []))).toBe(false);
  expect(overlap(match(["x"], []), match([], ["/a"]))).toBe(true);
});
