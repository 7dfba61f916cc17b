import { parseImage } from "../images/image.ts";
import { excessOf } from "../images/scan-limits.ts";
import type { Target } from "../model/bundle.ts";
import type { ImageRepository, ScanLimits } from "../model/image.ts";
import { isRefused } from "../model/refused.ts";
import { inParallel } from "../parallel.ts";
import type { Comparison } from "../plan/comparison.ts";
import type { Objection } from "../plan/decide.ts";
import type { RollOut } from "../plan/roll-out.ts";
import { needsOf, startsTasks, type TaskNeed } from "../plan/starts.ts";
import type { Ports } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";

const width = 5;

interface Asking {
  readonly ports: Ports;
  /** As logs name us in the target. */
  readonly session: string;
}

/**
 * By unit, what keeps its tasks from starting: an image that is not in ECR, or whose scan found more
 * than its service allows; a secret that is not there.
 * Asked only where a change set that starts tasks would be executed now, of everything once. What
 * nobody may look at is left to ECS.
 */
export async function preflight(
  { plan, steps }: RollOut,
  { desired, observed }: Comparison,
  asking: Asking,
): Promise<ReadonlyMap<string, Objection>> {
  const about = observed.units.flatMap(({ desired: stack }) =>
    steps.some((step) => step.kind === "execute-change-set" && step.unit === stack.unit) &&
    startsTasks(stack.name, plan.changes)
      ? [{ unit: stack.unit, needs: needsOf(stack, desired.bundle.target) }]
      : [],
  );
  const each = new Map(about.flatMap(({ needs }) => needs).map((need) => [keyOf(need), need]));
  const complaints = new Map(
    await inParallel([...each], width, async ([key, need]) => {
      const complaint = await complaintAbout(need, desired.bundle.target, asking);
      return [key, complaint] as const;
    }),
  );
  const objections = about.flatMap(({ needs, unit }) => {
    const wrong = needs.filter((need) => complaints.get(keyOf(need)) !== undefined);
    const [first] = wrong;
    if (first === undefined) return [];
    const said = new Set(wrong.map((need) => sentence(need, complaints.get(keyOf(need)))));
    const { reason } = complaints.get(keyOf(first)) ?? {};
    if (reason === undefined) return [];
    return [[unit, { reason, message: `${[...said].join(" ")} ${ends[reason]}` }] as const];
  });
  return new Map(objections);
}

interface Complaint {
  readonly reason: "ImageMissing" | "ImageVulnerable" | "SecretMissing";
  /** The end of a sentence. */
  readonly text: string;
}

const waits = "It goes on by itself when that is there.";

const ends: Readonly<Record<Complaint["reason"], string>> = {
  ImageMissing: waits,
  ImageVulnerable:
    "It goes on by itself when its scan finds no more, or with another image: x-ecr.VulnerabilitiesScan says so.",
  SecretMissing: waits,
};

const keyOf = ({ kind, limits, platform, text }: TaskNeed): string =>
  `${kind} ${platform} ${text} ${JSON.stringify(limits)}`;

const sentence = ({ origin, text }: TaskNeed, complaint: Complaint | undefined): string => {
  const where = origin === undefined ? "" : `${origin.file}:${origin.line} ${origin.path}: `;
  return `${where}${text} ${complaint?.text}.`;
};

const missing = (text: string): Complaint => ({ reason: "ImageMissing", text });

/** What is wrong with it; undefined: nothing that anybody can tell. */
async function complaintAbout(
  need: TaskNeed,
  target: Target,
  { ports, session }: Asking,
): Promise<Complaint | undefined> {
  if (need.kind === "secret") {
    const isThere = await ports.secrets(target, session).isThere(need.text);
    return isThere === false ? { reason: "SecretMissing", text: "does not exist" } : undefined;
  }
  const complaint = await unlessRefused(() => complaintAboutImage(need, ports));
  if (!isRefused(complaint)) return complaint;
  return need.limits && vulnerable(`is for others to look at in ECR (${complaint.refused})`);
}

async function complaintAboutImage(
  { limits, platform, text }: TaskNeed,
  ports: Ports,
): Promise<Complaint | undefined> {
  const read = parseImage(text);
  if (read.kind === "other") return undefined;
  const { repository } = read.image;
  const found = await ports.images.find(repository, read.image);
  if (found.kind === "unknown") return limits && vulnerable("is for others to look at in ECR");
  if (found.kind === "missing") return missing("is not in ECR");
  if (!found.active) return missing("is archived in ECR");
  const digests = await digestsFor(platform, repository, found, ports);
  if (digests.length === 0) return missing(`has nothing for ${platform}`);
  return limits && excessAbout(digests, limits, repository, ports);
}

const vulnerable = (text: string): Complaint => ({ reason: "ImageVulnerable", text });

/** What of an image tasks would run: itself, or of an index what is for their platform. */
async function digestsFor(
  platform: string,
  repository: ImageRepository,
  { digest, mediaType }: { readonly digest: string; readonly mediaType: string },
  { images }: Ports,
): Promise<readonly string[]> {
  if (!/manifest\.list|image\.index/.test(mediaType)) return [digest];
  const entries = (await images.index(repository, digest)) ?? [];
  const known = entries.filter((entry) => entry.platform !== undefined);
  if (known.length === 0) return [digest];
  return known
    .filter((entry) => `${entry.platform}/`.startsWith(`${platform}/`))
    .map((entry) => entry.digest);
}

/** What the scan of an image found more than its service allows. */
async function excessAbout(
  digests: readonly string[],
  limits: ScanLimits,
  repository: ImageRepository,
  { images }: Ports,
): Promise<Complaint | undefined> {
  for (const digest of digests) {
    const excess = excessOf(await images.scan(repository, digest), limits);
    if (excess !== undefined) return vulnerable(excess);
  }
  return undefined;
}
