import { expect, test } from "vitest";
import type { GivenConsent } from "../../src/model/gates.ts";
import { consentEntry, ledgerPath } from "../../src/plan/ledger.ts";

const consentOf = (user: string, at: string): GivenConsent => ({
  doomed: "d".repeat(64),
  skip: {},
  reason: "",
  user,
  at,
});

test("words that are acted upon have one entry, of when the last of them was said", () => {
  expect(consentEntry({ consents: [] }, "r1")).toBeUndefined();
  const consents = [
    consentOf("bob", "2026-01-02T00:00:00.000Z"),
    consentOf("ann", "2026-01-01T00:00:00.000Z"),
  ];
  const entry = consentEntry({ consents }, "r1");
  expect(entry).toMatchObject({ at: "2026-01-02T00:00:00.000Z", revision: "r1", consents });
  if (entry === undefined) throw new Error("There is no entry.");
  expect(ledgerPath("shop/dev", entry)).toMatch(
    /^ledger\/shop\/dev\/2026-01-02T00:00:00.000Z-[0-9a-f]{12}\.json$/,
  );
});
