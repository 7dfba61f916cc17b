import type { Event, History } from "./events.ts";

/** Whether a history still shows what is looked for. */
type Shows = (history: History) => Promise<boolean>;

/** A smaller history that shows the same: events left out, and what is left made plainer. */
export async function shrink(history: History, shows: Shows): Promise<History> {
  let smallest = history;
  const better = async (candidate: History): Promise<boolean> => {
    if (!(await shows(candidate))) return false;
    smallest = candidate;
    return true;
  };
  await fewer(history.events, (events) => better({ ...smallest, events }));
  await better({ ...smallest, start: { ...smallest.start, changeSet: "none" } });
  await better({ ...smallest, start: { ...smallest.start, record: "as it was" } });
  await better({ ...smallest, start: { ...smallest.start, world: "deployed" } });
  await better({ ...smallest, end: "mended" });
  for (let at = 0; at < smallest.events.length; at += 1) {
    for (const event of plainer(smallest.events[at] as Event)) {
      await better({ ...smallest, events: smallest.events.with(at, event) });
    }
  }
  return smallest;
}

/** As few of some events as still show it, halves first. */
export async function fewer<E>(
  events: readonly E[],
  show: (events: readonly E[]) => Promise<boolean>,
): Promise<readonly E[]> {
  let left = events;
  for (let size = Math.ceil(events.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const rest = left.toSpliced(at, size);
      if (await show(rest)) left = rest;
      else at += size;
    }
  }
  return left;
}

/** The same, but happening at once, or for a time that is easier to read. */
function plainer(event: Event): readonly Event[] {
  if (event.do === "during") return [event.event];
  if (event.do === "wait")
    return [
      { do: "wait", seconds: 60 },
      { do: "wait", seconds: 600 },
    ];
  return [];
}
