import fc from "fast-check";
import { expect, test } from "vitest";
import { keysFrom, put, remove } from "../../src/sandbox/key-order.ts";

const key = fc.string({ unit: fc.constantFrom("a", "b", "/", "é", "\u{1F600}"), maxLength: 4 });

test("lists what it would list if it were sorted anew, whatever came and went", () => {
  const acts = fc.array(fc.tuple(fc.boolean(), key), { maxLength: 40 });
  fc.assert(
    fc.property(acts, key, key, (all, prefix, after) => {
      const record: Record<string, number> = { "b/a": 0 };
      expect(keysFrom(record, "")).toEqual(["b/a"]);
      for (const [comes, name] of all) {
        if (comes) put(record, name, 1);
        else remove(record, name);
      }
      const sorted = Object.keys(record).sort();
      const inside = sorted.filter((one) => one.startsWith(prefix));
      expect(keysFrom(record, prefix)).toEqual(inside);
      expect(keysFrom(record, prefix, { after, most: 2 })).toEqual(
        inside.filter((one) => one > after).slice(0, 2),
      );
    }),
  );
});

test("lists many keys in order, of which many come and go in the middle", () => {
  const record: Record<string, number> = {};
  const name = (at: number) => `k${String((at * 7919) % 5000).padStart(4, "0")}`;
  for (let at = 0; at < 1500; at += 1) record[name(at)] = at;
  const sorted = () => Object.keys(record).sort();
  expect(keysFrom(record, "")).toEqual(sorted());
  for (let at = 1500; at < 5000; at += 1) put(record, name(at), at);
  expect(keysFrom(record, "")).toEqual(sorted());
  expect(keysFrom(record, "k2")).toEqual(sorted().filter((one) => one.startsWith("k2")));
  const pages: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = keysFrom(record, "k", { after, most: 7 });
    if (page.length === 0) break;
    pages.push(...page);
    after = page.at(-1);
  }
  expect(pages).toEqual(sorted());
  for (let at = 0; at < 5000; at += 1) if (at % 5 !== 0) remove(record, name(at));
  for (let at = 1000; at < 2000; at += 1) remove(record, `k${at}`);
  expect(keysFrom(record, "")).toEqual(sorted());
  expect(keysFrom(record, "k1")).toEqual([]);
  put(record, "k1500", 1);
  expect(keysFrom(record, "k1")).toEqual(["k1500"]);
});
