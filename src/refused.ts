import { TerminalError } from "./model/errors.ts";
import type { Refused } from "./model/refused.ts";
import { isRefusal, textOf } from "./plan/backoff.ts";

/**
 * For what is good to know and need not be known: who may not look is told so and goes on. What
 * passes by itself is tried again like everything.
 */
export async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | Refused> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof TerminalError) throw error;
    const text = textOf(error);
    if (!isRefusal(text)) throw error;
    return { refused: text };
  }
}
