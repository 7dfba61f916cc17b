import type { Notice } from "../model/notice.ts";

/** Messages to people. None is sent a second time by itself, whatever becomes of it. */
export interface Notices {
  /** Whether nobody has sent this one, or begun to: then it is ours to send. */
  claim(notice: Notice): Promise<boolean>;
  /** Its text, to a topic by ARN. */
  publish(notice: Notice, topic: string): Promise<void>;
  /** All of it, on an event bus by name. */
  put(notice: Notice, bus: string): Promise<void>;
}
