import type { Origin } from "../model/bundle.ts";
import type { Change } from "../model/plan.ts";

/** Leave to replace or remove one thing that holds data, until a day. */
export interface Consent {
  readonly action: "replace" | "remove";
  /** Compose path, e.g. `x-dynamodb.orders`; where it is forgotten, the stack and the logical id. */
  readonly path: string;
  /** The physical id of the one resource that is meant; undefined: whichever is there. */
  readonly from?: string;
  /** ISO 8601 day, inclusive, UTC. */
  readonly until: string;
}

export interface Guarded {
  /** The changes that would lose data and that no consent names. */
  readonly blocked: readonly Change[];
  /** What they are, and the line of `trueup.yaml` that lets them pass; empty: nothing is blocked. */
  readonly message: string;
}

type Origins = Readonly<Record<string, Origin>>;

/** What is known of the resources that change, by logical id. */
interface Known {
  /** ISO 8601 day, UTC. */
  readonly today: string;
  /** The environment, as `trueup approve` takes it. */
  readonly key: string;
  /** Where whole resources come from: a consent names the resource, not the property that differs. */
  readonly origins?: Origins;
  /** Types of which nothing is held though it may be precious elsewhere. */
  readonly let?: ReadonlySet<string>;
  /** Physical ids, where a consent asks for them. */
  readonly ids?: ReadonlyMap<string, string> | undefined;
}

/** Which changes may not be made as things stand. */
export function guard(
  changes: readonly Change[],
  consents: readonly Consent[],
  known: Known,
): Guarded {
  const { ids, let: free, origins = {}, today } = known;
  const valid = consents.filter(({ until }) => until >= today);
  const blocked = changes.filter(
    (change) =>
      change.risk === "data" &&
      free?.has(change.type) !== true &&
      !valid.some(
        (consent) =>
          covers(consent, change, origins) && isMeant(consent, ids?.get(change.logicalId)),
      ),
  );
  const missed = blocked.flatMap((change) =>
    valid
      .filter((consent) => covers(consent, change, origins))
      .map(({ from }) => {
        const id = ids?.get(change.logicalId) ?? "something whose id is for others to see";
        return `allow names ${from}, and this is ${id}.`;
      }),
  );
  const message = blocked.length === 0 ? "" : explanation(blocked, missed, known);
  return { blocked, message };
}

const covers = ({ action, path }: Consent, change: Change, origins: Origins): boolean =>
  action === needed(change) && isAtOrBelow(pathOf(change, origins), path);

/** Leave for one resource ends with it: what takes its place has another id. */
const isMeant = ({ from }: Consent, id: string | undefined): boolean =>
  from === undefined || from === id;

/** A change that only may replace needs the same leave: what it does is known when it is done. */
const needed = ({ action }: Change): Consent["action"] =>
  action === "remove" ? "remove" : "replace";

/** At least two words: of `x-vpc`, which has no names, its address is `x-vpc.NatAddress1`. */
function pathOf({ cause, logicalId, stack }: Change, origins: Origins): string {
  const path = (origins[logicalId] ?? cause)?.path ?? stack;
  return path.includes(".") ? path : `${path}.${logicalId}`;
}

/** `x-rds.main` covers `x-rds.main.Properties`, but `x-rds` names no one thing and covers none. */
const isAtOrBelow = (path: string, consented: string): boolean =>
  path === consented || (consented.includes(".") && path.startsWith(`${consented}.`));

function explanation(
  blocked: readonly Change[],
  missed: readonly string[],
  { key, origins = {}, today }: Known,
): string {
  const until = dayAfter(today, 7);
  const lines = new Set(
    blocked.map(
      (change) => `{ ${needed(change)}: ${pathOf(change, origins)}, from: any, until: ${until} }`,
    ),
  );
  // Instances of a database are of one path.
  const sentences = new Set([
    ...blocked.map((change) => sentence(change, pathOf(change, origins))),
    ...missed,
  ]);
  return `${[...sentences].join(" ")} To let it, put this under the environment in trueup.yaml: allow: [${[...lines].join(", ")}], or approve the plan: trueup approve ${key}.`;
}

function sentence({ action, left, property, type }: Change, path: string): string {
  const name = `${path} (${type})`;
  if (action === "remove" && left === "all")
    return `${name} holds data and would be let go: it stays in the account, and is nobody's afterwards.`;
  const saved = left === undefined ? "" : `: ${leftovers[left]}`;
  if (action === "remove") return `${name} holds data and would be removed${saved}.`;
  if (action === "add") {
    return `${name} held data, and somebody took it out of its stack: it would be made anew, with nothing in it.`;
  }
  const will = action === "replace" ? "would" : "may";
  return `${name} holds data and ${will} be replaced, for another ${property}${saved}.`;
}

const leftovers = {
  all: "the old one stays in the account, and is nobody's afterwards",
  snapshot: "a snapshot is all that stays",
} as const;

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
