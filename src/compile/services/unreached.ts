import type { Data } from "../../compose/project.ts";
import { asMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import { addressedBy } from "./addressed.ts";
import { onlyOnEvents } from "./events.ts";
import type { Family, Member } from "./family.ts";

/**
 * Says of families that nobody is let in at, though their ports are published or other services
 * call them, as far as that can be told: on a network of Docker's they are reached, and by name.
 */
export function warnUnreached(families: ReadonlyMap<string, Family>, report: Report): void {
  const unreached = [...families.values()].filter((one) => !(isReached(one) || onlyOnEvents(one)));
  if (unreached.length === 0) return;
  const callers = callersIn(families);
  for (const family of unreached) {
    const own = callersOf(family, callers);
    const path = publishedBy(family) ?? own.at(0)?.path;
    if (path === undefined) continue;
    const { name } = family;
    const names = [...new Set(own.map((caller) => `{Name: ${caller.family}}`))];
    const ingress =
      names.length === 0
        ? "x-network: {Ingress: …}"
        : `x-network: {Ingress: {Services: [${names.join(", ")}]}} at ${name}, with x-cloudmap for its name`;
    const message = `nobody is let in at ${name}: on ECS a service is reached only by whom it lets in`;
    const help = `Write ${ingress}, or have a load balancer of x-elbv2 send to it.`;
    report.warn({ code: "no-way", path, message, help });
  }
}

/** Groups of others may let anybody in. */
function isReached({ moreSecurityGroups, rules, securityGroup }: Family): boolean {
  if (securityGroup === undefined || moreSecurityGroups.length > 0) return true;
  for (const { properties } of rules.values()) {
    if (asMapping(properties.GroupId).Ref === securityGroup) return true;
  }
  return false;
}

/** Where its ports are published. */
function publishedBy({ members }: Family): Path | undefined {
  const member = members.find(({ service }) => isSome(service.ports));
  return member && [...member.path, "ports"];
}

/** A service that depends on another, or is told of it, and so goes by its name. */
interface Caller {
  readonly on: string;
  readonly family: string;
  readonly path: Path;
  /** Of `depends_on`; `told`: its address stands in the environment or the command. */
  readonly condition: string | undefined;
}

type Callers = ReadonlyMap<string, readonly Caller[]>;

function callersIn(families: ReadonlyMap<string, Family>): Callers {
  const all = [...families.values()].flatMap(({ members, name: family }) =>
    members.flatMap(({ path, service }) => [
      ...Object.entries(service.depends_on ?? {}).map(([on, { condition }]): Caller => {
        return { on, family, condition, path: [...path, "depends_on", on] };
      }),
      ...addressedBy(service).map(({ on, at }): Caller => {
        return { on, family, condition: "told", path: [...path, ...at] };
      }),
    ]),
  );
  return Map.groupBy(all, ({ on }) => on);
}

/**
 * The families with a service that calls one of this family's: that is told its address, or waits for
 * it to listen, since it has ports or is to be healthy. Without any it may be there to be first, and no more.
 */
const callersOf = ({ members, name }: Family, callers: Callers): readonly Caller[] =>
  members.flatMap((member) =>
    (callers.get(member.name) ?? []).filter(
      ({ condition, family }) =>
        family !== name &&
        (condition === "service_healthy" ||
          condition === "told" ||
          (condition !== "service_completed_successfully" && listens(member))),
    ),
  );

const listens = ({ service }: Member): boolean => isSome(service.ports) || isSome(service.expose);

const isSome = (all: Data | undefined): boolean => Array.isArray(all) && all.length > 0;
