import type { Operation } from "../../../src/aws/call.ts";
import type { Effect, Fate, Life } from "../process.ts";

/** Messages to people: who began to send each, and what kept whom from it. */
export interface Messages {
  /** Environment, revision, phase: what went out. */
  readonly told: ReadonlySet<string>;
  /** What a call is about to meet. */
  fated(life: Life, operation: Operation, fate: Fate): void;
  /** Before a call has its effect; answers what comes a second time. */
  sent(effect: Effect): readonly string[];
  /** After a call had its effect. */
  marked(effect: Effect): void;
  /** What was begun and never went out, though its process lived and nothing was in its way. */
  lost(): readonly string[];
  /** Whether somebody was forbidden something: then what is so may be untold. */
  wasForbidden(): boolean;
}

export function messages(): Messages {
  const told = new Set<string>();
  const begun = new Map<string, Life>();
  const hindered = new Set<Life>();
  let forbidden = false;
  return {
    told,
    fated(life, operation, fate) {
      if (fate === "lives") return;
      if (operation === "events:PutEvents") hindered.add(life);
      if ("error" in fate && fate.error === "AccessDeniedException") forbidden = true;
    },
    sent({ input, operation }) {
      if (operation !== "events:PutEvents") return [];
      const { Entries } = input as { readonly Entries: readonly { readonly Detail: string }[] };
      return Entries.flatMap(({ Detail }) => {
        const { environment, phase, revision } = JSON.parse(Detail);
        const key = `${environment} ${revision} ${phase}`;
        const isAgain = told.has(key);
        told.add(key);
        return isAgain ? [`N1 told twice: ${key}`] : [];
      });
    },
    marked({ input, life, operation }) {
      const { Key = "" } = input as { readonly Key?: string };
      const [, environment, revision, phase] =
        /^notices\/road\/([^/]+)\/([0-9a-f]{40})-(\w+)\.json$/.exec(Key) ?? [];
      if (operation === "s3:PutObject" && phase !== undefined)
        begun.set(`${environment} ${revision} ${phase}`, life);
    },
    lost: () =>
      [...begun].flatMap(([key, life]) =>
        told.has(key) || life.dead || hindered.has(life) ? [] : [`N2 never told: ${key}`],
      ),
    wasForbidden: () => forbidden,
  };
}
