import type { Lease } from "../../../../src/model/lease.ts";
import type { Bug } from "../../containers.ts";
import { inPort, type Planted } from "../../planted/bug.ts";

/** Leases as they are written, changed on their way. */
const leasing = (change: (lease: Lease) => Lease): Bug =>
  inPort("leases", (own) => ({
    write: (key, lease, version) => own.write(key, change(lease), version),
  }));

const later = (time: string, minutes: number): string =>
  new Date(Date.parse(time) + minutes * 60_000).toISOString();

/** Wrong about environments that are made from nothing and deleted again. */
export const instanceBugs: Readonly<Record<string, Planted>> = {
  "makes an instance before its teardown is set": {
    is: "design-aws 17: whoever dies in between leaves it for good",
    bug: inPort("wakeups", (own) => ({
      set: async (key, at, purpose) =>
        purpose === "teardown" ? undefined : own.set(key, at, purpose),
    })),
  },
  "makes an instance without a lease": {
    is: "design-aws 17: the lease is written once it is healthy",
    bug: inPort("leases", (own) => {
      const written = new Map<string, Lease>();
      return {
        write: async (key, lease) => void written.set(key, lease),
        read: async (key) => {
          const lease = written.get(key);
          return lease === undefined ? own.read(key) : { lease, version: "1" };
        },
      };
    }),
  },
  "never ends a lease": {
    is: "tutorial: the environment stayed when a test failed",
    bug: leasing((lease) => ({ ...lease, ends: later(lease.ends, 600) })),
  },
  "never deletes what is over": {
    is: "tutorial: `continue on failure` left stacks behind",
    bug: {
      ports: (ports) => ({
        ...ports,
        remains: (target, session) => ({
          ...ports.remains(target, session),
          deleteStack: async () => undefined,
        }),
      }),
    },
  },
  "deletes what is still leased": {
    is: "CI janitors that go by age: the environment goes while its tests run",
    bug: inPort("leases", (own) => ({
      read: async (key) => {
        const held = await own.read(key);
        if (held === undefined) return held;
        const { lease, version } = held;
        return { version, lease: { ...lease, ends: later(lease.ends, -18) } };
      },
    })),
  },
  "makes more instances than there may be": {
    is: "preview environments: the limit is looked up in what is ready alone",
    bug: inPort("leases", (own) => ({
      list: async (application) => (await own.list(application)).slice(-1),
    })),
  },
};
