import type { EnvironmentRecord } from "../../../src/model/record.ts";
import { emptyRecord } from "../../../src/model/record.ts";
import type { Bug } from "../containers.ts";
import { inPort, type Planted } from "./bug.ts";

/** What is written to the record, changed on its way. */
const forgetting = (change: (record: EnvironmentRecord) => EnvironmentRecord): Bug =>
  inPort("records", (own) => ({
    write: (key, record, version) => own.write(key, change(record), version),
  }));

/** Wrong about what it remembers, and about being woken. */
export const memoryBugs: Readonly<Record<string, Planted>> = {
  "writes nothing ahead": {
    is: "§4.7: no note of what is about to be done",
    bug: inPort("records", () => ({ write: async () => "1" })),
  },
  "remembers in the process": {
    is: "Anvil: what only the process knows is gone with it",
    bug: inPort("records", () => {
      const kept = new Map<string, EnvironmentRecord>();
      return {
        read: async (key) => ({ record: kept.get(key) ?? emptyRecord, version: "1" }),
        write: async (key, record) => {
          kept.set(key, record);
          return "1";
        },
      };
    }),
  },
  "cannot read a damaged record": {
    is: "P21: a record that cannot be read stops everything",
    bug: {
      call: (call) => async (operation, input) => {
        const answer = await call(operation, input);
        const { text } = answer as { readonly text?: string };
        if (operation === "s3:GetObject" && text?.startsWith("{ what")) throw new Error("Damaged.");
        return answer;
      },
    },
  },
  "forgets what it broke off": {
    is: "design-aws 21: after a cancellation the superseded digest is quarantined",
    bug: forgetting((record) => ({ ...record, cancelled: [] })),
  },
  "forgets what failed": {
    is: "a failure that nobody remembers is never tried again, whatever changes",
    bug: forgetting((record) => ({ ...record, failures: {} })),
  },
  "forgets the stacks it made": {
    is: "A7: a unit that leaves is forgotten instead of deleted",
    bug: forgetting((record) => ({
      ...record,
      stacks: Object.fromEntries(
        Object.entries(record.stacks).filter(([unit]) => unit !== "s-worker"),
      ),
    })),
  },
  "forgets which change set was last": {
    is: "an older change set is not found again, and lies about",
    bug: forgetting((record) => ({
      ...record,
      stacks: Object.fromEntries(
        Object.entries(record.stacks).map(([unit, one]) => [
          unit,
          { ...one, changeSet: undefined },
        ]),
      ),
    })),
  },
  "loses a message when it crashes": {
    is: "§4.7, P15: the batch counts as handled, whatever became of it",
    bug: {
      handler: (handler) => async (event, context) =>
        handler(event, context).catch(() => ({ batchItemFailures: [] })),
    },
  },
  "never comes back by itself": {
    is: "§4.7: edge-triggered, no requeue after an error",
    bug: inPort("wakeups", () => ({ set: async () => undefined })),
  },
  "folds messages by key": {
    is: "A5: the deduplication id is the key's, and swallows a second change",
    bug: inPort("queue", (own) => ({ send: (keys) => own.send(keys, "the same") })),
  },
  "drops keys that were not queued": {
    is: "§4.7: an error is swallowed, and the event with it",
    bug: inPort("queue", (own) => ({
      send: (keys, id) => own.send(keys, id).catch(() => undefined),
    })),
  },
  "goes on writing its status": {
    is: "design-aws 9: a time in the status makes each pass a change",
    bug: inPort("statuses", (own) => {
      let count = 0;
      return {
        writeEnvironment: own.writeEnvironment,
        readEnvironment: async (application, environment) => {
          count += 1;
          const status = await own.readEnvironment(application, environment);
          return status && { ...status, moreErrors: count };
        },
      };
    }),
  },
};
