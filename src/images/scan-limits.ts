import type { Scan, ScanLimits } from "../model/image.ts";
import { isFinished } from "./gates.ts";

/** Why an image may not run, as the end of a sentence; undefined: its scan found no more than that. */
export function excessOf(
  scan: Scan | undefined,
  { failedIsFine, most }: ScanLimits,
): string | undefined {
  if (scan === undefined) return "was not scanned";
  if (/^(?:FAILED|UNSUPPORTED_IMAGE)$/.test(scan.status))
    return failedIsFine ? undefined : `has a scan that is ${scan.status}`;
  if (!isFinished(scan)) return `has a scan that is ${scan.status}`;
  const excesses = Object.entries(most).flatMap(([severity, allowed]) => {
    const found = scan.findings[severity] ?? 0;
    return found > allowed ? [`${found} ${severity} (of ${allowed})`] : [];
  });
  return excesses.length === 0 ? undefined : `has findings: ${excesses.join(", ")}`;
}
