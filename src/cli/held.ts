import type { Outline, OutlinedImage, OutlinedResource, OutlinedStack } from "../model/outline.ts";
import type { Site } from "./site.ts";
import { type SeenStack, stacksOf } from "./stacks-seen.ts";

/** Whether something is deployed, is to be, or was and is to go. */
export type Presence = "coming" | "deployed" | "leaving";

/** Undefined: nobody knows. */
interface Present {
  readonly presence: Presence | undefined;
}

/** A stack with all that is in it, or is to be. */
export interface Held {
  readonly stack: SeenStack;
  readonly resources: readonly (OutlinedResource & Present)[];
  readonly images: readonly (OutlinedImage & Present)[];
}

/** What an environment has, or is to have, as far as that was published. */
export const heldIn = (site: Site): readonly Held[] =>
  stacksOf(site).map((stack) => {
    const parts = <T>(of: (stack: OutlinedStack) => readonly T[], same: (a: T, b: T) => boolean) =>
      merged(stack.name, site, { of, same });
    return {
      stack,
      resources: parts(
        ({ resources }) => resources,
        (a, b) => a.logicalId === b.logicalId,
      ),
      images: parts(
        ({ images }) => images,
        (a, b) => a.container === b.container && a.image === b.image,
      ),
    };
  });

interface Part<T> {
  readonly of: (stack: OutlinedStack) => readonly T[];
  readonly same: (a: T, b: T) => boolean;
}

/** What is wanted, then what is there and wanted no more. */
function merged<T>(name: string, site: Site, { of, same }: Part<T>): readonly (T & Present)[] {
  const { deployed, record, refused, status, wanted } = site;
  const partsOf = (outline: Outline | undefined): readonly T[] =>
    outline?.stacks.filter((stack) => stack.name === name).flatMap(of) ?? [];
  const [mine, theirs] = [partsOf(wanted), partsOf(deployed)];
  const isIn = (part: T, parts: readonly T[]) => parts.some((other) => same(part, other));
  // Without an outline of what is deployed nobody can tell, but that nothing ever was.
  const isKnown =
    deployed !== undefined || (refused === undefined && record.deployed === undefined);
  const isCurrent = wanted?.bundle === status?.digest.bundle;
  return [
    ...mine.map((part) => ({
      ...part,
      presence: isIn(part, theirs) ? "deployed" : isKnown ? "coming" : undefined,
    })),
    ...theirs
      .filter((part) => !isIn(part, mine))
      .map((part) => ({ ...part, presence: isCurrent ? "leaving" : "deployed" })),
  ] as readonly (T & Present)[];
}
