/** Whether a stack in this status takes a new update. */
export const isUpdatable = (status: string): boolean => updatable.has(status);

const updatable: ReadonlySet<string> = new Set([
  "CREATE_COMPLETE",
  "CREATE_FAILED",
  "IMPORT_COMPLETE",
  "IMPORT_ROLLBACK_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_FAILED",
  "UPDATE_ROLLBACK_COMPLETE",
]);

/** Whether DeleteStack is taken in this status: not while an update or its rollback runs. */
export const isDeletable = (status: string): boolean =>
  !/^UPDATE_(IN_PROGRESS|COMPLETE_CLEANUP_IN_PROGRESS|ROLLBACK_IN_PROGRESS|ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS)$/.test(
    status,
  );
