import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { type Edit, pin } from "../../src/images/pin.ts";

const image: Omit<Edit, "value"> = {
  document: 0,
  path: ["services", "web", "image"],
  reaches: [["services", "web", "image"]],
};

/** Odd compose text in pieces: what stands before the image, the image as written, what follows. */
const file = fc
  .record({
    newline: fc.constantFrom("\n", "\r\n"),
    bom: fc.constantFrom("", "\uFEFF"),
    before: fc.constantFrom("", "# a/b:1 — ünïcode 🚢\n", "name: x\n\n", "x-i: &i a/b:1\n---\n"),
    indent: fc.constantFrom("  ", "    ", " "),
    quote: fc.constantFrom("", "'", '"'),
    properties: fc.constantFrom("", "&img ", "!!str ", "&img !!str "),
    written: fc.constantFrom("a/b:1", "a/b", "r.example.com:5000/a/b:1.0.0-rc.1"),
    space: fc.constantFrom(" ", "   "),
    comment: fc.constantFrom("", " # a/b:1", '  # {"$imagepolicy": "web"}'),
    flow: fc.boolean(),
    after: fc.constantFrom(
      "",
      "command: [a/b:1, 'a/b:1']\n",
      'environment:\n  - "IMAGE=a/b:1"\n',
      "labels: { a: |\n  a/b:1\n }\n",
      "x: >-\n    a/b:1\n\n    folded\n",
      "# the end, without a newline",
    ),
  })
  .map(
    ({ newline, bom, before, indent, quote, properties, written, space, comment, flow, after }) => {
      const lines = (text: string) => text.replaceAll("\n", newline);
      const head = flow
        ? `${before}services: { web: { image:${space}${properties}`
        : `${before}services:\n${indent}web:\n${indent}${indent}image:${space}${properties}`;
      const rest = after.replace(/^(?=.)/gm, `${indent}${indent}`);
      const tail = flow ? `, other: [a/b:1] } }${comment}\n` : `${comment}\n${rest}`;
      return {
        document: before.includes("---") ? 1 : 0,
        before: `${bom}${lines(head)}`,
        scalar: `${quote}${written}${quote}`,
        quote,
        after: lines(tail),
      };
    },
  )
  .filter(({ before, scalar, after }) =>
    [parseAllDocuments(before + scalar + after)].flat().every(({ errors }) => errors.length === 0),
  );

const value = fc
  .tuple(fc.constantFrom("a/b", "r.example.com:5000/a/b"), fc.stringMatching(/^[0-9a-f]{64}$/))
  .map(([name, hex]) => `${name}:1.0.1@sha256:${hex}`);

describe("pinning", { timeout: 60_000 }, () => {
  test("changes the scalar and keeps every character around it", () => {
    fc.assert(
      fc.property(file, value, ({ document, before, scalar, quote, after }, wanted) => {
        const pinned = pin(before + scalar + after, [{ ...image, document, value: wanted }]);
        expect(pinned).toEqual({
          kind: "pinned",
          text: `${before}${quote}${wanted}${quote}${after}`,
        });
      }),
    );
  });

  test("twice is pinning once", () => {
    fc.assert(
      fc.property(file, value, ({ document, before, scalar, after }, wanted) => {
        const edits = [{ ...image, document, value: wanted }];
        const once = pin(before + scalar + after, edits);
        if (once.kind === "refused") throw new Error(once.reason);
        expect(pin(once.text, edits)).toEqual(once);
      }),
    );
  });

  test("whatever the value, it is what is read again, or the edit is refused", () => {
    fc.assert(
      fc.property(
        file,
        fc.string({ unit: "binary" }),
        ({ document, before, scalar, after }, any) => {
          const text = before + scalar + after;
          const pinned = pin(text, [{ ...image, document, value: any }]);
          if (pinned.kind === "refused") return;
          const documents = [parseAllDocuments(pinned.text)].flat();
          expect(documents[document]?.getIn(image.path)).toBe(any);
          expect(pinned.text.startsWith(before) && pinned.text.endsWith(after)).toBe(true);
        },
      ),
    );
  });
});

