import { expect, test } from "vitest";
import type { Resource } from "../../src/model/template.ts";
import { holdsData } from "../../src/plan/risk.ts";
import { folders, renderFolder } from "./folders.ts";

/** What goes with its stack though it is not known to hold nothing. */
const exceptions: Readonly<Record<string, string>> = {
  "AWS::EC2::EIP": "NAT gateways have no address that anybody was promised",
  "AWS::ElastiCache::CacheCluster": "Memcached has no snapshots",
  "AWS::Logs::LogGroup": "flow logs are of a network that is gone",
  "AWS::RDS::DBInstance": "the data is its cluster's",
};

const isKept = ({ DeletionPolicy = "Delete", UpdateReplacePolicy = "Delete" }: Resource): boolean =>
  DeletionPolicy !== "Delete" && UpdateReplacePolicy !== "Delete";

// Whatever becomes of a stack, and by whose hand: its template keeps what it holds.
test("every kind that may hold data is kept when its stack lets go of it", () => {
  const resources = folders
    .filter((folder) => !/\bephemeral\b/.test(folder))
    .flatMap((folder) => {
      const rendered = renderFolder(folder);
      const stacks = rendered.kind === "rendered" ? rendered.bundle.stacks : [];
      return stacks.flatMap(({ template }) => Object.values(template.Resources));
    })
    .filter(({ Type }) => holdsData(Type));
  const lost = new Set(resources.filter((one) => !isKept(one)).map(({ Type }) => Type));
  expect(new Set(resources.map(({ Type }) => Type)).size).toBeGreaterThan(12);
  expect([...lost].sort()).toEqual(Object.keys(exceptions).sort());
});
