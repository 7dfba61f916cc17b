/**
 * The name under which the logs of a target account tell what was done for an environment:
 * application, environment and, of what was asked for or has a doer of its own, that too. At most 64
 * of the characters that STS takes.
 */
export const sessionName = (...parts: readonly (string | undefined)[]): string =>
  parts
    .filter((part) => part !== undefined && part !== "")
    .join("@")
    .replaceAll(/[^\w+=,.@-]/g, "-")
    .slice(0, 64);
