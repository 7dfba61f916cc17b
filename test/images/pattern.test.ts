import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "../../src/images/pattern.ts";

const groups = (source: string, text: string) => {
  const pattern = compilePattern(source);
  if (pattern.kind === "refused") throw new Error(pattern.reason);
  return pattern.match(text);
};

const reason = (source: string): string | undefined => {
  const pattern = compilePattern(source);
  return pattern.kind === "refused" ? pattern.reason : undefined;
};

describe("a pattern", () => {
  test("answers its named groups", () => {
    const main = "^main-[0-9a-f]+-(?<ts>[0-9]+)$";
    expect(groups(main, "main-9f3c1d2-1767225600")).toEqual({ ts: "1767225600" });
    expect(groups(main, "main-9f3c1d2-")).toBeUndefined();
    expect(groups(main, "xmain-9f3c1d2-1")).toBeUndefined();
    expect(groups(main, "main-9f3c1d2-1\n")).toBeUndefined();
    expect(groups("^(?<a>x?)(?:y|(?<b>z{2,3}))$", "xzz")).toEqual({ a: "x", b: "zz" });
  });

  test.for([
    ["main", "anchored"],
    ["^main", "anchored"],
    ["^a|b$", "alternatives in a group"],
    ["^(a+)+$", "inside a quantifier"],
    ["^(?:a*b)*$", "inside a quantifier"],
    ["^a**$", "not supported"],
    ["^(a)\\1$", "not supported"],
    ["^(?=a)a$", "may have only"],
    ["^(?<!a)a$", "may have only"],
    ["^\\ba$", "not supported"],
    ["^a\\$", "not supported"],
    ["^[z-a]$", "not supported"],
    ["^(a$", "does not end"],
    ["^a)$", "a ) too many"],
    ["^(?<n>a)(?<n>b)$", "two groups"],
    ["^a{3,2}$", "ends before"],
    [`^${"a{999}".repeat(30)}$`, "too many"],
    [`^${"a".repeat(199)}$`, "200"],
  ] as const)("%s is refused", ([source, why]) => expect(reason(source)).toContain(why));

  test("says of every text what the engine of the language says", { timeout: 60_000 }, () => {
    const atom = fc.oneof(
      fc.constantFrom("a", "b", ".", "\\d", "[ab]", "[^a]", "[a-b0-9]", "\\.", "-"),
      fc.constantFrom("(?<x>a|b-)", "(?:ab|a|)", "(b|[0-9])", "(?<y>.)"),
    );
    const sign = fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "??");
    const part = fc.tuple(atom, sign).map(([a, s]) => a + s);
    const source = fc.array(part, { maxLength: 5 }).map((parts) => `^${parts.join("")}$`);
    const text = fc.string({ unit: fc.constantFrom("a", "b", "-", ".", "1"), maxLength: 8 });
    fc.assert(
      fc.property(source, fc.array(text, { minLength: 5, maxLength: 20 }), (regex, texts) => {
        const pattern = compilePattern(regex);
        fc.pre(pattern.kind === "pattern");
        for (const one of texts) {
          const expected = new RegExp(regex).exec(one);
          const named = Object.entries(expected?.groups ?? {}).filter(
            ([, value]) => value !== undefined,
          );
          expect(pattern.match(one)).toEqual(
            expected === null ? undefined : Object.fromEntries(named),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test("answers in steps that grow with the text, not with the choices", () => {
    const hostile = `^${"a?".repeat(30)}${"a*".repeat(10)}b$`;
    expect(groups(hostile, "a".repeat(128))).toBeUndefined();
  });
});
