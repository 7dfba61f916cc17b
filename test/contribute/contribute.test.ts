import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { contribute } from "../../src/contribute/contribute.ts";
import { readContribution } from "../../src/contribute/contribution.ts";

function merge(text: string, given: string) {
  const read = readContribution("mine.yml", given);
  if (read.kind === "failed") throw new Error(read.diagnostics.map((d) => d.message).join("\n"));
  return contribute("compose.yml", text, read.contribution);
}

function become(text: string, given: string): string {
  const merged = merge(text, given);
  if (merged.kind === "refused")
    throw new Error(merged.diagnostics.map(({ message, path }) => `${path} ${message}`).join("\n"));
  return merged.text;
}

const refusals = (text: string, given: string): readonly string[] => {
  const merged = merge(text, given);
  return merged.kind === "merged"
    ? [`merged: ${merged.text}`]
    : merged.diagnostics.map(
        ({ column, line, message, path }) => `${line}:${column} ${path} ${message}`,
      );
};

const common = `# The shop.
services:
  # The front.
  web:
    image: "a/web:1"   # by hand
    environment: # what it is told
      LOG: info

      MODE: 'fast' # or slow
    ports:
      - "80:80"
    deploy: { replicas: 2, labels: {} }

  worker: # last
    image: a/worker:1
    command: [a, b]
# The end.
`;

describe("a contribution's text", () => {
  test("changes single values in their place, quotes and comments kept", () => {
    const given = `services:
  web: { image: a/web:2, environment: { MODE: slow, LOG: debug }, deploy: { replicas: 3 } }
  worker: { image: "a/worker:2" }
`;
    expect(become(common, given)).toBe(
      common
        .replace('"a/web:1"', '"a/web:2"')
        .replace("LOG: info", "LOG: debug")
        .replace("'fast'", "'slow'")
        .replace("replicas: 2", "replicas: 3")
        .replace("a/worker:1", "a/worker:2"),
    );
  });

  test("adds keys at the end of their mapping, from the inside out", () => {
    const given = `services:
  web:
    restart: always
    environment: { NEW: "yes" }
    deploy: { mode: replicated, labels: { a: b } }
  worker:
    environment:
      - A=b
    healthcheck: { test: [CMD, "true"] }
`;
    expect(become(common, given)).toBe(
      common
        .replace("'fast' # or slow\n", "'fast' # or slow\n      NEW: \"yes\"\n")
        .replace("labels: {} }\n", "labels: { a: b }, mode: replicated }\n    restart: always\n")
        .replace(
          "[a, b]\n",
          '[a, b]\n    environment:\n      - A=b\n    healthcheck:\n      test:\n        - CMD\n        - "true"\n',
        ),
    );
  });

  test("adds a service after the others, and lists are replaced whole", () => {
    const given = `services:
  web: { ports: ["80:80", "8:8"] }
  worker: { command: [c] }
  cron:
    image: a/cron:1
`;
    expect(become(common, given)).toBe(
      common
        .replace('- "80:80"', '- 80:80\n      - "8:8"')
        .replace("command: [a, b]\n", "command: [ c ]\n  cron:\n    image: a/cron:1\n"),
    );
  });

  test("keeps line ends, and gives a file that lacks the last one what it needs", () => {
    const windows = "services:\r\n  web:\r\n    image: a\r\n";
    expect(become(windows, "services: { web: { command: [b] } }")).toBe(
      "services:\r\n  web:\r\n    image: a\r\n    command:\r\n      - b\r\n",
    );
    expect(become("services:\n  web:\n    image: a", "services: { b: { image: c } }")).toBe(
      "services:\n  web:\n    image: a\n  b:\n    image: c\n",
    );
  });

  test("adds to a flow mapping within it, and to a file without services after all", () => {
    expect(become("services: { web: { image: a } }\n", "services: { b: { image: c } }")).toBe(
      "services: { web: { image: a }, b: { image: c } }\n",
    );
    expect(become("name: shop\n", "services: { b: { image: c } }")).toBe(
      "name: shop\nservices:\n  b:\n    image: c\n",
    );
  });
});

describe("a contribution", () => {
  test("that says what is there changes nothing, however it is written", () => {
    const given = `services:
  web: { environment: { LOG: "info" }, ports: ["80:80"] }
  worker: { command: [a, b] }
`;
    expect(merge(common, given)).toEqual({ kind: "merged", text: common, changes: [] });
  });

  test("overrides a single value of a base in the service itself", () => {
    const text =
      "x-base: &b { image: a, restart: always }\nservices:\n  web:\n    <<: *b\n  two:\n    <<: *b\n";
    expect(become(text, "services: { web: { image: c, restart: always } }")).toBe(
      text.replace("web:\n    <<: *b\n", "web:\n    <<: *b\n    image: c\n"),
    );
  });

  test("tells what it changed", () => {
    const merged = merge(common, "services: { web: { image: b, user: me }, new: { image: c } }");
    expect(merged).toMatchObject({
      changes: [
        { action: "change", path: "services.web.image" },
        { action: "add", path: "services.web.user" },
        { action: "add", path: "services.new" },
      ],
    });
  });

  test("writes what other readers of YAML would take for something else in quotes", () => {
    const given = 'services: { worker: { labels: { a: "no", b: "1", c: "22:22", d: "~", e: x } } }';
    expect(become(common, given)).toContain(
      '    labels:\n      a: "no"\n      b: "1"\n      c: "22:22"\n      d: "~"\n      e: x\n',
    );
  });
});

