import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Current, choose } from "../../src/images/choose.ts";
import { type Policy, readPolicy } from "../../src/images/policy.ts";
import type { RegistryImage } from "../../src/model/image.ts";
import { digest, image } from "./world.ts";

function policy(data: unknown): Policy {
  const read = readPolicy(data);
  if (read.kind === "refused") throw new Error(read.reason);
  return read.policy;
}

const nowhere: Current = { tag: undefined, digest: undefined };

/** The tag chosen, or the reason for none. */
function pick(data: unknown, images: readonly RegistryImage[], current: Current = nowhere): string {
  const choice = choose(policy(data), images)(current);
  if (choice.kind === "asks") throw new Error("It asks.");
  return choice.kind === "chosen" ? choice.tag : choice.reason;
}

describe("a semver policy", () => {
  const images = ["1.0.0", "1.10.0", "1.9.0", "2.0.0", "1.11.0-rc.1", "latest", "v1.2", "main"].map(
    (tag, index) => image(tag, String(index)),
  );

  test("takes the highest version of its range, not the highest text", () => {
    expect(pick({ semver: "^1.0" }, images)).toBe("1.10.0");
    expect(pick({ semver: ">=1" }, images)).toBe("2.0.0");
    expect(pick({ semver: "~1.0" }, images)).toBe("1.0.0");
  });

  test("takes a pre-release only where the range names one", () => {
    expect(pick({ semver: ">=1.11.0-rc.0 <2" }, images)).toBe("1.11.0-rc.1");
  });

  test("takes nothing where nothing fits", () => {
    expect(pick({ semver: "^3" }, images)).toContain("no image");
    expect(pick({ semver: "*" }, [])).toContain("no image");
  });

  test("is not led astray by versions that are none", () => {
    const odd = ["9999.0.0.0", "v1.2.3-", "99999999999999999999.0.0", "1.2.3-evil/x", "x1.2.3"];
    expect(
      pick(
        { semver: "*" },
        [...odd, "1.0.0"].map((tag) => image(tag, "a")),
      ),
    ).toBe("1.0.0");
  });

  test("leaves signatures, attestations and archived images alone", () => {
    const hex = "a".repeat(64);
    const archived = { ...image("1.3.0", "d"), active: false };
    const beside = [`sha256-${hex}.sig`, `sha256-${hex}.att`, `sha256-${hex}`, "1.4.0.sbom"];
    const all = [...beside.map((tag) => image(tag, "c", 9)), image("1.2.0", "b"), archived];
    expect(pick({ semver: "*" }, all)).toBe("1.2.0");
    expect(pick({ newest: true }, all)).toBe("1.2.0");
    expect(pick({ pattern: "^.*$", order: "alphabetic" }, all)).toBe("1.2.0");
  });

  test("leaves alone what a manifest says is no container's", () => {
    const signature = {
      ...image("1.9.0", "d"),
      artifact: "application/vnd.dev.cosign.sig.v1+json",
    };
    const plain = { ...image("1.2.0", "b"), artifact: "application/vnd.oci.image.config.v1+json" };
    expect(pick({ semver: "*" }, [signature, plain])).toBe("1.2.0");
  });
});

describe("a version that is written already", () => {
  const images = [image("1.0.0", "a"), image("1.1.0", "b")];

  test("is not gone back from, when the registry has lost it", () => {
    const current = { tag: "1.2.0", digest: digest("c") };
    expect(pick({ semver: "^1" }, images, current)).toContain("1.2.0 is newer than 1.1.0");
  });

  test("is gone back from, when the policy no longer allows it", () => {
    expect(pick({ semver: "<1.1" }, images, { tag: "1.1.0", digest: digest("b") })).toBe("1.0.0");
  });

  test("keeps its pin, though the tag is pushed again", () => {
    const current = { tag: "1.1.0", digest: digest("9") };
    expect(pick({ semver: "^1" }, images, current)).toContain("pushed again");
    expect(pick({ pattern: "^[0-9.]+$", order: "alphabetic" }, images, current)).toContain(
      "pushed again",
    );
  });

  test("is pinned, where it was not", () => {
    expect(
      choose(policy({ semver: "^1" }), images)({ tag: "1.1.0", digest: undefined }),
    ).toMatchObject({
      kind: "chosen",
      tag: "1.1.0",
      digest: digest("b"),
    });
  });

  test("stays, where another tag is the same version", () => {
    const both = [...images, image("v1.1.0", "b", 5)];
    expect(pick({ semver: "^1" }, both, { tag: "1.1.0", digest: digest("b") })).toBe("1.1.0");
    expect(pick({ semver: "^1" }, both, { tag: "v1.1.0", digest: digest("b") })).toBe("v1.1.0");
  });
});

