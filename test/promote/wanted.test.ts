import { describe, expect, test } from "vitest";
import type { Promotion } from "../../src/model/requests.ts";
import type { Verdict, Verified } from "../../src/model/verification.ts";
import { chosenFrom } from "../../src/promote/chosen.ts";
import { latest, renewed } from "../../src/promote/latest.ts";
import { imagesNotVerified, wantedFrom } from "../../src/promote/wanted.ts";

const verified = (
  revision: string,
  hour: number,
  verdict: Verdict = "passed",
  run = 1,
): Verified => ({
  v: 1,
  revision,
  bundle: `bundle of ${revision}`,
  run,
  verdict,
  message: "",
  since: `2026-06-01T0${hour}:00:00Z`,
  at: `2026-06-01T0${hour}:${run}0:00Z`,
  images: {},
});

const wanted = (
  before: readonly Verified[],
  here: readonly Verified[] = [],
  promotion?: Promotion,
) => {
  const chosen = promotion && chosenFrom(promotion, before);
  const found = wantedFrom("test", { before, here, promotion, chosen });
  if (found.kind !== "revision") return found.message;
  const revisions = [found.from, ...found.failedHere].map(({ revision }) => revision);
  return `${revisions.join(" past ")}${found.isChosen ? ", and newer ones wait" : ""}`;
};

/** A person asks for a revision, at an hour. */
const promotion = (revision: string, hour: number): Promotion => ({
  revision,
  reason: "",
  until: undefined,
  at: `2026-06-01T0${hour}:30:00Z`,
});

describe("what is promoted", () => {
  test("is nothing where nothing has passed", () => {
    expect(wanted([])).toBe("test has verified nothing yet: a revision has to pass its verify:.");
    expect(wanted([verified("a", 1, "failed"), verified("b", 2, "inconclusive")])).toBe(
      "test has verified nothing yet: a revision has to pass its verify:.",
    );
  });

  test("is the newest revision that passed, whatever order the verdicts came in", () => {
    expect(wanted([verified("a", 1), verified("b", 2)])).toBe("b");
    expect(wanted([verified("b", 2), verified("a", 1)])).toBe("b");
    expect(wanted([verified("a", 1), verified("b", 2, "failed")])).toBe("a");
  });

  test("is judged by the latest verdict on a revision, in both directions", () => {
    expect(wanted([verified("a", 1), verified("b", 2), verified("b", 2, "failed", 2)])).toBe("a");
    expect(wanted([verified("b", 2, "passed", 2), verified("b", 2, "failed", 1)])).toBe("b");
  });

  test("is what was there before, where the newest failed here, until a newer one comes", () => {
    const before = [verified("a", 1), verified("b", 2)];
    expect(wanted(before, [verified("a", 3), verified("b", 4, "failed")])).toBe("a past b");
    const more = [...before, verified("c", 5)];
    expect(wanted(more, [verified("b", 4, "failed")])).toBe("c");
  });

  test("is nothing where all of it failed here", () => {
    expect(wanted([verified("a", 1)], [verified("a", 2, "failed")])).toBe(
      "Every revision that test verified has failed here.",
    );
  });

  test("may be tried here again: the latest verdict counts", () => {
    const here = [verified("a", 2, "failed"), verified("a", 2, "passed", 2)];
    expect(wanted([verified("a", 1)], here)).toBe("a");
  });

  test("is no other for what people have verified beside it", () => {
    const again = { ...verified("a", 9, "passed", 2), aside: true } as const;
    expect(wanted([verified("a", 1), verified("b", 2), again])).toBe("b");
    const skipped = { ...verified("c", 9), aside: true } as const;
    expect(wanted([verified("a", 1), skipped])).toBe("a");
    expect(wanted([skipped])).toBe("c");
    expect(wanted([verified("a", 1), skipped], [], promotion("c", 9))).toBe(
      "c, and newer ones wait",
    );
  });

  test("is what is followed again, as new as that", () => {
    expect(wanted([verified("a", 1), verified("b", 2), verified("a", 3, "passed", 2)])).toBe("a");
  });
});

