import type { Data } from "../../compose/project.ts";
import type { Value } from "../../model/template.ts";
import { isMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { durationSeconds } from "../units.ts";
import { entryValue } from "../values.ts";
import type { Attribute } from "./attribute.ts";
import type { Family, Member } from "./family.ts";

/** Docker's usual one, in seconds. Its other usual times are those of ECS, too, which has 5 here. */
const usualTimeout = 30;

/** `healthcheck`, in the bounds that ECS has for it. Where Docker reads 0 its usual time is meant. */
export const healthCheck: Attribute = (member, _family, scope) => {
  const { report } = scope;
  const check = checkOf(member);
  const path = [...member.path, "healthcheck"];
  if (check === undefined) {
    warnOfNothing(member, path, report);
    return {};
  }
  const seconds = (key: string, bounds: Bounds): number | undefined => {
    if (check[key] === undefined || check[key] === null) return undefined;
    const given = durationSeconds(String(check[key]));
    return given === 0 ? undefined : within(given, bounds, [...path, key], report);
  };
  const interval = seconds("interval", { from: 5, to: 300 });
  const timeout = seconds("timeout", { from: 2, to: 60 }) ?? usualTimeout;
  const start = seconds("start_period", { from: 0, to: 300 });
  const retries =
    check.retries === undefined || Number(check.retries) === 0
      ? undefined
      : within(Number(check.retries), { from: 1, to: 10 }, [...path, "retries"], report);
  if (check.start_interval !== undefined) {
    const message = "start_interval does nothing on ECS, which always waits for interval";
    report.warn({ code: "no-effect", path: [...path, "start_interval"], message });
  }
  return {
    HealthCheck: {
      Command: words(check.test as readonly Data[], [...path, "test"], scope),
      ...(interval === undefined ? {} : { Interval: interval }),
      Timeout: timeout,
      ...(retries === undefined ? {} : { Retries: retries }),
      ...(start === undefined ? {} : { StartPeriod: start }),
    },
  };
};

function words(test: readonly Data[], path: Path, scope: Scope): readonly Value[] {
  if (test.length === 1) {
    const message = `${String(test[0])} alone runs nothing`;
    const help = 'Write after it what to run: ["CMD", "curl", "-f", "http://localhost"].';
    scope.report.error({ code: "missing-key", path, message, help });
  }
  return test.map((word, index) => entryValue(String(word), path, index, scope));
}

/** An image may have a check of its own, of which Docker knows and ECS does not. */
function warnOfNothing({ service }: Member, path: Path, report: Report): void {
  const given = service.healthcheck;
  if (!isMapping(given) || given.disable === true || given.test !== undefined) return;
  const message = "without a test there is no health check: ECS does not know that of the image";
  report.warn({ code: "no-effect", path, message, help: "Write here what the image tests." });
}

/** Whether ECS can tell that a container is healthy. */
export const hasHealthCheck = (member: Member): boolean => checkOf(member) !== undefined;

/** How long a load balancer's checks may fail after a start: a minute, or what the slowest asks for. */
export const gracePeriod = ({ members }: Family): number =>
  Math.max(
    60,
    ...members.map((member) =>
      Math.ceil(durationSeconds(String(checkOf(member)?.start_period ?? 0)) ?? 0),
    ),
  );

function checkOf({ service }: Member) {
  const check = service.healthcheck;
  if (!isMapping(check) || check.disable === true || !Array.isArray(check.test)) return undefined;
  return check.test.length === 0 || check.test[0] === "NONE" ? undefined : check;
}

interface Bounds {
  readonly from: number;
  readonly to: number;
}

function within(
  value: number | undefined,
  { from, to }: Bounds,
  path: Path,
  report: Report,
): number | undefined {
  if (value === undefined || Number.isNaN(value)) {
    report.error({ code: "wrong-type", path, message: "is no duration or number" });
    return undefined;
  }
  const rounded = Math.ceil(value);
  if (rounded >= from && rounded <= to) return rounded;
  const nearest = Math.min(Math.max(rounded, from), to);
  const message = `ECS takes ${from} to ${to} here: ${nearest} is used`;
  report.warn({ code: "out-of-bounds", path, message });
  return nearest;
}
