import type { Operation } from "../../../src/aws/call.ts";
import type { Arena } from "../arena.ts";
import type { Pending } from "../pending.ts";
import type { Fate } from "../process.ts";
import {
  type Branch,
  branchOff,
  firstLane,
  type Lane,
  type Pattern,
  pushLane,
  pushPattern,
  removeBranch,
  tipOf,
} from "./lanes.ts";
import type { Watch } from "./watch.ts";

/** What happens, in an order in which it can be told. */
export type Event =
  /** On the branch, which is made if it is not there. */
  | { readonly do: "push"; readonly branch: Branch; readonly change: Partial<Lane> }
  | { readonly do: "remove"; readonly branch: Branch }
  /** The trunk means other branches now. */
  | { readonly do: "pattern"; readonly pattern: Pattern }
  | { readonly do: "suspend" }
  | { readonly do: "resume" }
  | { readonly do: "travel"; readonly way: "sound" | "lost" | "twice" }
  /** What becomes of a call, so many calls from now: of its operation, or of those made in any case. */
  | {
      readonly do: "fate";
      readonly at?: Operation;
      readonly skip: number;
      readonly fate: Exclude<Fate, "lives">;
    }
  /** Then another invocation begins, makes `run` calls, and waits for the first to end. */
  | {
      readonly do: "overlap";
      readonly skip: number;
      readonly run: number;
      readonly of: Branch | "preview";
    }
  | { readonly do: "wait"; readonly minutes: number };

/** A run under way. */
export interface Stage {
  readonly arena: Arena;
  readonly watch: Watch;
  readonly pending: Pending<Event>;
  way: "sound" | "lost" | "twice";
}

const suspended = "/trueup/lanes/preview/suspended";

export async function happen(event: Event, stage: Stage): Promise<void> {
  const { arena, pending } = stage;
  switch (event.do) {
    case "push":
      return push(event.branch, event.change, stage);
    case "remove":
      return remove(event.branch, stage);
    case "pattern":
      stage.watch.means(event.pattern);
      return void pushPattern(arena, event.pattern);
    case "suspend":
      return void arena.ask("ssm:PutParameter", {
        Name: suspended,
        Value: JSON.stringify({ reason: "a look" }),
        Type: "String",
        Overwrite: true,
      });
    case "resume":
      return resume(arena);
    case "travel":
      stage.way = event.way;
      return;
    case "fate":
      return pending.add({ ...event, at: event.at ?? "any" });
    case "overlap":
      return pending.add({ ...event, at: "any" });
    case "wait":
      await arena.driver.settle({ at: arena.world.now + event.minutes * 60_000 });
  }
}

function push(branch: Branch, change: Partial<Lane>, { arena, watch }: Stage): void {
  if (tipOf(arena, branch) === undefined) branchOff(arena, branch);
  const lane = { ...firstLane, ...watch.courses.get(branch)?.lane, ...change };
  pushLane(arena, branch, lane);
  watch.isAt(branch, lane, tipOf(arena, branch) ?? "");
}

function remove(branch: Branch, { arena, watch }: Stage): void {
  if (tipOf(arena, branch) === undefined) return;
  removeBranch(arena, branch);
  watch.goes(branch);
}

function resume({ ask }: Arena): void {
  try {
    ask("ssm:DeleteParameter", { Name: suspended });
  } catch {
    // It was not there.
  }
}
