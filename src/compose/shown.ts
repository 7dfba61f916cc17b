/** A name as messages have it: an empty one could not be seen. */
export const shown = (name: string): string => (name === "" ? '""' : name);
