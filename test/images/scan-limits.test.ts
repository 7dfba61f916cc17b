import { expect, test } from "vitest";
import { excessOf } from "../../src/images/scan-limits.ts";
import type { Scan } from "../../src/model/image.ts";

const done = (findings: Scan["findings"], status = "COMPLETE"): Scan => ({ status, findings });

test.for<[scan: Scan | undefined, failedIsFine: boolean, excess: string | undefined]>([
  [undefined, false, "was not scanned"],
  [undefined, true, "was not scanned"],
  [done({}), false, undefined],
  [done({ CRITICAL: 1, HIGH: 3 }), false, undefined],
  [done({ CRITICAL: 2, HIGH: 4 }), false, "has findings: 2 CRITICAL (of 1), 4 HIGH (of 3)"],
  [done({ CRITICAL: 2 }, "ACTIVE"), false, "has findings: 2 CRITICAL (of 1)"],
  [done({ LOW: 999, UNTRIAGED: 9 }), false, undefined],
  [done({}, "IN_PROGRESS"), true, "has a scan that is IN_PROGRESS"],
  [done({}, "FAILED"), false, "has a scan that is FAILED"],
  [done({}, "FAILED"), true, undefined],
  [done({}, "UNSUPPORTED_IMAGE"), true, undefined],
])("%j, failed is fine: %s", ([scan, failedIsFine, excess]) => {
  expect(excessOf(scan, { most: { CRITICAL: 1, HIGH: 3 }, failedIsFine })).toBe(excess);
});
