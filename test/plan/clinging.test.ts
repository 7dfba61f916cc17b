import { expect, test } from "vitest";
import { emptyRecord } from "../../src/model/record.ts";
import { clingingIn, retrialOf } from "../../src/plan/clinging.ts";
import { stackIn } from "./situations.ts";

const at = "2026-01-01T00:00:00.000Z";
const reason = (ids: string) => `The following resource(s) failed to delete: [${ids}]. `;

interface Tried {
  readonly status?: string;
  readonly tries?: number;
  readonly now?: string;
  readonly said?: string | undefined;
}

const retrial = ({
  now = "2026-01-01T00:01:00.000Z",
  said = reason("A, B"),
  status = "DELETE_FAILED",
  tries = 1,
}: Tried) => {
  const none = { name: "s", changeSet: undefined, wrote: undefined, recoveries: 0 };
  const stacks = tries === 0 ? {} : { "s-a": { ...none, deletion: { tries, at } } };
  const clinging = new Set(["A", "B"]);
  const record = { ...emptyRecord, stacks };
  return retrialOf(stackIn(status, { reason: said }), { unit: "s-a", clinging, record, now });
};

test.for<[string, Tried, string]>([
  ["after a minute", {}, "now"],
  ["before that", { now: "2026-01-01T00:00:59.999Z" }, "later"],
  ["as often as five times", { tries: 5 }, "now"],
  ["a sixth time", { tries: 6 }, "never"],
  ["that nobody of us began", { tries: 0 }, "never"],
  ["that did not fail", { status: "DELETE_IN_PROGRESS" }, "never"],
  ["for one of them", { said: reason("B") }, "now"],
  ["for something else too", { said: reason("A, Table") }, "never"],
  ["for nothing that is named", { said: reason("") }, "never"],
  ["for another reason", { said: "A cannot be deleted" }, "never"],
])("a deletion is tried again, %s: %s", ([, tried, expected]) => {
  expect(retrial(tried)).toBe(expected);
});

test("a deletion that failed for no reason is for people", () => {
  const seen = { unit: "s-a", clinging: new Set<string>(), record: emptyRecord, now: at };
  expect(retrialOf(stackIn("DELETE_FAILED"), seen)).toBe("never");
});

test("Cloud Map's services are what clings", () => {
  const Resources = {
    Names: { Type: "AWS::ServiceDiscovery::Service" },
    Web: { Type: "AWS::ECS::Service" },
  };
  const templates = new Map([["s-a", { AWSTemplateFormatVersion: "2010-09-09", Resources }]]);
  expect(clingingIn(templates as Parameters<typeof clingingIn>[0])).toEqual(
    new Map([["s-a", new Set(["Names"])]]),
  );
});