describe("a pattern policy", () => {
  const main = { pattern: "^main-[0-9a-f]+-(?<n>.+)$", extract: "n" };
  const images = (...values: readonly string[]) =>
    values.map((value, index) => image(`main-0${index}-${value}`, String(index)));

  test("compares numbers as numbers, however many digits they have", () => {
    const numbers = images("20260101000000001", "20260101000000002", "9", "1x");
    expect(pick({ ...main, order: "numeric" }, numbers)).toBe("main-01-20260101000000002");
  });

  test("compares texts as texts", () => {
    expect(pick({ ...main, order: "alphabetic" }, images("10", "9", "1"))).toBe("main-01-9");
  });

  test("compares times however they are written, and takes no day that does not exist", () => {
    const times = images("20260102", "2026-01-02T03.04.05Z", "20260102030406", "20260231", "1799");
    expect(pick({ ...main, order: "timestamp" }, times)).toBe("main-02-20260102030406");
  });

  test("takes nothing that only looks alike", () => {
    const evil = [image("xmain-00-9", "a"), image("main-zz-9", "b")];
    expect(pick({ ...main, order: "numeric" }, evil)).toContain("no image");
  });
});

describe("a moving tag and the newest push", () => {
  test("a tag's digest is followed wherever it goes", () => {
    const choice = choose(policy({ tag: "main" }), [image("main", "b"), image("dev", "c", 9)])({
      tag: "main",
      digest: digest("a"),
    });
    expect(choice).toMatchObject({ kind: "chosen", tag: "main", digest: digest("b") });
  });

  test("the newest image is named by the tag that is there, else by one that says something", () => {
    const images = [image("old", "a", 1), image(["latest", "b7", "main"], "b", 2)];
    expect(pick({ newest: true }, images)).toBe("b7");
    expect(pick({ newest: true }, images, { tag: "main", digest: undefined })).toBe("main");
    expect(pick({ newest: true }, images, { tag: "old", digest: digest("a") })).toBe("b7");
  });
});

test("the choice does not depend on the order in which the registry lists its images", {
  timeout: 60_000,
}, () => {
  const tag = fc.constantFrom("1.0.0", "v1.0.0", "1.1.0", "main", "latest", "b-1", "b-2", "b-02");
  const images = fc.uniqueArray(
    fc.record({
      tags: fc.uniqueArray(tag, { minLength: 1, maxLength: 3 }),
      digit: fc.constantFrom(..."0123456789abcdef"),
      minute: fc.integer({ min: 0, max: 2 }),
      active: fc.boolean(),
    }),
    { selector: ({ digit }) => digit, maxLength: 8 },
  );
  const policies = [
    { semver: "^1" },
    { pattern: "^b-(?<n>[0-9]+)$", extract: "n", order: "numeric" },
    { pattern: "^.+$", order: "alphabetic" },
    { tag: "main" },
    { newest: true },
  ].map(policy);
  const current = fc.record({
    tag: fc.option(tag, { nil: undefined }),
    digest: fc.constant(undefined),
  });
  const listed = images.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  fc.assert(
    fc.property(listed, fc.constantFrom(...policies), current, ([all, shuffled], one, now) => {
      const of = (some: typeof all) =>
        some.map(({ tags, digit, minute, active }) => ({ ...image(tags, digit, minute), active }));
      expect(choose(one, of(shuffled))(now)).toEqual(choose(one, of(all))(now));
    }),
  );
});

test("what is chosen is chosen again", () => {
  const images = [image(["1.0.0", "v1.0.0"], "a"), image(["1.1.0", "latest"], "b", 1)];
  for (const data of [{ semver: "*" }, { newest: true }, { tag: "latest" }]) {
    const first = choose(policy(data), images)(nowhere);
    if (first.kind !== "chosen") throw new Error("Nothing is chosen.");
    expect(choose(policy(data), images)(first)).toEqual(first);
  }
});

describe("a policy that would be ignored in part is refused", () => {
  test.for([
    ["^1.0", "mapping"],
    [[], "mapping"],
    [{}, "one of semver"],
    [{ semver: "^1", tag: "main" }, "one of semver"],
    [{ semver: "one" }, "not a range"],
    [{ semver: 1 }, "in quotes"],
    [{ semver: "" }, "in quotes"],
    [{ semver: "^1", platform: "arm64" }, "`platform` is one, or a list"],
    [{ semver: "^1", platform: ["linux/arm64", 1] }, "`platform` is one, or a list"],
    [{ semver: "^1", scan: true }, "gravest finding allowed"],
    [{ semver: "^1", scan: "some" }, "gravest finding allowed"],
    [{ semver: "^1", order: "numeric" }, "not a key"],
    [{ pattern: "^a$" }, "`order`"],
    [{ pattern: "^(a+)+$", order: "alphabetic" }, "quantifier inside"],
    [{ pattern: "^(?<a>.)$", extract: "b", order: "numeric" }, "names a group"],
    [{ pattern: 1, order: "numeric" }, "regular expression"],
    [{ tag: "a b" }, "`tag`"],
    [{ newest: false }, "`newest`"],
  ] as const)("%j", ([data, why]) => {
    expect(readPolicy(data)).toEqual({ kind: "refused", reason: expect.stringContaining(why) });
  });
});
