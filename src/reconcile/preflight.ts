import { parseImage } from "../images/image.ts";
import type { Target } from "../model/bundle.ts";
import { inParallel } from "../parallel.ts";
import type { Comparison } from "../plan/comparison.ts";
import type { Objection } from "../plan/decide.ts";
import type { RollOut } from "../plan/roll-out.ts";
import { needsOf, startsTasks, type TaskNeed } from "../plan/starts.ts";
import type { Ports } from "../ports/ports.ts";

const width = 5;

interface Asking {
  readonly ports: Ports;
  /** As logs name us in the target. */
  readonly session: string;
}

/**
 * By unit, what keeps its tasks from starting: an image that is not in ECR, a secret that is not there.
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
    const reason = first.kind === "image" ? "ImageMissing" : "SecretMissing";
    const message = `${[...said].join(" ")} It goes on by itself when that is there.`;
    return [[unit, { reason, message } as const] as const];
  });
  return new Map(objections);
}

const keyOf = ({ kind, platform, text }: TaskNeed): string => `${kind} ${platform} ${text}`;

const sentence = ({ origin, text }: TaskNeed, complaint = ""): string => {
  const where = origin === undefined ? "" : `${origin.file}:${origin.line} ${origin.path}: `;
  return `${where}${text} ${complaint}.`;
};

/** What is wrong with it; undefined: nothing that anybody can tell. */
async function complaintAbout(
  need: TaskNeed,
  target: Target,
  { ports, session }: Asking,
): Promise<string | undefined> {
  if (need.kind === "secret") {
    const isThere = await ports.secrets(target, session).isThere(need.text);
    return isThere === false ? "does not exist" : undefined;
  }
  const read = parseImage(need.text);
  if (read.kind === "other") return undefined;
  const { repository } = read.image;
  const found = await ports.images.find(repository, read.image);
  if (found.kind === "unknown") return undefined;
  if (found.kind === "missing") return "is not in ECR";
  if (!found.active) return "is archived in ECR";
  if (!/manifest\.list|image\.index/.test(found.mediaType)) return undefined;
  const entries = (await ports.images.index(repository, found.digest)) ?? [];
  const platforms = entries.flatMap(({ platform }) => platform ?? []);
  const runs = platforms.some(
    (one) => one === need.platform || one.startsWith(`${need.platform}/`),
  );
  return platforms.length === 0 || runs ? undefined : `has nothing for ${need.platform}`;
}