test("a quote in the value is written as its quotes want it", () => {
  const written = (quote: string) => `services: { web: { image: ${quote}a${quote} } }`;
  const result = (quote: string) => pin(written(quote), [{ ...image, value: `it's "b"` }]);
  expect(result("'")).toMatchObject({ text: `services: { web: { image: 'it''s "b"' } }` });
  expect(result('"')).toMatchObject({ text: `services: { web: { image: "it's \\"b\\"" } }` });
});

describe("an edit is refused", () => {
  const refusal = (text: string, edit: Partial<Edit> = {}): string => {
    const pinned = pin(text, [{ ...image, value: "a/b:2", ...edit }]);
    return pinned.kind === "refused" ? pinned.reason : "not refused";
  };
  const plain = "services: { web: { image: a/b:1 } }";

  test("where there is no text to edit", () => {
    expect(refusal(plain)).toBe("not refused");
    expect(refusal(plain, { document: 1 })).toBe("there is no text");
    expect(refusal(plain, { path: ["services", "web"] })).toBe("there is no text");
    expect(refusal("services: { web: { image: 1 } }")).toBe("there is no text");
    expect(refusal("x: &x a/b:1\nservices: { web: { image: *x } }")).toBe("there is no text");
  });

  test("where the text goes over several lines", () => {
    expect(refusal("services:\n  web:\n    image: |-\n      a/b:1\n")).toContain("several lines");
    expect(refusal('services:\n  web:\n    image: "a/b\\\n      :1"\n')).toContain("several lines");
  });

  test("where its value would be something else, or break the file", () => {
    expect(refusal(plain, { value: "a/b:2 # c" })).toContain("break the file");
    expect(refusal(plain, { value: "a/b, privileged: true" })).toContain("how the file is built");
    expect(refusal(plain, { value: "1" })).toContain("would be a number");
    expect(refusal(plain, { value: "&a b" })).toContain("more than the image");
  });

  test.for(["2026-01-31", "0b101", "1_000", "0440", "true", "null"])(
    "where compose would read %s as no text, unless it stands in quotes",
    (value) => {
      expect(refusal(plain, { value })).toContain("put the text in quotes");
      expect(refusal(plain.replace("a/b:1", "'a/b:1'"), { value })).toBe("not refused");
    },
  );

  test("but not where a date takes the place of one", () => {
    const dated = "services: { web: { image: 2026-01-30 } }";
    expect(refusal(dated, { value: "2026-01-31" })).toBe("not refused");
  });

  test("where others read the same text", () => {
    const alias = "services: { web: { image: &i a/b:1, command: [*i] } }";
    expect(refusal(alias)).toContain("services.web.command[0]");
    const base = "services:\n  web: &w { image: a/b:1 }\n  two: { <<: *w }\n";
    expect(refusal(base)).toContain("it is also services.two.image");
    const reaches = [...image.reaches, ["services", "two", "image"]];
    expect(refusal(base, { reaches })).toBe("not refused");
  });

  test("where aliases have no end, or grow without measure", () => {
    expect(refusal("services: { web: &w { <<: *w, image: a/b:1 } }")).toContain(
      "of what it stands in",
    );
    expect(refusal("x: &x [*x]\nservices: { web: { image: a/b:1 } }")).toContain(
      "of what it stands in",
    );
    expect(refusal(`${plain}\n---\nx: *x\n`)).toContain("of nothing");
    const levels = Array.from({ length: 9 }, (_, i) => {
      const below = i === 0 ? "1" : `*a${i - 1}`;
      return `a${i}: &a${i} [${Array(9).fill(below).join(", ")}]\n`;
    });
    expect(refusal(`${levels.join("")}services: { web: { image: a/b:1 } }`)).toContain(
      "too many aliases",
    );
  });

  test("where the file is no YAML, or is not UTF-8", () => {
    expect(refusal("services: {")).toContain("not YAML");
    expect(refusal(`${plain}${plain}`)).toContain("not YAML");
    expect(refusal("a: 1\na: 2\n")).toContain("not YAML");
    expect(refusal(`${plain} # \uFFFD`)).toContain("UTF-8");
  });
});
