import { digestOf } from "../../../model/digest.ts";
import type { Properties } from "../../../model/template.ts";

/** What a rule matches, in the terms that tell which of two rules is more specific. */
export interface Match {
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  /** Whether it looks at more than host and path. */
  readonly others: boolean;
  readonly conditions: readonly Properties[];
}

/**
 * A rule's priority, from the rule alone: bands of host and path, path, host, anything else; longer
 * paths first in theirs, hosts with stars last in theirs, and a place in the band by hash. So a rule that comes or goes moves no other.
 * Whom it leads to is part of it: what one family takes over from another has a place of its own,
 * since each has it in a stack of its own and there is only one of each priority.
 */
export function priorityOf(match: Match, owner: string): number {
  const length = Math.max(0, ...match.paths.map((path) => path.replace(/[*?].*$/, "").length));
  const isPath = match.paths.length > 0 && !match.paths.includes("/*");
  const hash = Number.parseInt(digestOf([owner, match.conditions]).slice(0, 8), 16);
  // 64 lengths of 250 places each.
  const byLength = (63 - Math.min(length, 63)) * 250 + (hash % 250) + 1;
  if (match.hosts.length > 0 && isPath) return byLength;
  if (isPath) return 16_000 + byLength;
  if (match.hosts.length > 0) return 32_000 + placeOfHosts(match.hosts, hash);
  return match.others ? 40_000 + placeOfOthers(hash) : 49_000 + (hash % 1000) + 1;
}

/** Of 9000: names as they are, then those that a star stands for, the longer first. */
function placeOfHosts(hosts: readonly string[], hash: number): number {
  const lengths = hosts.filter(isPattern).map((host) => host.replaceAll(/[*?]/g, "").length);
  if (lengths.length === 0) return (hash % 8000) + 1;
  // A label and its dot are two letters at least: 32 lengths of 31 places each.
  const length = Math.min(31, Math.floor(Math.min(...lengths) / 2));
  return 8000 + (31 - length) * 31 + (hash % 31) + 1;
}

/** Of 9000, the first thousand of which are for hosts. */
const placeOfOthers = (hash: number): number =>
  (hash % 9000 < 1000 ? 1000 + (hash % 8000) : hash % 9000) + 1;

const isPattern = (text: string): boolean => /[*?]/.test(text);

/** Whether some request could be meant by both. Rather yes than no. */
export const overlap = (a: Match, b: Match): boolean =>
  sharesHost(a, b) && (a.paths.length === 0 || b.paths.length === 0 || sharesPath(a, b));

const sharesHost = (a: Match, b: Match): boolean =>
  a.hosts.length === 0 ||
  b.hosts.length === 0 ||
  a.hosts.some((host) => b.hosts.some((other) => mayBeOne(host, other)));

/** Whether a name can be what both say: as far as what stands before and behind their stars tells. */
function mayBeOne(one: string, other: string): boolean {
  const [a, b] = [one, other].map((host) => host.toLowerCase());
  if (a === undefined || b === undefined || a === b) return true;
  if (!isPattern(a) && !isPattern(b)) return false;
  const [headA, headB] = [a, b].map((host) => host.replace(/[*?].*$/, ""));
  const [tailA, tailB] = [a, b].map((host) => host.replace(/^.*[*?]/, ""));
  return isPartOf("startsWith", headA, headB) && isPartOf("endsWith", tailA, tailB);
}

const isPartOf = (how: "endsWith" | "startsWith", a = "", b = ""): boolean =>
  a[how](b) || b[how](a);

const sharesPath = (a: Match, b: Match): boolean =>
  a.paths.some((path) =>
    b.paths.some((other) => {
      const [one, two] = [path, other].map((text) => text.replace(/[*?].*$/, ""));
      if (one === undefined || two === undefined) return true;
      if (!isPattern(path) && !isPattern(other)) return path === other;
      return one.startsWith(two) || two.startsWith(one);
    }),
  );
