import type { Path, Report } from "../report.ts";

const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/** CloudWatch keeps logs for certain numbers of days only: never fewer than asked for. */
export function retained(days: number, path: Path, report: Report): number {
  const allowed = retentions.find((candidate) => candidate >= days) ?? 3653;
  if (allowed !== days) {
    const message = `CloudWatch Logs has no retention of ${days} days: ${allowed} are used`;
    report.warn({ code: "rounded", path, message });
  }
  return allowed;
}
