import type { Ephemeral } from "../application/application.ts";
import type { Target } from "../model/bundle.ts";
import type { Lease } from "../model/lease.ts";
import { nowAfter } from "../model/time.ts";

/** An instance that a reference asks for. */
export interface WantedInstance {
  readonly instance: string;
  readonly revision: string;
  readonly reference: string;
  /** The token of whoever has it verified once more. */
  readonly request?: string | undefined;
  /** ISO 8601: when somebody chose its revision; undefined: nobody did. */
  readonly chosen?: string | undefined;
}

/** How an instance stands: what its status says of its own revision. */
export type Standing = "moving" | "ready" | "verified" | "failed";

/** What an instance follows that nothing but a person asked for. */
export const asked = "asked";
export const held = "held";

/** What people have made beside what is followed. */
export const isAside = ({ reference }: Pick<WantedInstance, "reference">): boolean =>
  reference === asked || reference === held;

export interface Situation {
  /** What the references name now. */
  readonly wanted: readonly WantedInstance[];
  /** All that are not closed. */
  readonly leases: readonly Lease[];
  /** Instances that were there and are not to come again. */
  readonly over: ReadonlySet<string>;
  readonly standings: ReadonlyMap<string, Standing>;
  readonly settings: Ephemeral;
  /** Whether an instance is there to be verified, and not just to be looked at. */
  readonly verifies: boolean;
  /** ISO 8601. */
  readonly now: string;
}

/** What is to be done about the leases of one environment. */
export interface Leasing {
  /** Instances that may be made now. */
  readonly begin: readonly WantedInstance[];
  /** Instances that wait until another is gone. */
  readonly waiting: readonly WantedInstance[];
  /** Leases that end at another time than they said. */
  readonly change: readonly Lease[];
}

/**
 * One instance a revision, beside those that are there: a newer one disturbs no older one that is
 * still needed. One that was verified is needed no more; one that failed is kept once, for people.
 */
export function leasing(situation: Situation): Leasing {
  const { leases, over, settings, wanted } = situation;
  const change = leases.flatMap((lease) => changed(lease, situation) ?? []);
  const known = new Set(leases.map(({ instance }) => instance));
  const fresh = wanted.filter(({ instance }) => !known.has(instance) && !over.has(instance));
  // What is being deleted still takes the room that it had.
  const room = settings.max - leases.filter(({ gone }) => gone === undefined).length;
  return {
    begin: fresh.slice(0, Math.max(0, room)),
    waiting: fresh.slice(Math.max(0, room)),
    change,
  };
}

/** The lease as it should be; undefined: as it is. */
function changed(lease: Lease, situation: Situation): Lease | undefined {
  const { now, settings, standings } = situation;
  if (isOver(lease, now)) return undefined;
  const standing = standings.get(lease.instance);
  if (standing === "verified") return { ...lease, ends: now, reason: "Verified" };
  if (standing === "failed") return lease.kept ? undefined : failed(lease, settings, now);
  return isSuperseded(lease, situation) ? { ...lease, ends: now, reason: "Superseded" } : undefined;
}

function failed(lease: Lease, { keepOnFailureSeconds }: Ephemeral, now: string): Lease {
  if (keepOnFailureSeconds === 0) return { ...lease, ends: now, reason: "Failed" };
  const ends = earlier(later(now, keepOnFailureSeconds), lease.latest);
  return { ...lease, ends, reason: "KeptOnFailure", kept: true };
}

/** Where nothing is verified, an instance is needed until that of a newer revision is ready. */
function isSuperseded(lease: Lease, { standings, verifies, wanted }: Situation): boolean {
  if (verifies || wanted.some(({ instance }) => instance === lease.instance)) return false;
  const newer = wanted.find(({ reference }) => reference === lease.reference);
  return newer !== undefined && standings.get(newer.instance) === "ready";
}

/** However long a lease asks for, it ends within a day. */
const mostSeconds = 86_400;

/** The lease of an instance that begins after those there are: what came last is promoted. */
export function newLease(
  { chosen, instance, reference, request, revision }: WantedInstance,
  { ttlSeconds }: Ephemeral,
  place: Pick<Lease, "application" | "environment" | "notify" | "prefix" | "takes"> & {
    readonly target: Target;
  },
  { before, now }: { readonly before: readonly Lease[]; readonly now: string },
): Lease {
  const latest = later(now, mostSeconds);
  return {
    v: 1,
    ...place,
    instance,
    revision,
    reference,
    request,
    chosen,
    began: nowAfter(
      before.map(({ began }) => began),
      now,
    ),
    ends: earlier(later(now, ttlSeconds), latest),
    latest,
    reason: "Expired",
    kept: false,
    failures: {},
    leaked: [],
  };
}

/** Whether it is to be deleted. */
export const isOver = ({ ends }: Pick<Lease, "ends">, now: string): boolean =>
  Date.parse(ends) <= Date.parse(now);

/** As long as a pass of the controller may take. */
const passSeconds = 60;

/** Whether a pass may make something for it: none goes on until after the end. */
export const isLive = ({ ends }: Pick<Lease, "ends">, now: string): boolean =>
  !isOver({ ends }, later(now, passSeconds));

/** ISO 8601, whole seconds, rounded up. */
const later = (time: string, seconds: number): string =>
  new Date(Math.ceil(Date.parse(time) / 1000 + seconds) * 1000).toISOString();

const earlier = (a: string, b: string): string =>
  new Date(Math.min(Date.parse(a), Date.parse(b))).toISOString();