describe("refused, with the place in the contribution", () => {
  const anchors = `x-env: &e { A: b }
services:
  web:
    image: &i a
    environment: *e
    labels: { image: *i }
    command:
      - a # first
    entrypoint: >-
      several
      lines
    user:
    deploy: !reset null
  two: { <<: { environment: { A: b } }, image: c, x-image-policy: { newest: true } }
  three:
    image: c # {"$imagepolicy": "c"}
  four: { environment: { A, B } }
  five: { <<: { image: c, x-image-policy: { newest: true } } }
`;
  test.for([
    ["web: { image: b }", "more than this: services.web.labels.image in compose.yml"],
    ["web: { environment: { A: c } }", "services.web.environment comes through the alias *e"],
    ["web: { labels: [a] }", "services.web.labels is a mapping, and a list here"],
    ["web: { command: [b] }", "is a list with comments"],
    ["web: { entrypoint: one }", "is text over several lines"],
    ["web: { user: me }", "is there without a value"],
    ["four: { environment: { A: b } }", "services.four.environment.A is there without a value"],
    ["web: { deploy: a }", "has the tag !reset"],
    ["two: { environment: { B: c } }", "comes from a mapping that others have too"],
    ["two: { image: d }", "follows an image policy"],
    ["three: { image: d }", "follows an image policy"],
    ["five: { image: d }", "follows an image policy"],
  ] as const)("%s", ([given, why]) => {
    const [refusal = ""] = refusals(anchors, `services:\n  ${given}\n`);
    expect(refusal).toContain(why);
  });

  test("all at once, each where it stands", () => {
    expect(
      refusals(anchors, "services:\n  web:\n    user: me\n    command: [b]\n").map((line) =>
        line.slice(0, 24),
      ),
    ).toEqual(["3:5 services.web.user is", "4:5 services.web.command"]);
  });

  test("an alias of the same value, or a file that cannot be read", () => {
    expect(become(anchors, "services: { web: { environment: { A: b } } }")).toBe(anchors);
    for (const text of ["services: {", "a: 1\n---\nservices: {}\n", ""])
      expect(refusals(text, "services: { a: { image: b } }")[0]).toMatch(
        /not YAML|not one YAML|no place/,
      );
  });
});

test.for([
  ["services: {", "correct the YAML"],
  ["a: b", "write services:"],
  ["services: {}", "write services:"],
  ["services: { web: a }", "write its settings below it"],
  ["services: { web: { image: a } }\nvolumes: { a: {} }", "compose repository"],
  ["services: { web: { image: !reset null } }", "write the value itself"],
  ["services: { web: { configs: [{ source: a, mode: 0440 }] } }", "in decimal"],
  ["services: { web: { labels: { a: 12345678901234567890 } } }", "in quotes"],
  ["services: { web: { labels: { a: 1_000 } } }", "in quotes"],
  ["services: { web: { image: !Ref Image } }", "write the value itself"],
  ["services: { web: { image: a } }\n---\nservices: { api: { image: b } }", "correct the YAML"],
  ["services: { web: { image: *a } }", "write the values out"],
  ["services: { web: { <<: *a } }", "write the values out"],
] as const)("%s is no contribution", ([text, help]) => {
  const read = readContribution("mine.yml", text);
  expect(read).toMatchObject({
    kind: "failed",
    diagnostics: [
      expect.objectContaining({ file: "mine.yml", help: expect.stringContaining(help) }),
    ],
  });
});

test("what all read alike is taken, in quotes and out of them", () => {
  const given = `services: { web: { x-a: [0x1F, 1.10, -1, "0440", !!str 0440, 2026-01-31, yes, ~] } }`;
  expect(readContribution("mine.yml", given).kind).toBe("read");
});

test("all that is no YAML is told at once", () => {
  const read = readContribution("mine.yml", "services:\n  a: {b: 1, b: 2}\n  a: {b: 3}\n");
  expect(
    read.kind === "failed" && read.diagnostics.map(({ line, column }) => [line, column]),
  ).toEqual([
    [2, 13],
    [3, 3],
  ]);
});

test("whatever is contributed, the file says it then and nothing else is different, or it is refused", () => {
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constantFrom("yes", "1:2", "a: b", "# c", "a\nb", "{", "- d", " e ", "'", '"'),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  const settings = fc.dictionary(
    fc.constantFrom("image", "environment", "ports", "deploy", "command", "new", "other"),
    value,
  );
  const services = fc.dictionary(fc.constantFrom("web", "worker", "cron"), settings, {
    minKeys: 1,
  });
  let merges = 0;
  fc.assert(
    fc.property(services, (given) => {
      const merged = merge(common, JSON.stringify({ services: given }));
      if (merged.kind === "refused") return;
      merges += 1;
      expect(parse(merged.text)).toEqual(mergedData(parse(common), { services: given }));
      for (const comment of [
        "# The shop.",
        "# by hand",
        "# what it is told",
        "# or slow",
        "# The end.",
      ])
        expect(merged.text).toContain(comment);
      expect(become(merged.text, JSON.stringify({ services: given }))).toBe(merged.text);
    }),
    { numRuns: 400 },
  );
  expect(merges).toBeGreaterThan(40);
});

function mergedData(before: unknown, given: unknown): unknown {
  if (!isMapping(before) || !isMapping(given)) return given;
  const result: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(given))
    result[key] = key in before ? mergedData(before[key], value) : value;
  return result;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
