import { parseImage } from "../images/image.ts";
import { excessOf } from "../images/scan-limits.ts";
import type { Target } from "../model/bundle.ts";
import type { ImageRepository, ScanLimits } from "../model/image.ts";
import { isRefused } from "../model/refused.ts";
import type { TaskNeed } from "../plan/starts.ts";
import type { Ports } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";

export interface Asking {
  readonly ports: Ports;
  /** As logs name us in the target. */
  readonly session: string;
}

/** Whether tasks that need something would start. Each `text` is the end of a sentence. */
export type Judgement =
  | { readonly kind: "fine"; readonly text: string }
  | { readonly kind: "unseen"; readonly text: string }
  | Complaint;

export interface Complaint {
  readonly kind: "wrong";
  readonly reason: "ImageMissing" | "ImageVulnerable" | "SecretMissing";
  readonly text: string;
}

const fine = (text: string): Judgement => ({ kind: "fine", text });

/** Nobody can tell, or nobody whom we could ask. */
const unseen = (text: string): Judgement => ({ kind: "unseen", text });

const wrong = (reason: Complaint["reason"], text: string): Complaint => ({
  kind: "wrong",
  reason,
  text,
});

/**
 * Looks whether what tasks need is there: of an image that it is in ECR, can be pulled, has something
 * for the platform, and that its scan found no more than its service allows.
 */
export async function judged(
  need: TaskNeed,
  target: Target,
  { ports, session }: Asking,
): Promise<Judgement> {
  if (need.kind === "secret") {
    const isThere = await ports.secrets(target, session).isThere(need.text);
    if (isThere === undefined) return unseen("is for others to look at");
    return isThere ? fine("is there") : wrong("SecretMissing", "does not exist");
  }
  const judgement = await unlessRefused(() => judgedImage(need, ports));
  return isRefused(judgement) ? closed(need, ` (${judgement.refused})`) : judgement;
}

/** A scan that nobody may see has not said that the image is good enough. */
const closed = ({ limits }: TaskNeed, why = ""): Judgement => {
  const text = `is for others to look at in ECR${why}`;
  return limits === undefined ? unseen(text) : wrong("ImageVulnerable", text);
};

async function judgedImage(need: TaskNeed, ports: Ports): Promise<Judgement> {
  const { limits, platform, text } = need;
  const read = parseImage(text);
  if (read.kind === "other") return unseen(`is not looked at: ${read.reason}`);
  const { repository } = read.image;
  const found = await ports.images.find(repository, read.image);
  if (found.kind === "unknown") return closed(need);
  const missing = (what: string) => wrong("ImageMissing", what);
  if (found.kind === "missing") return missing("is not in ECR");
  if (!found.active) return missing("is archived in ECR");
  const digests = await digestsFor(platform, repository, found, ports);
  if (digests.length === 0) return missing(`has nothing for ${platform}`);
  const excess = limits && (await excessAbout(digests, limits, repository, ports));
  if (excess !== undefined) return wrong("ImageVulnerable", excess);
  // Of a single image its name says for what it is, if anything.
  return fine(digests.includes(found.digest) ? "is in ECR" : `is in ECR for ${platform}`);
}

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
): Promise<string | undefined> {
  for (const digest of digests) {
    const excess = excessOf(await images.scan(repository, digest), limits);
    if (excess !== undefined) return excess;
  }
  return undefined;
}
