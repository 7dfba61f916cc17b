/** Whether a text of `on:` stands for several references. */
export const isGlob = (text: string): boolean => /[*?]/.test(text);

/** `*` is any text without a slash, `**` any text, `?` one letter that is no slash. */
export function globMatches(glob: string, name: string): boolean {
  const pattern = glob.replaceAll(
    /\*\*|\*|\?|[.+^${}()|[\]\\]/g,
    (part) => wild[part] ?? `\\${part}`,
  );
  return new RegExp(`^${pattern}$`).test(name);
}

const wild: Readonly<Record<string, string>> = { "**": ".*", "*": "[^/]*", "?": "[^/]" };

/** What every match of a glob begins with. */
export const literalOf = (glob: string): string => glob.replace(/[*?].*$/, "");
