import { expect, test } from "vitest";
import { renderEntry } from "../../src/cli/history.ts";
import type { LedgerEntry } from "../../src/model/ledger.ts";

const nothing: LedgerEntry = {
  v: 1,
  at: "2026-01-01T00:00:00.000Z",
  revision: "a".repeat(40),
  plan: undefined,
  steps: [],
  conditions: [],
  votes: [],
};
const ann = { user: "arn:aws:iam::123456789012:user/ann", at: nothing.at };
const head = `${nothing.at}  aaaaaaaa`;

test("an entry says by whom a plan was approved", () => {
  const vote = { ...ann, verdict: "approved", digest: "b".repeat(64), reason: "" } as const;
  const entry = { ...nothing, plan: vote.digest, votes: [vote, { ...vote, reason: "as agreed" }] };
  expect(renderEntry(entry)).toBe(
    `${head}  plan bbbbbbbbbbbb  approved by ${ann.user}, approved by ${ann.user}: as agreed`,
  );
});

test("an entry says on whose word something went, or was left as it was", () => {
  const consents = [
    { ...ann, doomed: "c".repeat(64), skip: {}, reason: "it is over" },
    { ...ann, doomed: undefined, skip: { "shop-base": ["Jobs", "Role"] }, reason: "" },
  ];
  expect(renderEntry({ ...nothing, consents })).toBe(
    `${head}  cccccccccccc let go by ${ann.user}: it is over, shop-base rolled back without Jobs and Role by ${ann.user}`,
  );
});
