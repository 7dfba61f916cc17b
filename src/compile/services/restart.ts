import type { Data } from "../../compose/project.ts";
import { asMapping, isMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Attribute } from "./attribute.ts";
import { endsAlone, isEssential } from "./dependencies.ts";
import { onlyOnEvents } from "./events.ts";
import type { Family, Member } from "./family.ts";

/** Seconds that ECS has a container run before it starts it again, at least: what ends sooner stays down. */
const leastRun = 60;

/**
 * `restart` and `deploy.restart_policy`. A task that stops is replaced whatever they say, and so says
 * who asks for something else; a container that ends without its task is started again in it as they
 * say.
 */
export const restartPolicy: Attribute = (member, family, { report }) => {
  const asked = askedBy(member);
  if (asked === undefined) return {};
  const { condition } = asked;
  if (!endsAlone(member, family)) {
    if (!isUsual(asked, member, family)) warnOfUsual(asked, member, family, report);
    return {};
  }
  if (!asked.form.test(condition)) {
    const message = `compose has no restart ${JSON.stringify(condition)}`;
    const help = "always, on-failure, unless-stopped or no; below deploy any, on-failure or none.";
    report.error({ code: "unknown-value", path: asked.conditionPath, message, help });
    return {};
  }
  if (condition === "no" || condition === "none") return {};
  warnOfCounts(asked, report);
  const RestartPolicy = {
    Enabled: true,
    ...(condition.startsWith("on-failure") ? { IgnoredExitCodes: [0] } : {}),
    RestartAttemptPeriod: leastRun,
  };
  return { RestartPolicy };
};

const once = ["no", "none"];
const again = ["always", "any", "unless-stopped"];

/** Whether it is what ECS does anyway: once for events and where others wait for the end, else again. */
function isUsual({ condition, policy }: Asked, member: Member, family: Family): boolean {
  if (onlyOnEvents(family) || !isEssential(member, family)) return once.includes(condition);
  return again.includes(condition) && Object.keys(policy).length === 0;
}

function warnOfUsual({ path }: Asked, member: Member, family: Family, report: Report): void {
  const key = path.slice(member.path.length).join(".");
  const usual = onlyOnEvents(family)
    ? "a task that an event started is not started again"
    : "ECS always replaces a task that stops";
  report.warn({ code: "no-effect", path, message: `${key} does nothing on ECS: ${usual}` });
}

interface Asked {
  readonly condition: string;
  readonly conditionPath: Path;
  /** The words that compose takes there. */
  readonly form: RegExp;
  readonly path: Path;
  /** What else `deploy.restart_policy` says. */
  readonly policy: { readonly [key: string]: Data | undefined };
}

const words = /^(?:no|always|unless-stopped|on-failure(?::\d+)?)$/;

/** Compose takes those of `restart` below `deploy`, too. */
const deployWords = /^(?:none|any|no|always|unless-stopped|on-failure)$/;

/** What `deploy` says counts before `restart`, as in compose; without a condition it is `any`. */
function askedBy({ service, path }: Member): Asked | undefined {
  const { restart_policy: given } = asMapping(service.deploy);
  if (isMapping(given)) {
    const { condition, ...policy } = given;
    const at = [...path, "deploy", "restart_policy"];
    const conditionPath = [...at, "condition"];
    const asked = { condition: String(condition ?? "any"), form: deployWords };
    return { ...asked, conditionPath, path: at, policy };
  }
  if (typeof service.restart !== "string" || service.restart === "") return undefined;
  const at = [...path, "restart"];
  const asked = { condition: service.restart, form: words };
  return { ...asked, conditionPath: at, path: at, policy: {} };
}

function warnOfCounts({ condition, path, policy }: Asked, report: Report): void {
  const keys = Object.keys(policy).filter((key) => !key.startsWith("x-"));
  for (const key of keys) {
    const message = `${key} does nothing on ECS, which starts a container again whenever it has run for ${leastRun} s`;
    report.warn({ code: "no-effect", path: [...path, key], message });
  }
  if (!condition.includes(":")) return;
  const message = `ECS counts no attempts: it starts a container again whenever it has run for ${leastRun} s`;
  report.warn({ code: "no-effect", path, message });
}
