// Which kinds of things happen in a history, and how often beside each other.

/** How often each kind of event is drawn, by its name here; left out: never. */
export type Profile = Readonly<Partial<Record<Kind, number>>>;

export type Kind =
  | "edits"
  | "data"
  | "breaks"
  | "images"
  | "people"
  | "faults"
  | "fates"
  | "events"
  | "record"
  | "foreign"
  | "overlaps"
  | "approvals"
  | "hangs"
  | "stale"
  | "pages"
  | "clocks";

/** What goes wrong, other than what people do: of each profile that knows any, one comes first. */
export const troubles: ReadonlySet<Kind> = new Set([
  "faults",
  "fates",
  "events",
  "record",
  "foreign",
  "overlaps",
  "hangs",
  "stale",
  "pages",
  "clocks",
]);

/** What stays unseen where nothing looks again by itself: nobody could say that it should be seen. */
export const needsSweep: ReadonlySet<Kind> = new Set(["events", "stale"]);

export const profiles: readonly Profile[] = [
  // Calm: people at work, and nothing goes wrong.
  { edits: 6, data: 2, breaks: 2, images: 3, people: 3 },
  // Somebody has to approve.
  { edits: 5, approvals: 6, people: 1, images: 1, fates: 1 },
  // The network and the processes.
  { edits: 5, images: 2, fates: 10 },
  // Several at once.
  { edits: 6, overlaps: 8, fates: 3, images: 1 },
  // Deployments that fail.
  { edits: 5, breaks: 2, faults: 6, people: 2 },
  // Deployments that hang, and are overtaken.
  { edits: 4, hangs: 6, fates: 5, faults: 1 },
  // Others at our stacks.
  { edits: 4, foreign: 8, record: 2 },
  // Events and memory.
  { edits: 5, events: 5, record: 4, images: 2, fates: 2 },
  // Reads that mislead, and clocks that differ.
  { edits: 5, stale: 6, pages: 3, clocks: 3, images: 2, fates: 1, people: 1 },
  // Everything.
  {
    edits: 4,
    data: 2,
    breaks: 1,
    images: 1,
    people: 2,
    faults: 2,
    fates: 4,
    events: 1,
    record: 1,
    foreign: 2,
    overlaps: 3,
    stale: 1,
    pages: 1,
    clocks: 1,
  },
];
