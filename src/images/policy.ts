import { Range } from "semver";
import { canonicalJson } from "../model/digest.ts";
import { type Gates, severities } from "./gates.ts";
import { compilePattern, type Matcher } from "./pattern.ts";

/** Which image of a repository a service wants: what `x-image-policy` says. */
export type Policy = {
  /** The same text for the same policy, however it is written. */
  readonly text: string;
  readonly gates: Gates;
} & (
  | { readonly kind: "semver"; readonly range: Range }
  | {
      readonly kind: "pattern";
      readonly match: Matcher;
      /** The group that is compared; none: the whole tag. */
      readonly extract: string | undefined;
      readonly order: Order;
    }
  | { readonly kind: "tag"; readonly tag: string }
  | { readonly kind: "newest" }
);

export type Order = "numeric" | "alphabetic" | "timestamp";

export type ReadPolicy =
  | { readonly kind: "policy"; readonly policy: Policy }
  | { readonly kind: "refused"; readonly reason: string };

/** Reads a policy from compose data; anything that would be ignored is refused. */
export function readPolicy(data: unknown): ReadPolicy {
  if (typeof data !== "object" || data === null || Array.isArray(data))
    return refused("a policy is a mapping, such as { semver: ^1.0 }");
  const written = new Map<string, unknown>(Object.entries(data));
  const kinds = ["semver", "pattern", "tag", "newest"].filter((key) => written.has(key));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return refused("a policy has one of semver, pattern, tag, newest");

  const own = kind === "pattern" ? ["pattern", "extract", "order"] : [kind];
  const strange = [...written.keys()].find((key) => ![...own, "platform", "scan"].includes(key));
  if (strange !== undefined) return refused(`\`${strange}\` is not a key of a ${kind} policy`);
  const gates = readGates(written);
  if (gates.kind === "refused") return gates;

  const base = { text: canonicalJson(data), gates: gates.gates };
  switch (kind) {
    case "semver":
      return semverPolicy(written.get(kind), base);
    case "pattern":
      return patternPolicy(written, base);
    case "tag":
      return tagPolicy(written.get(kind), base);
    default:
      return written.get(kind) === true
        ? { kind: "policy", policy: { kind: "newest", ...base } }
        : refused("`newest` is true or not there");
  }
}

type Base = Pick<Policy, "gates" | "text">;

function readGates(
  written: ReadonlyMap<string, unknown>,
): { readonly kind: "gates"; readonly gates: Gates } | Refused {
  const platforms: readonly unknown[] = [written.get("platform") ?? []].flat();
  const malformed = platforms.some(
    (one) => typeof one !== "string" || !/^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9.]+)?$/.test(one),
  );
  if (malformed) return refused("`platform` is one, or a list, of such as linux/amd64");
  const scan = severities.find((one) => one === written.get("scan"));
  if (scan === undefined && written.has("scan"))
    return refused(`\`scan\` is the gravest finding allowed: ${severities.join(", ")}`);
  return { kind: "gates", gates: { platforms: platforms as readonly string[], scan } };
}

type Refused = Extract<ReadPolicy, { readonly kind: "refused" }>;

const refused = (reason: string): Refused => ({ kind: "refused", reason });

function semverPolicy(range: unknown, base: Base): ReadPolicy {
  if (typeof range !== "string" || range.trim() === "")
    return refused("`semver` is a range in quotes, such as ^1.0");
  try {
    return { kind: "policy", policy: { kind: "semver", range: new Range(range), ...base } };
  } catch {
    return refused("`semver` is not a range of semantic versions");
  }
}

function patternPolicy(written: ReadonlyMap<string, unknown>, base: Base): ReadPolicy {
  const [source, extract, order] = ["pattern", "extract", "order"].map((key) => written.get(key));
  if (typeof source !== "string") return refused("`pattern` is a regular expression in quotes");
  if (order !== "numeric" && order !== "alphabetic" && order !== "timestamp")
    return refused("`order` is numeric, alphabetic or timestamp");
  const pattern = compilePattern(source);
  if (pattern.kind === "refused") return refused(`\`pattern\` cannot be used: ${pattern.reason}`);
  if (extract !== undefined && (typeof extract !== "string" || !pattern.groups.includes(extract)))
    return refused("`extract` names a group of the pattern: (?<name>…)");
  return {
    kind: "policy",
    policy: { kind: "pattern", match: pattern.match, extract, order, ...base },
  };
}

function tagPolicy(tag: unknown, base: Base): ReadPolicy {
  return typeof tag === "string" && /^\w[\w.-]{0,127}$/.test(tag)
    ? { kind: "policy", policy: { kind: "tag", tag, ...base } }
    : refused("`tag` is a tag, in quotes");
}
