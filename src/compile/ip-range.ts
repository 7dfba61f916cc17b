import { blockText, parseBlock } from "./cidr.ts";

/**
 * A range of addresses as EC2 keeps it, which sets what lies beyond its length to zero: `10.1.2.3/8`
 * is `10.0.0.0/8`, and `2001:DB8::1/32` is `2001:db8::/32`. What it cannot read stays as it is written.
 */
export function canonicalRange(range: string): string {
  const block = parseBlock(range);
  if (block !== undefined) return blockText(block);
  const [address = "", bits = ""] = range.split("/");
  const groups = groupsOf(address);
  if (groups === undefined) return range;
  const kept = groups.map((group, index) => {
    const beyond = Math.min(16, Math.max(0, (index + 1) * 16 - Number(bits)));
    return Math.floor(group / 2 ** beyond) * 2 ** beyond;
  });
  return `${shortened(kept)}/${Number(bits)}`;
}

/** The eight groups of an IPv6 address; undefined: it is none, or has one of IPv4 at its end. */
function groupsOf(address: string): readonly number[] | undefined {
  const [left = "", right, ...more] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(left), groups(right ?? "")];
  const between = 8 - before.length - after.length;
  const all = [...before, ...after];
  const isWhole = right === undefined ? between === 0 : between > 0 && more.length === 0;
  if (!isWhole || !all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return [...before, ...Array<string>(between).fill("0"), ...after].map((group) =>
    Number.parseInt(group, 16),
  );
}

/** The first of the longest runs of zeros is `::` (RFC 5952). */
function shortened(groups: readonly number[]): string {
  const whole = groups.map((group) => group.toString(16)).join(":");
  const runs = [...whole.matchAll(/(?<![\da-f])0(?::0)+(?![\da-f])/g)];
  const [longest] = runs.toSorted(([a], [b]) => b.length - a.length);
  if (longest === undefined) return whole;
  const { 0: run, index } = longest;
  const before = whole.slice(0, index).replace(/:$/, "");
  return `${before}::${whole.slice(index + run.length).replace(/^:/, "")}`;
}
