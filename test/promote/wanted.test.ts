import { describe, expect, test } from "vitest";
import type { Verdict, Verified } from "../../src/model/verification.ts";
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

const wanted = (before: readonly Verified[], here: readonly Verified[] = []) => {
  const found = wantedFrom("test", { before, here });
  return found.kind === "none"
    ? found.message
    : [found.from.revision, ...found.failedHere.map(({ revision }) => revision)].join(" past ");
};

describe("what is promoted", () => {
  test("is nothing where nothing has passed", () => {
    expect(wanted([])).toBe("test has verified nothing yet.");
    expect(wanted([verified("a", 1, "failed"), verified("b", 2, "inconclusive")])).toBe(
      "test has verified nothing yet.",
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
