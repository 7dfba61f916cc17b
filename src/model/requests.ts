/** What people ask of one environment, each a parameter under `/trueup/<app>/<env>/`. */
export interface RequestSet {
  /** A token: whoever wrote it waits until the status repeats it. */
  readonly requestedAt: string | undefined;
  /** `until`: ISO 8601, after which it no longer holds. */
  readonly suspended: { readonly reason: string; readonly until: string | undefined } | undefined;
  /** Leaves that are there but cannot be read as what they should be: leaf → what is wrong. */
  readonly broken: Readonly<Record<string, string>>;
}

/** The parameters by which people ask. */
export const requestLeaves = ["approval", "hold", "requested-at", "suspended"] as const;

export type RequestLeaf = (typeof requestLeaves)[number];