describe("the latest verdict on a revision", () => {
  const told = (...verdicts: readonly Verified[]) =>
    [verdicts, verdicts.toReversed()].map((all) =>
      latest(all).map(({ revision, run, since, verdict }) => [
        revision,
        run,
        verdict,
        since.slice(11, 13),
      ]),
    );
  const both = (...expected: readonly unknown[]) => [expected, expected];

  test("is that of its newest run, whenever that was written", () => {
    const early = { ...verified("a", 1, "failed", 2), at: "2026-06-01T00:00:00Z" };
    expect(told(verified("a", 1), early)).toEqual(both(["a", 2, "failed", "01"]));
  });

  test("is as old as the last of those that were followed", () => {
    const aside = { ...verified("a", 5, "failed", 3), aside: true } as const;
    expect(told(verified("a", 1), verified("a", 3, "passed", 2), aside)).toEqual(
      both(["a", 3, "failed", "03"]),
    );
    expect(told({ ...verified("a", 1), aside: true }, verified("a", 2, "passed", 2))).toEqual(
      both(["a", 2, "passed", "02"]),
    );
  });

  test("is the one that was written last of one run", () => {
    const later = { ...verified("a", 1, "failed"), at: "2026-06-01T09:00:00Z" };
    expect(told(verified("a", 1), later)).toEqual(both(["a", 1, "failed", "01"]));
  });

  test("comes in the order in which revisions were followed, and those that were not last", () => {
    const beside = { ...verified("d", 9), aside: true } as const;
    expect(told(beside, verified("a", 1), verified("c", 2), verified("b", 2))).toEqual(
      both(
        ["b", 1, "passed", "02"],
        ["c", 1, "passed", "02"],
        ["a", 1, "passed", "01"],
        ["d", 1, "passed", "09"],
      ),
    );
  });
});

describe("a revision that is followed again", () => {
  const [now, since] = ["2026-06-01T09:00:00Z", "2026-06-01T08:00:00Z"];
  const all = [verified("a", 1), verified("b", 2), verified("x", 3, "failed")];

  test("has its verdict given once more", () => {
    const again = { ...verified("a", 1), run: 2, since, at: now };
    expect(renewed("a", all, { now, since })).toEqual(again);
    expect(renewed("a", [...all, again], { now, since })).toBeUndefined();
    const beside = { ...verified("c", 1), aside: true } as const;
    const taken = { ...verified("c", 1), run: 2, since, at: now };
    expect(renewed("c", [...all, beside], { now, since })).toEqual(taken);
    // Nothing else was ever verified, or what was followed is newer.
    expect(renewed("c", [beside], { now, since })).toEqual(taken);
    const early = "2026-06-01T01:30:00Z";
    expect(renewed("c", [...all, beside], { now, since: early })?.since).toBe(early);
  });

  test.for([
    ["is the newest", "b", since],
    ["did not pass", "x", since],
    ["nobody verified", "y", since],
    ["was followed before the newest", "a", "2026-06-01T03:00:00Z"],
  ] as const)("has none given where it %s", ([, revision, from]) => {
    const known = revision === "b" ? all.slice(0, 2) : all;
    expect(renewed(revision, known, { now, since: from })).toBeUndefined();
  });
});

