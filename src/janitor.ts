import { stackStem } from "./link/stack-name.ts";
import { environmentKey } from "./model/key.ts";
import type { Leaked, Lease } from "./model/lease.ts";
import { sessionName } from "./model/session.ts";
import { indexedIn, indexPath } from "./model/stack-index.ts";
import type { HeldLease, Remains } from "./ports/leases.ts";
import type { Ports } from "./ports/ports.ts";
import { leakNotice } from "./promote/leak.ts";
import { isOver } from "./promote/leases.ts";
import { type Deletion, isOverdue, type Remnant, teardownOf } from "./promote/teardown.ts";
import { tell } from "./tell.ts";

/**
 * Deletes what is past its lease, whoever made it and whether or not that one still runs: all it
 * needs is the leases, the index of stacks, and CloudFormation.
 *
 * Level-triggered like everything else: each time it looks at what is there and asks for the next
 * deletions, so being woken too often or too seldom costs time and nothing more.
 */
export async function tidyUp(ports: Cleaning, mayGoOn: () => boolean): Promise<void> {
  for (const key of await ports.leases.list()) {
    if (!mayGoOn()) return;
    try {
      await tidyUpOne(key, ports, mayGoOn);
    } catch (error) {
      ports.log("lease not looked after", { key, error: String(error) });
    }
  }
}

/** What the janitor needs of the world. */
export type Cleaning = Pick<
  Ports,
  "artifacts" | "clock" | "leases" | "log" | "notices" | "remains"
>;

async function tidyUpOne(key: string, ports: Cleaning, mayGoOn: () => boolean): Promise<void> {
  const held = await ports.leases.read(key);
  const now = ports.clock.now();
  if (held === undefined || held.lease.closed !== undefined || !isOver(held.lease, now)) return;
  let known = held.lease;
  try {
    known = await clean(held, { key, mayGoOn, now, ports });
  } finally {
    // What nobody may so much as look at leaks too.
    if (isOverdue(known, now)) ports.log("leak", { key, ends: known.ends });
    await tellOfLeak(known, now, ports);
  }
}

interface Work {
  readonly key: string;
  readonly mayGoOn: () => boolean;
  readonly now: string;
  readonly ports: Cleaning;
}

/** Asks for the next deletions. Answers the lease as it is then. */
async function clean({ lease, version }: HeldLease, work: Work): Promise<Lease> {
  const { key, mayGoOn, now, ports } = work;
  const { application, environment, instance, target } = lease;
  const session = sessionName(application, `${environment}.${instance}`, "janitor");
  const remains = ports.remains(target, session);
  const stacks = await stacksOf(lease, remains, ports);
  const { deletions, lease: noted } = teardownOf(lease, stacks, now);
  const doomed = await Promise.all(
    deletions.map((deletion) => readied(deletion, remains, mayGoOn)),
  );
  const written = { ...noted, leaked: [...noted.leaked, ...doomed.flatMap(({ left }) => left)] };
  if (JSON.stringify(written) !== JSON.stringify(lease)) {
    await ports.leases.write(key, written, version);
  }
  const errors = await inOrder(doomed, async ({ deletion, left }) => {
    const { id, name } = deletion.stack;
    await remains.deleteStack(
      id,
      left.map(({ logicalId }) => logicalId),
    );
    ports.log("deleting", { key, stack: name });
    for (const one of left) ports.log("leak", { key, ...one });
  });
  if (errors.length > 0) throw errors[0];
  return written;
}

/** What went wrong: one stack that is not to be deleted keeps no other from being. */
async function inOrder<T>(
  all: readonly T[],
  make: (one: T) => Promise<void>,
): Promise<readonly unknown[]> {
  const errors: unknown[] = [];
  for (const one of all) await make(one).catch((error: unknown) => errors.push(error));
  return errors;
}

/** Once, however often it is looked at; so a process that dies before is followed by one that tells. */
async function tellOfLeak(lease: Lease, now: string, ports: Cleaning): Promise<void> {
  const notice = leakNotice(lease, now);
  if (notice !== undefined && lease.notify !== undefined) await tell(notice, lease.notify, ports);
}

/**
 * The stacks of a lease and no others: their names begin alike, and the index that was written before
 * each says whose it is.
 */
async function stacksOf(
  lease: Lease,
  remains: Remains,
  { artifacts }: Cleaning,
): Promise<readonly Remnant[]> {
  const { application, environment, instance, prefix } = lease;
  const name = `${environment}.${instance}`;
  const key = environmentKey(application, name);
  const found: Remnant[] = [];
  for (const stack of await remains.stacks(stackStem(prefix, application, name))) {
    const indexed = indexedIn(await artifacts.read(indexPath(stack.name)), stack.name);
    if (indexed?.key === key) found.push({ ...stack, unit: indexed.unit });
  }
  return found;
}

interface Doomed {
  readonly deletion: Deletion;
  /** What is left behind with it. */
  readonly left: readonly Leaked[];
}

/** Empties the buckets of a stack, since one that holds anything is not deleted. */
async function readied(
  deletion: Deletion,
  remains: Remains,
  mayGoOn: () => boolean,
): Promise<Doomed> {
  const { giveUp, stack } = deletion;
  const resources = await remains.resources(stack.id);
  for (const { physicalId, type } of resources) {
    if (type === "AWS::S3::Bucket" && physicalId !== "") await remains.empty(physicalId, mayGoOn);
  }
  const stuck = resources.filter(({ status }) => status === "DELETE_FAILED");
  return {
    deletion,
    left: giveUp ? stuck.map(({ status: _, ...one }) => ({ stack: stack.name, ...one })) : [],
  };
}
