import type { Form } from "./form.ts";
import { repositoryKey } from "./image.ts";
import type { Policy } from "./policy.ts";
import type { Reference } from "./references.ts";

/** How one text moves that is the image of one service or, through aliases, of several. */
export type Agreement =
  | Moved
  | { readonly kind: "stalled"; readonly reason: string }
  | { readonly kind: "none" };

export interface Moved {
  readonly kind: "moved";
  readonly policy: Policy;
  readonly form: Form;
}

/** A text is moved only if everything it is the image of wants the same. */
export function agreed(group: readonly Reference[]): Agreement {
  const policed = group.filter(({ follows }) => follows.kind !== "none");
  const [first] = policed;
  if (first === undefined) return { kind: "none" };
  for (const { follows } of policed) if (follows.kind === "stalled") return follows;

  const free = group.find(({ follows }) => follows.kind === "none");
  if (free !== undefined)
    return stalled(
      free.service === first.service
        ? "its image is the same text in an environment where it has no policy"
        : `its image is the same text as that of ${free.service}, which has no policy`,
    );
  const moves = policed.flatMap(({ follows }) =>
    follows.kind === "policy"
      ? [{ kind: "moved" as const, policy: follows.policy, form: follows.form }]
      : [],
  );
  const [move, ...others] = moves;
  if (move === undefined) return { kind: "none" };
  if (others.some(({ policy }) => policy.text !== move.policy.text))
    return stalled("its image is the same text for two policies: give each service its own");
  const repository = repositoryKey(move.form.image.repository);
  if (others.some(({ form }) => repositoryKey(form.image.repository) !== repository))
    return stalled("its image is of another repository in each environment");
  return move;
}

const stalled = (reason: string): Agreement => ({ kind: "stalled", reason });
