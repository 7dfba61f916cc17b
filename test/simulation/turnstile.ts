import type { Operation } from "../../src/aws/call.ts";
import type { Life } from "./process.ts";

/**
 * Lets calls through one by one, each when nothing else can go on without one: so their order follows
 * from what is asked, not from how many steps the code took to ask it. What is read by its content
 * goes first, so that whether it was still in memory changes nothing about the rest.
 */
export type Turnstile = (life: Life, operation: Operation, input: unknown) => Promise<void>;

interface Waiting {
  readonly life: Life;
  readonly operation: Operation;
  readonly input: unknown;
  readonly go: () => void;
}

/** Calls that are made or not, as memory has it. */
export const isFromMemory = (operation: Operation): boolean => operation === "codecommit:GetBlob";

export function makeTurnstile(): Turnstile {
  const waiting: Waiting[] = [];
  let isSet = false;
  const turn = (): void => {
    isSet = false;
    const [next] = waiting.length > 1 ? waiting.toSorted(inOrder) : waiting;
    if (next === undefined) return;
    waiting.splice(waiting.indexOf(next), 1);
    next.go();
    set();
  };
  const set = (): void => {
    if (isSet || waiting.length === 0) return;
    isSet = true;
    setImmediate(turn);
  };
  return (life, operation, input) =>
    new Promise((go) => {
      waiting.push({ life, operation, input, go });
      set();
    });
}

const inOrder = (a: Waiting, b: Waiting): number =>
  Number(isFromMemory(b.operation)) - Number(isFromMemory(a.operation)) ||
  a.life.id - b.life.id ||
  compare(a.operation, b.operation) ||
  compare(JSON.stringify(a.input), JSON.stringify(b.input));

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
