import type { ObservedStack } from "../model/observed.ts";
import type { EnvironmentRecord } from "../model/record.ts";

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

/** What names a stack's last operation: its change set, or else the stack, which had no other. */
export const operationOf = ({ changeSetId, id }: ObservedStack): string => changeSetId ?? id;