describe("what a person chose", () => {
  const [a, b] = [verified("a", 1), verified("b", 2)];

  test("is taken, and newer ones wait", () => {
    expect(wanted([a, b], [], promotion("a", 3))).toBe("a, and newer ones wait");
    expect(wanted([a, b, verified("c", 4)], [], promotion("a", 3))).toBe("a, and newer ones wait");
    // Whenever it is verified again.
    expect(wanted([a, b, verified("b", 2, "passed", 5)], [], promotion("a", 2))).toBe(
      "a, and newer ones wait",
    );
  });

  test("keeps no later one back, where it was the newest", () => {
    expect(wanted([a, b], [], promotion("b", 3))).toBe("b");
    expect(wanted([a, b, verified("c", 4)], [], promotion("b", 3))).toBe("c");
  });

  test("is refused where it was not verified: nothing else is taken for it", () => {
    const refused = "b was chosen, and test has not verified it.";
    expect(wanted([a], [], promotion("b", 3))).toBe(refused);
    const failed = { ...verified("b", 2, "failed"), message: "answers 500" };
    expect(wanted([a, failed], [], promotion("b", 3))).toBe(`${refused} It failed: answers 500`);
    // Nor where it fails later on.
    const later = { ...verified("a", 1, "failed", 2), message: "answers 500" };
    expect(wanted([a, b, later], [], promotion("a", 3))).toContain("a was chosen, and");
    const chosen = chosenFrom(promotion("a", 3), [a, b]);
    const known = { before: [a, b, later], here: [], promotion: promotion("a", 3), chosen };
    expect(wantedFrom("test", known).kind).toBe("refused");
    expect(wantedFrom("test", { before: [], here: [] }).kind).toBe("none");
  });

  test("is none that never passed, and passes over none that had not passed by then", () => {
    const asked = promotion("a", 2);
    expect(chosenFrom(promotion("b", 3), [a, verified("b", 2, "failed")])).toBeUndefined();
    expect(chosenFrom(asked, [a, b])).toEqual({ verified: a, passesOver: true });
    expect(chosenFrom(asked, [a, verified("b", 2, "passed", 4)])?.passesOver).toBe(false);
    const tried = verified("b", 2, "failed");
    expect(chosenFrom(asked, [a, tried, verified("b", 2, "passed", 4)])?.passesOver).toBe(false);
    expect(chosenFrom({ ...asked, at: b.at }, [a, b])?.passesOver).toBe(true);
  });

  test("is gone back from where it fails here, but not to what is newer", () => {
    const [before, asked] = [[a, b, verified("c", 3)], promotion("b", 4)];
    expect(wanted(before, [verified("b", 5, "failed")], asked)).toBe(
      "a past b, and newer ones wait",
    );
    const later = [...before, verified("c", 3, "failed", 2)];
    const chosen = chosenFrom(asked, before);
    const here = [verified("b", 5, "failed")];
    const known = { before: later, here, promotion: asked, chosen };
    expect(wantedFrom("test", known)).toMatchObject({ from: { revision: "a" } });
    const sameInstant = { ...verified("b", 4, "failed"), at: asked.at };
    expect(wanted(before, [sameInstant], asked)).toBe("a past b, and newer ones wait");
  });

  test("is tried once more where it had failed here, and gone back from where it fails again", () => {
    const failed = verified("b", 3, "failed");
    expect(wanted([a, b], [failed], promotion("b", 4))).toBe("b");
    expect(wanted([a, b], [failed, verified("b", 5, "failed", 2)], promotion("b", 4))).toBe(
      "a past b",
    );
  });

  test("is what it was when it was chosen, though nobody remembers its verdict", () => {
    const [asked, chosen] = [promotion("a", 3), chosenFrom(promotion("a", 3), [a, b])];
    const known = { before: [b], here: [], promotion: asked, chosen };
    expect(wantedFrom("test", known)).toMatchObject({ from: { revision: "a" }, isChosen: true });
    const newest = chosenFrom(promotion("b", 3), [a, b]);
    expect(
      wantedFrom("test", {
        before: [verified("c", 4)],
        here: [],
        promotion: promotion("b", 3),
        chosen: newest,
      }),
    ).toMatchObject({ from: { revision: "c" }, isChosen: false });
  });
});

describe("what was verified", () => {
  test("is what may run, image by image", () => {
    const images = { "web/web": "web:1@sha256:a", "web/xray": "xray:3" };
    expect(imagesNotVerified(images, { "web/web": "web:1@sha256:a" })).toEqual([]);
    expect(imagesNotVerified(images, { "web/web": "web:1@sha256:b", "api/api": "api:1" })).toEqual([
      "web/web would run web:1@sha256:b, and web:1@sha256:a was verified",
      "api/api would run api:1, and nothing was verified",
    ]);
  });
});
