import type { Operation } from "../../src/aws/call.ts";
import type { Fate } from "./process.ts";
import type { Shop } from "./shop.ts";

/** What can happen in a history, as data: JSON, so that a failing one can be kept and made smaller. */
export type Event =
  /** Somebody commits a shop that differs in this; `unheard`: the event of it is lost. */
  | { readonly do: "push"; readonly change: Partial<Shop>; readonly unheard?: true }
  /** Somebody commits the shop that was there before the last one. */
  | { readonly do: "revert" }
  /** Somebody pushes an image of `web`; a tag may move. */
  | { readonly do: "image"; readonly tag: string }
  | { readonly do: "suspend" | "resume" | "release" | "ask" | "chill" | "register" | "unregister" }
  /** Holds the revision that came `back` before the tip. */
  | { readonly do: "hold"; readonly back: number }
  | { readonly do: "garble"; readonly leaf: "hold" | "suspended" }
  /** Approves the plan that is offered now, or one that was offered before it. */
  | { readonly do: "approve"; readonly plan: "offered" | "former" }
  | { readonly do: "wait"; readonly seconds: number }
  | ({ readonly do: "fate"; readonly fate: Fate } & Moment)
  /** How events travel from now on. */
  | { readonly do: "events"; readonly way: "sound" | "lost" | "some" | "twice" | "late" }
  /** Lists come whole, or one item a page after an empty one. */
  | { readonly do: "pages"; readonly size: "whole" | "small" }
  /** The clock of every other invocation is so many seconds ahead from now on; below 0: behind. */
  | { readonly do: "skew"; readonly seconds: number }
  | { readonly do: "record"; readonly becomes: "lost" | "garbled" | "old" | "future" }
  /** Resources of a type fail, so many times. */
  | {
      readonly do: "fault";
      readonly type: "AWS::ECS::Service" | "AWS::SQS::Queue" | "AWS::IAM::Policy";
      readonly on: "create" | "update" | "delete" | "rollback";
      readonly times: number;
    }
  | { readonly do: "foreign"; readonly act: ForeignAct; readonly unit: "base" | "s-web" }
  /** Another invocation begins then, makes `run` calls, and waits for the first to end. */
  | ({ readonly do: "overlap"; readonly run: number } & Moment)
  /** This happens just before that call. */
  | ({ readonly do: "during"; readonly event: Event } & Moment);

/** A call of the controller: of those of this kind that are made from now on, after so many others. */
export interface Moment {
  /** `any` leaves out calls that are made or not as memory has it. */
  readonly at: "any" | "mutating" | Operation;
  readonly skip: number;
}

/** What a person does to a stack of ours by hand. */
export type ForeignAct =
  | "update"
  | "delete"
  | "own change set"
  | "execute ours"
  | "delete ours"
  | "fail ours"
  | "cancel";

/** All that a run follows from. */
export interface History {
  readonly seed: number;
  /** Which start: its name, and what of it is changed. */
  readonly start: Start;
  /** Whether the sweep goes round. */
  readonly sweep: boolean;
  readonly events: readonly Event[];
  /** What people leave behind at the end: all sound again, or as it is. */
  readonly end: "mended" | "as it is";
}

export interface Start {
  /** A world that was written down: see starts.ts. */
  readonly world: string;
  /** Left lying on both stacks: unknown to the record, known to it, or somebody else's. */
  readonly changeSet: "none" | "orphan" | "older" | "foreign";
  readonly record: "as it was" | "lost" | "garbled" | "old" | "future";
}
