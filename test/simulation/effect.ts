import type { Operation } from "../../src/aws/call.ts";
import type { Effect, Life } from "./process.ts";
import { inSmallPages, pastReads, type Told } from "./reads.ts";

/** Who looks on: at each invocation, and at each call just before it has its effect and after. */
export interface Onlooker {
  began(life: Life): void;
  ended(life: Life): void | Promise<void>;
  /** As a call is begun, which may be long on its way. */
  asked(life: Life, operation: Operation): void;
  before(effect: Effect): void;
  after(effect: Effect, answer: unknown): void;
  refused(effect: Effect, error: unknown): void;
}

/** Looks away. */
export const nobody: Onlooker = {
  began: () => undefined,
  ended: () => undefined,
  asked: () => undefined,
  before: () => undefined,
  after: () => undefined,
  refused: () => undefined,
};

interface Scene {
  readonly onlooker: Onlooker;
  readonly answer: (one: Effect) => unknown;
  readonly isInPages: () => boolean;
}

/** How calls take effect while somebody looks on; and how reads are told what was. */
export function effectsOf({ answer, isInPages, onlooker }: Scene) {
  const reads = pastReads();
  const heard = (one: Effect, told: Told): unknown => {
    const { input, operation } = one;
    let said: unknown;
    try {
      said = told();
    } catch (error) {
      reads.keep(operation, input, () => {
        throw error;
      });
      onlooker.refused(one, error);
      throw error;
    }
    reads.keep(operation, input, () => said);
    onlooker.after(one, said);
    return said;
  };
  const effect = (one: Effect): unknown => {
    onlooker.before(one);
    const { input, operation } = one;
    const asked = (given: unknown) => answer({ ...one, input: given });
    return heard(one, () => (isInPages() ? inSmallPages(operation, input, asked) : asked(input)));
  };
  const past = (one: Effect, back: number): unknown => {
    const told = reads.told(one.operation, one.input, back);
    return told === undefined ? effect(one) : heard(one, told);
  };
  return { effect, past };
}
