import type { Channel, Notice } from "../model/notice.ts";
import type { Refused } from "../model/refused.ts";

/** Messages to people. None is sent a second time by itself, whatever becomes of it. */
export interface Notices {
  /**
   * Whether nobody has sent this one, or begun to: then it is ours to send. `again`: through one
   * channel, where it was refused before.
   */
  claim(notice: Notice, again?: Channel): Promise<boolean>;
  /** It was refused again: whoever comes next may try. */
  withdraw(notice: Notice, again: Channel): Promise<void>;
  /** Its text, to a topic by ARN. Refused: it surely was not sent. */
  publish(notice: Notice, topic: string): Promise<Refused | undefined>;
  /** All of it, on an event bus by name. Refused: it surely was not sent. */
  put(notice: Notice, bus: string): Promise<Refused | undefined>;
}
