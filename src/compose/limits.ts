/** Bounds on what is read, so that hostile text ends in an error and not in a long silence. */
export const limits = {
  /** Characters of one file: well above 5,000 services. */
  fileLength: 16 * 1024 * 1024,
  /** Mappings and lists inside each other. */
  depth: 200,
  /** Nodes that one document may repeat through its aliases. */
  aliasedNodes: 200_000,
  /** Files that one project may be made of. */
  files: 1_000,
  /** Services that extend each other, and files that include each other, in a chain. */
  chain: 100,
  /** `${A:-${B:-…}}` inside each other. */
  nestedVariables: 50,
} as const;
