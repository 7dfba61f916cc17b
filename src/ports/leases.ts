import type { Lease } from "../model/lease.ts";
import type { Limited, Room } from "../model/quota.ts";

/** Of instances that are deleted again. Keys are `app/env.instance`. */
export interface Leases {
  /** Every key that has a lease: of one application, or of all. */
  list(application?: string): Promise<readonly string[]>;
  read(key: string): Promise<HeldLease | undefined>;
  /** `version` undefined: there is none yet. Throws `ConflictError` if it is not as it was read. */
  write(key: string, lease: Lease, version: string | undefined): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface HeldLease {
  readonly lease: Lease;
  readonly version: string;
}

/** What is left of environments in one account and region, and how it is deleted. */
export interface Remains {
  /** Stacks that are there and whose names begin so. */
  stacks(prefix: string): Promise<readonly RemainingStack[]>;
  resources(stackId: string): Promise<readonly RemainingResource[]>;
  /** `retain`: logical ids of what failed to be deleted and is left behind. */
  deleteStack(id: string, retain: readonly string[]): Promise<void>;
  /** Deletes all objects of a bucket, every version; as far as it may. */
  empty(bucket: string, mayGoOn: () => boolean): Promise<void>;
}

interface RemainingStack {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

interface RemainingResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly status: string;
}

/** How much room an account has in a region. */
export interface Quotas {
  /** Undefined: nobody may tell. */
  room(kind: Limited): Promise<Room | undefined>;
}
