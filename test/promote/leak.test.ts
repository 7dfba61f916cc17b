import { describe, expect, test } from "vitest";
import type { Leaked, Lease } from "../../src/model/lease.ts";
import { leakNotice } from "../../src/promote/leak.ts";

const ends = "2026-01-01T00:00:00.000Z";
const later = (minutes: number): string =>
  new Date(Date.parse(ends) + minutes * 60_000).toISOString();
const bucket: Leaked = {
  stack: "trueup-shop-test-base",
  logicalId: "Uploads",
  type: "AWS::S3::Bucket",
  physicalId: "payroll",
};
const lease: Lease = {
  v: 1,
  application: "shop",
  environment: "test",
  instance: "main-1a2b3c",
  revision: "1a2b3c4d5e6f70819293a4b5c6d7e8f901234567",
  reference: "main",
  target: { account: "1", region: "eu-west-1" },
  prefix: "trueup",
  began: ends,
  ends,
  latest: ends,
  reason: "Expired",
  kept: false,
  failures: {},
  leaked: [],
};

describe("a leak", () => {
  test("is none while there is time", () => {
    expect(leakNotice(lease, later(90))).toBeUndefined();
    expect(leakNotice({ ...lease, gone: later(5) }, later(600))).toBeUndefined();
  });

  test("is told by what kind it is and how much, never by its name", () => {
    const notice = leakNotice(
      { ...lease, gone: ends, leaked: [bucket, bucket, bucket] },
      later(30),
    );
    expect(notice).toMatchObject({
      environment: "test.main-1a2b3c",
      phase: "leaked",
      reason: "LeftBehind",
      text: "shop/test.main-1a2b3c: 1a2b3c4d left S3::Bucket and 2 more behind, which could not be deleted.\ntrueup get shop/test",
    });
  });

  test("of one thing is told of that alone", () => {
    expect(leakNotice({ ...lease, leaked: [bucket] }, later(30))?.text).toContain(
      "1a2b3c4d left S3::Bucket behind",
    );
  });

  test("is short enough for chat, however long its names", () => {
    const long = {
      ...lease,
      application: "a".repeat(31),
      environment: "e".repeat(31),
      instance: `${"i".repeat(20)}-1a2b3c-12`,
      leaked: [{ ...bucket, type: "AWS::ElasticLoadBalancingV2::TrustStoreRevocation" }, bucket],
    };
    expect(leakNotice(long, later(1))?.text.length).toBeLessThanOrEqual(280);
    expect(leakNotice({ ...long, leaked: [] }, later(91))?.reason).toBe("Overdue");
  });
});
