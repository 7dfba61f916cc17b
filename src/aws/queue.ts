import { sha256 } from "../model/digest.ts";
import type { Queue } from "../ports/ports.ts";
import type { Call } from "./call.ts";

/** What one SendMessageBatch takes. */
const batch = 10;

/**
 * SQS FIFO, the key as message group: one environment is worked on by one invocation at a time.
 * The deduplication id holds the event's: by the key alone, a second change within five minutes
 * would be swallowed.
 */
export const queueAt = (url: string, call: Call): Queue => ({
  async send(keys, id) {
    const distinct = [...new Set(keys)];
    for (let start = 0; start < distinct.length; start += batch) {
      const entries = distinct.slice(start, start + batch).map((key, index) => ({
        Id: String(index),
        MessageBody: key,
        MessageGroupId: key,
        MessageDeduplicationId: sha256(`${id} ${key}`),
      }));
      const { Failed: failed = [] } = await call("sqs:SendMessageBatch", {
        QueueUrl: url,
        Entries: entries,
      });
      if (failed.length > 0) {
        const codes = failed.map(({ Code }) => Code).join(", ");
        throw new Error(`${failed.length} of ${entries.length} keys were not queued: ${codes}`);
      }
    }
  },
});
