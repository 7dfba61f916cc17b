import { describe, expect, test } from "vitest";
import { stampOutput } from "../../src/link/digests.ts";
import { digestOf, sha256 } from "../../src/model/digest.ts";
import type { ObservedStack } from "../../src/model/observed.ts";
import {
  againIn,
  attempted,
  changeSetPrefix,
  intentOf,
  isOurs,
  isRevert,
  type Laid,
} from "../../src/plan/units.ts";
import { baseIn, digestOfBase, laid, one } from "./laid.ts";
import { arnOf } from "./situations.ts";

describe("a change set's name", () => {
  const nameOf = (stack: ObservedStack | undefined, more?: Partial<Laid>) =>
    one("base", { base: stack }, more).applied?.changeSet ?? "";
  const others = { outputs: { [stampOutput]: "another" } };
  const prefix = changeSetPrefix(digestOfBase);

  test("begins with the digest that it brings", () => {
    expect(prefix).toBe(`trueup-${digestOfBase.slice(0, 20)}-`);
  });

  test.for([undefined, "REVIEW_IN_PROGRESS", "DELETE_COMPLETE"])(
    "is always the same where there is nothing: %s",
    (status) => {
      expect(nameOf(status === undefined ? undefined : baseIn(status, others))).toBe(
        `${prefix}new`,
      );
    },
  );

  test("is another after each operation, and of a stack made anew", () => {
    const first = baseIn("UPDATE_COMPLETE", others);
    const base = sha256(`${first.id} ${first.lastUpdated}`).slice(0, 12);
    expect(nameOf(first)).toBe(`${prefix}${base}`);
    const names = [
      first,
      { ...first, lastUpdated: "2026-02-01T00:00:00.000Z" },
      { ...first, id: "arn:other" },
    ].map((stack) => nameOf(stack));
    expect(new Set(names).size).toBe(3);
  });

  test("of a revert tells it from what brought the same digest, and from other reverts", () => {
    const stack = baseIn("UPDATE_COMPLETE");
    const again = (of: string, kind: "drift" | "foreign" = "drift") =>
      new Map([["base", { kind, of }]]);
    const name = nameOf(stack, { again: again("d-1") });
    const base = `${stack.id} ${stack.lastUpdated}`;
    expect(name).toBe(`${prefix}drift-${sha256(`${base} d-1`).slice(0, 12)}`);
    expect(nameOf(stack, { again: again("d-2") })).not.toBe(name);
    expect(nameOf(stack, { again: again("d-1", "foreign") })).toBe(
      `${prefix}${sha256(base).slice(0, 12)}`,
    );
    expect(nameOf(baseIn("UPDATE_COMPLETE", others), { again: again("d-1") })).toBe(
      `${prefix}${sha256(base).slice(0, 12)}`,
    );
  });
});

describe("whose an operation was", () => {
  const left = (name: string | undefined) =>
    baseIn("UPDATE_COMPLETE", { changeSetId: name === undefined ? undefined : arnOf(name) });
  const ours = `trueup-${"0".repeat(20)}-`;

  test.for([
    [`${ours}new`, true, false],
    [`${ours}drift-0123`, true, true],
    [`x${ours}drift-0123`, false, false],
    ["trueup-0-new", false, false],
    [`trueup-${"g".repeat(20)}-new`, false, false],
    [undefined, false, false],
  ] as const)("%s: ours %s, a revert %s", ([name, expected, reverts]) => {
    expect([isOurs(left(name)), isRevert(left(name))]).toEqual([expected, reverts]);
  });

  test("its name tells what it was to bring", () => {
    expect(attempted("0".repeat(64), left(`${ours}new`))).toBe(true);
    expect(attempted("1".repeat(64), left(`${ours}new`))).toBe(false);
    expect(attempted("0".repeat(64), left(`x${ours}new`))).toBe(false);
    expect(attempted("0".repeat(64), left(undefined))).toBe(false);
    expect(attempted("0".repeat(64), undefined)).toBe(false);
    const odd = baseIn("UPDATE_COMPLETE", { changeSetId: `${ours}new` });
    expect([attempted("0".repeat(64), odd), isOurs(odd), isRevert(odd)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("what is put right", () => {
  const stacks = { base: baseIn("UPDATE_COMPLETE") };
  const again = new Map([["base", { kind: "foreign", of: "since" } as const]]);

  test("is a roll-out of its own", () => {
    const [asIs, put] = [laid(stacks), laid(stacks, { again })];
    expect([againIn(asIs), againIn(put)]).toEqual([[], ["base foreign since"]]);
    expect(intentOf({ digest: "b" }, asIs)).toBe("b");
    expect(intentOf({ digest: "b" }, put)).toBe(digestOf(["b", ["base foreign since"]]));
    expect(put[0]?.applied).toMatchObject({ deployed: false, again: { of: "since" } });
  });

  test("is nothing of a stack that is not stamped", () => {
    const other = { base: baseIn("UPDATE_COMPLETE", { outputs: {} }) };
    expect(againIn(laid(other, { again }))).toEqual([]);
  });
});
