import { goalDigest } from "../link/digests.ts";
import type { DesiredStack } from "../model/bundle.ts";
import type { ObservedStack } from "../model/observed.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import { brings, changeSetNameOf, isOurs } from "./units.ts";

/** Who asks for what. */
export interface Asked {
  readonly record: EnvironmentRecord;
  readonly revision: string;
  readonly requestedAt: string | undefined;
}

/** What failed is tried again when the revision changed, or a person asked after it was reported. */
export function mayRetry(operation: string, { record, requestedAt, revision }: Asked): boolean {
  const failure = record.failures[operation];
  if (failure === undefined) return false;
  return failure.revision !== revision || failure.requestedAt !== requestedAt;
}

/**
 * The operation that was meant to bring a digest, failed, and is not tried again as yet; undefined:
 * none. What others did to a stack after it, and that went back too, has changed nothing.
 */
export function failedWith(digest: string, stack: ObservedStack, asked: Asked): string | undefined {
  const { cancelled, failures } = asked.record;
  const before = isOurs(stack) ? [] : Object.keys(failures);
  return [stack.changeSetId ?? "", ...before].find(
    (id) => brings(digest, id) && !cancelled.includes(id) && !mayRetry(id, asked),
  );
}

/**
 * Whether a stack's last operation is a step on the way to a goal: what is asked first has another
 * digest, and could not be told from an older intent once it is under way.
 */
export function leadsTo(goal: DesiredStack, stack: ObservedStack, { stacks }: EnvironmentRecord) {
  const toward = stacks[goal.unit]?.steps?.[changeSetNameOf(stack)];
  return toward !== undefined && toward === goalDigest(goal);
}

/** What names a stack's last operation: its change set, or else the stack, which had no other. */
export const operationOf = ({ changeSetId, id }: ObservedStack): string => changeSetId ?? id;
