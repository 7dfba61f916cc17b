import { parse, type SemVer } from "semver";
import type { Inspection, RegistryImage } from "../model/image.ts";
import type { Passage } from "./gates.ts";
import type { Order, Policy } from "./policy.ts";

/** The tag and digest a service should run, or why it stays with what it has. */
type Choice =
  | {
      readonly kind: "chosen";
      readonly tag: string;
      readonly digest: string;
      /** Epoch milliseconds: when it was pushed, and the first one of all that the policy prefers to what is there. */
      readonly pushed: number;
      readonly since: number;
      /** What was passed over for it, and why; empty: nothing. */
      readonly note: string;
    }
  | { readonly kind: "nothing"; readonly reason: string }
  /** It depends on what is not known yet. */
  | { readonly kind: "asks"; readonly asks: readonly Inspection[] };

/** What the compose text names now. */
export interface Current {
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** What one registry offers every service with the same policy. */
export type Chooser = (current: Current) => Choice;

/**
 * Applies a policy to what a registry holds, in whatever order it lists it. The policy decides,
 * with two limits. It never goes back by itself: a tag that the policy could choose, and that is
 * newer than all the registry has left, stays. And a version is what it was when it was pinned:
 * a tag of a `semver` or `pattern` policy that was pushed again does not move its pin.
 */
export function choose(
  policy: Policy,
  images: readonly RegistryImage[],
  gate: (image: RegistryImage) => Passage = () => ({ kind: "passes" }),
): Chooser {
  const candidates = candidatesOf(policy, images).toSorted(later);
  const admitted = admit(candidates, gate);
  return (current) => {
    if (admitted.kind !== "admitted") return admitted;
    const { best, note } = admitted;
    const ranked = { policy, best, candidates };
    const choice = chooseFrom(ranked, current);
    if (choice.kind === "nothing") return nothing(joined(choice.reason, note));
    const { digest, pushed, tag } = choice.candidate;
    return { kind: "chosen", tag, digest, pushed, since: sinceOf(ranked, current), note };
  };
}

/** How many images may be passed over before a policy gives up. */
const mostPassedOver = 20;

type Admitted =
  | { readonly kind: "admitted"; readonly best: Candidate; readonly note: string }
  | Exclude<Choice, { readonly kind: "chosen" }>;

/** The first candidate that passes the gates of its policy. */
function admit(
  candidates: readonly Candidate[],
  gate: (image: RegistryImage) => Passage,
): Admitted {
  const digests = [...new Set(candidates.map(({ digest }) => digest))].slice(0, mostPassedOver);
  const passed: string[] = [];
  for (const digest of digests) {
    const best = candidates.find((one) => one.digest === digest);
    if (best === undefined) continue;
    const passage = gate(best.image);
    if (passage.kind === "asks") return passage;
    if (passage.kind === "passes")
      return { kind: "admitted", best, note: passed.slice(0, 2).join("; ") };
    passed.push(`${best.tag} is passed over: ${passage.reason}`);
  }
  return nothing(joined("no image in the registry fits the policy", passed.slice(0, 2).join("; ")));
}

const joined = (text: string, note: string): string => (note === "" ? text : `${text}; ${note}`);

type Chosen =
  | { readonly kind: "chosen"; readonly candidate: Candidate }
  | { readonly kind: "nothing"; readonly reason: string };

function chooseFrom(ranked: Ranked, current: Current): Chosen {
  const { best, candidates, policy } = ranked;
  switch (policy.kind) {
    case "tag":
      return chosen(best);
    case "newest": {
      // Gates hold back what is new: what is there stays, whatever was found in it since.
      const there = candidates.find(({ digest }) => digest === current.digest);
      const newest = there !== undefined && later(there, best) < 0 ? there : best;
      const tags = candidates.filter(({ digest }) => digest === newest.digest);
      return chosen(preferred(tags, current)[0] ?? newest);
    }
    case "semver":
    case "pattern":
      return forward(ranked, current);
  }
}

/** When the first image was pushed that stands before what is there now. */
function sinceOf({ best, candidates }: Ranked, current: Current): number {
  const at = candidates.findIndex(({ digest }) => digest === current.digest);
  const newer = candidates.slice(0, Math.max(at, 0)).map(({ pushed }) => pushed);
  return Math.min(best.pushed, ...newer);
}

interface Candidate {
  readonly image: RegistryImage;
  readonly tag: string;
  readonly digest: string;
  readonly pushed: number;
  readonly rank: Rank;
}

/** Where a tag stands in its policy's order. */
type Rank = SemVer | bigint | string;

const nothing = (reason: string) => ({ kind: "nothing", reason }) as const;

const chosen = (candidate: Candidate) => ({ kind: "chosen", candidate }) as const;

function candidatesOf(policy: Policy, images: readonly RegistryImage[]): readonly Candidate[] {
  return images
    .filter(({ active, artifact }) => active && (artifact === undefined || runs.has(artifact)))
    .flatMap((image) =>
      image.tags
        .filter((tag) => !companion.test(tag))
        .flatMap((tag): Candidate[] => {
          const rank = rankOf(policy, tag);
          const { digest, pushedAt } = image;
          const pushed = Date.parse(pushedAt);
          return rank === undefined ? [] : [{ image, tag, digest, pushed, rank }];
        }),
    );
}

/** What a manifest says that is a container's; signatures, charts and the like say something else. */
const runs: ReadonlySet<string> = new Set([
  "application/vnd.docker.container.image.v1+json",
  "application/vnd.oci.image.config.v1+json",
]);

/** What signers and scanners push beside an image: its signature, attestation, bill of materials. */
const companion = /^sha256-[0-9a-f]{64}(?:\.|$)|\.(?:sig|att|sbom)$/;

/** Undefined: the policy would never choose this tag. */
function rankOf(policy: Policy, tag: string): Rank | undefined {
  switch (policy.kind) {
    case "semver": {
      const version = parse(tag);
      return version !== null && policy.range.test(version) ? version : undefined;
    }
    case "pattern": {
      const groups = policy.match(tag);
      if (groups === undefined) return undefined;
      return ordered(policy.order, policy.extract === undefined ? tag : groups[policy.extract]);
    }
    case "tag":
      return tag === policy.tag ? "" : undefined;
    case "newest":
      return "";
  }
}

function ordered(order: Order, value: string | undefined): Rank | undefined {
  if (value === undefined) return undefined;
  switch (order) {
    case "alphabetic":
      return value;
    case "numeric":
      return /^\d+$/.test(value) ? BigInt(value) : undefined;
    case "timestamp":
      return moment(value);
  }
}

/** A point in time in UTC, as text that compares: a day, or with a time to the minute, second, ms. */
function moment(value: string): string | undefined {
  const digits = /^\d[\dT:._-]*Z?$/.test(value) ? value.replace(/\D/g, "") : "";
  if (![8, 12, 14, 17].includes(digits.length)) return undefined;
  const parts = /^(....)(..)(..)(..)(..)(..)(...)$/.exec(digits.padEnd(17, "0"))?.slice(1) ?? [];
  const [year, month, day, hour, minute, second, ms] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
  const time = Date.parse(iso);
  // A day that no calendar has is read as another one, or not at all.
  return Number.isNaN(time) || new Date(time).toISOString() !== iso ? undefined : iso;
}

/** The later one first; of equals the one pushed last, then any, but always the same. */
const later = (a: Candidate, b: Candidate): number =>
  compareRanks(b.rank, a.rank) ||
  b.pushed - a.pushed ||
  compareText(a.digest, b.digest) ||
  compareText(a.tag, b.tag);

function compareRanks(a: Rank, b: Rank): number {
  if (typeof a === "object" && typeof b === "object") return a.compare(b);
  return a === b ? 0 : a < b ? -1 : 1;
}

const compareText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Of one image's tags: the one that is written already, else one that says more than `latest`. */
function preferred(tags: readonly Candidate[], current: Current): readonly Candidate[] {
  const last = ({ tag }: Candidate): number => (tag === current.tag ? 0 : tag === "latest" ? 2 : 1);
  return tags.toSorted((a, b) => last(a) - last(b) || compareText(a.tag, b.tag));
}

interface Ranked {
  readonly policy: Policy;
  readonly best: Candidate;
  readonly candidates: readonly Candidate[];
}

function forward({ policy, best, candidates }: Ranked, current: Current): Chosen {
  const rank = current.tag === undefined ? undefined : rankOf(policy, current.tag);
  const order = rank === undefined ? 1 : compareRanks(best.rank, rank);
  if (order > 0) return chosen(best);

  const same = candidates.find(({ tag }) => tag === current.tag);
  if (same === undefined)
    return order === 0
      ? chosen(best)
      : nothing(`${current.tag} is newer than ${best.tag}, the newest that the registry holds`);
  if (current.digest !== undefined && current.digest !== same.digest)
    return nothing(`${current.tag} was pushed again; what is pinned stays`);
  return chosen(same);
}
