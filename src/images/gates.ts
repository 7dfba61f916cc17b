import { canonicalJson } from "../model/digest.ts";
import type {
  ImageRepository,
  IndexEntry,
  Inspection,
  RegistryImage,
  Scan,
} from "../model/image.ts";
import { isRefused, type Refused } from "../model/refused.ts";

/** What an image has to be besides, to be chosen. */
export interface Gates {
  /** All of them, each `os/architecture` or `os/architecture/variant`. */
  readonly platforms: readonly string[];
  /** The gravest finding that its scan may have; undefined: it need not be scanned. */
  readonly scan: Severity | undefined;
}

/** What was found out about single images so far. */
export interface Inspected {
  /** By `inspectionKey`; an index's entries, or a scan; undefined: there is none. Or nobody may say. */
  get(key: string): readonly IndexEntry[] | Scan | Refused | undefined;
  has(key: string): boolean;
}

/** One word for an inspection, the same for the same one. */
export const inspectionKey = ({ digest, repository, what }: Inspection): string =>
  canonicalJson([what, repository, digest]);

/** Whether an image may be chosen, or what has to be asked before that can be said. */
export type Passage =
  | { readonly kind: "passes" }
  | { readonly kind: "fails"; readonly reason: string }
  | { readonly kind: "asks"; readonly asks: readonly Inspection[] };

/** The gates of a policy over what is known of a repository's images. */
export function gateOf(gates: Gates, repository: ImageRepository, inspected: Inspected) {
  const { platforms, scan } = gates;
  const known: Known = { repository, inspected };
  return (image: RegistryImage): Passage => {
    if (platforms.length === 0 && scan === undefined) return passes;
    const index = { repository, digest: image.digest, what: "platforms" } as const;
    if (!isIndex(image)) return judge(image, undefined, gates, known);
    if (!inspected.has(inspectionKey(index))) return { kind: "asks", asks: [index] };
    const entries = inspected.get(inspectionKey(index)) as Refusable<readonly IndexEntry[]>;
    if (isRefused(entries)) return fails(`what it is made of ${unseen(entries)}`);
    return judge(image, entries ?? [], gates, known);
  };
}

type Refusable<T> = T | Refused | undefined;

const unseen = ({ refused }: Refused): string => `is for others to see (${refused})`;

interface Known {
  readonly repository: ImageRepository;
  readonly inspected: Inspected;
}

/** `entries`: what an index is made of; undefined: it is none. */
function judge(
  image: RegistryImage,
  entries: readonly IndexEntry[] | undefined,
  { platforms, scan }: Gates,
  { inspected, repository }: Known,
): Passage {
  const missing = platforms.filter((wanted) => !entries?.some(isFor(wanted)));
  if (missing.length > 0) return fails(missingReason(missing, entries));
  if (scan === undefined) return passes;
  const scans = scanned(image, entries, platforms).map(
    (digest): Inspection => ({ repository, digest, what: "scan" }),
  );
  const asks = scans.filter((one) => !inspected.has(inspectionKey(one)));
  if (asks.length > 0) return { kind: "asks", asks };
  const [reason] = scans.flatMap(
    (one) => findingsAbove(scan, inspected.get(inspectionKey(one)) as Refusable<Scan>) ?? [],
  );
  return reason === undefined ? passes : fails(reason);
}

const passes: Passage = { kind: "passes" };
const fails = (reason: string): Passage => ({ kind: "fails", reason });

const isIndex = ({ mediaType }: RegistryImage): boolean =>
  mediaType === "application/vnd.oci.image.index.v1+json" ||
  mediaType === "application/vnd.docker.distribution.manifest.list.v2+json";

/** `os/architecture`, or with a variant; one that the policy does not name may be any. */
const isFor =
  (wanted: string) =>
  ({ platform }: IndexEntry): boolean =>
    platform === wanted || platform?.startsWith(`${wanted}/`) === true;

const missingReason = (
  missing: readonly string[],
  entries: readonly IndexEntry[] | undefined,
): string =>
  entries === undefined
    ? "it is of one platform and does not say which: only an index does"
    : `it is not made for ${missing.join(", ")}`;

/** Of an index, the images that it is made of: those that the policy names, or all that run. */
function scanned(
  { digest }: RegistryImage,
  entries: readonly IndexEntry[] | undefined,
  platforms: readonly string[],
): readonly string[] {
  if (entries === undefined) return [digest];
  const runs = entries.filter(({ platform }) => platform !== "unknown/unknown");
  const wanted = runs.filter((entry) => platforms.some((platform) => isFor(platform)(entry)));
  return (platforms.length > 0 ? wanted : runs).map((entry) => entry.digest);
}

/** From harmless to grave; what a scanner has no word for counts as gravest. */
export const severities = ["none", "informational", "low", "medium", "high", "critical"] as const;

type Severity = (typeof severities)[number];

/** `ACTIVE` is what a repository says that is scanned for ever. */
export const isFinished = ({ status }: Scan): boolean => /^(?:ACTIVE|COMPLETE)$/.test(status);

function findingsAbove(allowed: Severity, scan: Refusable<Scan>): string | undefined {
  if (isRefused(scan)) return `its scan ${unseen(scan)}`;
  if (scan === undefined) return "it was not scanned";
  if (!isFinished(scan)) return `its scan is ${scan.status}`;
  const worse = Object.entries(scan.findings).filter(
    ([severity, count]) => count > 0 && rank(severity) > severities.indexOf(allowed),
  );
  if (worse.length === 0) return undefined;
  const found = worse.map(([severity, count]) => `${count} ${severity}`).sort();
  return `its scan found ${found.join(", ")}`;
}

function rank(severity: string): number {
  const known = (severities as readonly string[]).indexOf(severity.toLowerCase());
  return known < 0 ? severities.length : known;
}
