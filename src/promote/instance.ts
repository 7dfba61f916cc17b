import { sha256 } from "../model/digest.ts";

/** Letters of a reference that an instance's name repeats for people. */
const longest = 20;

/** The instance of a branch: `feature-x-1a2b3c`. The digits tell apart what folds together. */
export const instanceOfBranch = (branch: string): string =>
  named(branch, sha256(branch).slice(0, 6));

/** The instance of one revision of a branch or tag: `main-1a2b3c`, by the commit's own digits. */
export const instanceOfRevision = (reference: string, revision: string): string =>
  named(reference, revision.slice(0, 6));

/** Another instance of the same revision: its second is `main-1a2b3c-2`. */
export const instanceOfRun = (instance: string, run: number): string =>
  run === 1 ? instance : `${instance}-${run}`;

const named = (reference: string, digits: string): string => [...slug(reference), digits].join("-");

const slug = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, longest)
    .split("-")
    .filter((part) => part !== "");
