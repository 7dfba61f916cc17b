/** A resource that somebody changed behind its stack's back. Never with values: they may be secret. */
export interface DriftedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly deleted: boolean;
  /** JSON pointers to the properties that are not as declared, e.g. `/Tags/0/Value`; of what is deleted none. */
  readonly paths: readonly string[];
}
