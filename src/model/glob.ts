/** A pattern that has to match all of a text: `*` stands for any text, everything else for itself. */
export const globbed = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, ".*")}$`, "s");
