import { entriesOf, readPages } from "../images/page.ts";
import type { Contribution } from "./contribution.ts";

/** File → the services to be merged into it, or why nobody can say which file that is. */
export type Placed =
  | { readonly kind: "placed"; readonly files: ReadonlyMap<string, readonly string[]> }
  | { readonly kind: "refused"; readonly service: string; readonly reason: string };

/**
 * Which file each service goes to: the one that has it already; a new one, the first of all.
 * `texts`: the common files in the order in which they are merged.
 */
export function placed({ services }: Contribution, texts: ReadonlyMap<string, string>): Placed {
  const written = new Map([...texts].map(([path, text]) => [path, servicesIn(text)]));
  const [first] = texts.keys();
  const files = new Map<string, string[]>();
  for (const service of Object.keys(services)) {
    const having = [...written].filter(([, names]) => names.has(service)).map(([path]) => path);
    const [only = first, ...others] = having;
    if (only === undefined)
      return { kind: "refused", service, reason: "there is no common compose file" };
    if (others.length > 0) {
      const reason = `is in ${having.join(" and ")}: say which with --to`;
      return { kind: "refused", service, reason };
    }
    files.set(only, [...(files.get(only) ?? []), service]);
  }
  return { kind: "placed", files };
}

function servicesIn(text: string): ReadonlySet<string> {
  const pages = readPages(text);
  if (pages.kind === "refused") return new Set();
  return new Set(
    pages.pages.flatMap((page) => [
      ...entriesOf(page, entriesOf(page, page.document.contents).get("services")).keys(),
    ]),
  );
}
