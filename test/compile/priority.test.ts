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
          const priority = priorityOf(match(hosts, paths), "Web");
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
        const parent = priorityOf(match([], [above, `${above}/*`]), "Web");
        const child = priorityOf(match([], [`${above}/${below}`, `${above}/${below}/*`]), "Web");
        const onHost = priorityOf(match([host], [above]), "Web");
        const hostOnly = priorityOf(match([host], []), "Web");
        const rest = priorityOf(match([], []), "Web");
        expect([onHost, child, parent, hostOnly, rest]).toEqual(
          [onHost, child, parent, hostOnly, rest].toSorted((a, b) => a - b),
        );
      }),
    );
  });
});

test("a host is before those that a star stands for, and of these the longer name", () => {
  fc.assert(
    fc.property(segment, segment, segment, (below, name, owner) => {
      const priorities = [`${name}.example.com`, `*.${below}.example.com`, "*.example.com"].map(
        (host) => priorityOf(match([host], []), owner),
      );
      expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
      expect(new Set(priorities).size).toBe(3);
      for (const priority of priorities) expect(priority).toBeGreaterThan(32_000);
      for (const priority of priorities) expect(priority).toBeLessThanOrEqual(41_000);
    }),
  );
});

test("what another family takes over has another place, so that both can be there for a while", () => {
  for (const one of [match([], []), match(["x"], []), match([], ["/a"])])
    expect(priorityOf(one, "Old")).not.toBe(priorityOf(one, "New"));
});

test("rules overlap when one request can be meant by both", () => {
  expect(overlap(match([], ["/a/*"]), match([], ["/a/b"]))).toBe(true);
  expect(overlap(match([], ["/a/*"]), match([], ["/b"]))).toBe(false);
  expect(overlap(match(["x"], []), match(["y"], []))).toBe(false);
  expect(overlap(match(["x"], []), match([], ["/a"]))).toBe(true);
  expect(overlap(match(["*.a.com"], []), match(["x.A.com"], []))).toBe(true);
  expect(overlap(match(["*.a.com"], []), match(["x.b.com"], []))).toBe(false);
  expect(overlap(match(["*.a.com"], []), match(["x.*"], []))).toBe(true);
  expect(overlap(match(["y.*"], []), match(["x.*"], []))).toBe(false);
});
