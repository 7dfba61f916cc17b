import type { Life } from "../process.ts";
import type { Shop } from "../shop.ts";

/** One revision, as whoever made it meant it. */
export interface Revision {
  readonly index: number;
  readonly shop: Shop;
  /** The compose file. */
  readonly text: string;
}

/** What one invocation has been told by the world: it is judged by that. */
export interface Told {
  tip?: string | undefined;
  /** Every tip since requests were last read: an invocation may work on two keys side by side. */
  tips?: readonly string[];
  hold?: string | undefined;
  suspended?: boolean;
  /** Operations that failed, by ARN, as the record had them. */
  failures?: readonly string[];
  token?: string | undefined;
}

/** All that the oracle remembers. */
export interface Notes {
  readonly wrongs: string[];
  readonly revisions: Map<string, Revision>;
  /** By invocation. */
  readonly told: Map<number, Told>;
  /** Stack name → index of the newest revision executed. */
  readonly newest: Map<string, number>;
  /** Change sets executed, by ARN. */
  readonly executed: Set<string>;
  /** Change sets whose operation was broken off on purpose, by ARN. */
  readonly brokenOff: Set<string>;
  /** `stack digest` → by what it was asked for when it was executed last. */
  readonly tried: Map<string, string>;
  /** Physical resources with data that were seen: id → logical id. */
  data: ReadonlyMap<string, string>;
  /** Logical ids of data that a person or a consent has let go. */
  readonly letGo: Set<string>;
  /** All that the record ever said: it may be lost between a note and the call that it is a note of. */
  recorded: string;
  /** Revisions whose plan somebody approved as it was offered. */
  readonly approved: Set<string>;
  /** Stacks whose rollback was continued, by id. */
  readonly continued: Set<string>;
  commits: number;
  /** Images pushed and files pushed: each may lead to one commit. */
  causes: number;
}

export const emptyNotes = (): Notes => ({
  wrongs: [],
  revisions: new Map(),
  told: new Map(),
  newest: new Map(),
  executed: new Set(),
  brokenOff: new Set(),
  tried: new Map(),
  data: new Map(),
  letGo: new Set(),
  recorded: "",
  approved: new Set(),
  continued: new Set(),
  commits: 0,
  causes: 0,
});

export const toldOf = (notes: Notes, { id }: Life): Told => {
  const told = notes.told.get(id) ?? {};
  notes.told.set(id, told);
  return told;
};

/** What people ask for, as an invocation was told: a hold asks once more for what failed before. */
export const askOf = ({ hold, tip, token }: Told): string =>
  hold === undefined ? `${tip} ${token}` : `held at ${hold} ${token}`;

/** The revision that an invocation has to go by; undefined: it has not looked. */
export const wantedBy = (notes: Notes, life: Life): Revision | undefined => {
  const { hold, tip } = toldOf(notes, life);
  return notes.revisions.get(hold ?? tip ?? "");
};
