/** The parameters under `/trueup/<app>/<env>/` by which people ask for something. */
export const requestLeaves = ["approval", "hold", "requested-at", "suspended"] as const;

export type RequestLeaf = (typeof requestLeaves)[number];
