import fc from "fast-check";
import { expect, test } from "vitest";
import { keysFrom, put, remove } from "../../src/sandbox/key-order.ts";

const key = fc.string({ unit: fc.constantFrom("a", "b", "/", "é", "\u{1F600}"), maxLength: 4 });

test("lists what it would list if it were sorted anew, whatever came and went", () => {
  const acts = fc.array(fc.tuple(fc.boolean(), key), { maxLength: 40 });
  fc.assert(
    fc.property(acts, key, (all, prefix) => {
      const record: Record<string, number> = { "b/a": 0 };
      expect(keysFrom(record, "")).toEqual(["b/a"]);
      for (const [comes, name] of all) {
        if (comes) put(record, name, 1);
        else remove(record, name);
      }
      const sorted = Object.keys(record).sort();
      expect(keysFrom(record, prefix)).toEqual(sorted.filter((one) => one.startsWith(prefix)));
    }),
  );
});
