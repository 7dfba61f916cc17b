import { createHash } from "node:crypto";
import type { Arena } from "../arena.ts";
import { nobody, type Onlooker } from "../effect.ts";
import { changeSetOf, stackOf, wasWhole } from "../oracle/seen.ts";
import type { Effect } from "../process.ts";
import { type Branch, branches, isMeant, type Lane, type Pattern } from "./lanes.ts";

/** What is known of a branch. Times in milliseconds; undefined: never. */
interface Course {
  /** What it asks for; undefined: it is gone. */
  lane: Lane | undefined;
  came: number;
  went: number | undefined;
  /** Every commit that it was at. */
  readonly commits: Set<string>;
}

/** Looks at every write just before it has its effect. */
export interface Watch {
  readonly wrongs: string[];
  readonly onlooker: Onlooker;
  readonly courses: ReadonlyMap<Branch, Course>;
  attend(arena: Arena): void;
  /** The branch is at a commit, and asks for that. */
  isAt(branch: Branch, lane: Lane, commit: string): void;
  goes(branch: Branch): void;
  means(pattern: Pattern): void;
}

/** How long a branch has to be gone before anything of it goes; and how long passes may go on as before. */
const gone = 600_000;
const unaware = 900_000;
/** Who is there for less may not have been seen. */
const glimpse = 60_000;

/** The name of a branch's instance, worked out anew. */
export function instanceOf(branch: Branch): string {
  const digits = createHash("sha256").update(branch).digest("hex").slice(0, 6);
  return `${branch.replace("/", "-")}-${digits}`;
}

/** The unit of a branch that a stack is; undefined: it is none of the branch's. */
export function unitOf(stack: string, branch: Branch): string | undefined {
  const before = `trueup-lanes-preview-${instanceOf(branch)}-`;
  return stack.startsWith(before) ? stack.slice(before.length, -"-12345678".length) : undefined;
}

interface Seen {
  readonly arena: Arena;
  readonly pattern: Pattern;
  readonly patternSince: number;
}

export function watch(): Watch {
  const wrongs: string[] = [];
  const courses = new Map<Branch, Course>();
  let seen: Seen | undefined;
  const now = () => seen?.arena.world.now ?? 0;
  const before = ({ input, operation }: Effect): void => {
    const rule = rules[operation];
    if (seen === undefined || rule === undefined) return;
    wrongs.push(...rule(input as Readonly<Record<string, string>>, seen, courses));
  };
  return {
    wrongs,
    courses,
    onlooker: { ...nobody, before },
    attend: (arena) => {
      seen = { arena, pattern: "feature/*", patternSince: 0 };
    },
    isAt: (branch, lane, commit) => {
      const before = courses.get(branch);
      const isNew = before?.lane === undefined;
      courses.set(branch, {
        lane,
        came: isNew ? now() : before.came,
        went: before?.went,
        commits: new Set([...(before?.commits ?? []), commit]),
      });
    },
    goes: (branch) => {
      const course = courses.get(branch);
      if (course === undefined) return;
      course.lane = undefined;
      if (course.went === undefined || now() - course.came > glimpse) course.went = now();
    },
    means: (pattern) => {
      if (seen !== undefined) seen = { ...seen, pattern, patternSince: now() };
    },
  };
}

type Rule = (
  input: Readonly<Record<string, string>>,
  seen: Seen,
  courses: ReadonlyMap<Branch, Course>,
) => readonly string[];

const when = (is: boolean, wrong: string): readonly string[] => (is ? [wrong] : []);

const whose = (stack: string): readonly { readonly branch: Branch; readonly unit: string }[] =>
  branches.flatMap((branch) => {
    const unit = unitOf(stack, branch);
    return unit === undefined ? [] : [{ branch, unit }];
  });

/** What is whole and wanted is not deleted, and what is wanted no more not at once. */
const deleted: Rule = ({ StackName = "" }, { arena: { world } }, courses) => {
  const stack = stackOf(world, StackName);
  if (stack === undefined || !wasWhole(stack)) return [];
  return whose(stack.name).flatMap(({ branch, unit }) => {
    const { came, lane, went = 0 } = courses.get(branch) ?? never;
    const isWanted = unit !== "s-worker" || lane?.worker === true;
    const isBack = went > 0 && world.now - came < unaware;
    return [
      ...when(
        lane !== undefined && isWanted && !isBack,
        `B1 ${unit} of ${branch} is deleted, which is there`,
      ),
      ...when(
        lane === undefined && unit !== "s-worker" && world.now - went < gone,
        `B2 ${unit} of ${branch} is deleted before that is gone for ten minutes`,
      ),
    ];
  });
};

/** What is rolled out is what a branch was at that is there, and that somebody means. */
const executed: Rule = ({ ChangeSetName = "" }, { arena, pattern, patternSince }, courses) => {
  const { world } = arena;
  const changeSet = changeSetOf(world, ChangeSetName);
  if (changeSet?.executionStatus !== "AVAILABLE") return [];
  const name = changeSet.stackId.split("/")[1] ?? "";
  const [, revision = ""] = /Revision ([0-9a-f]{40})/.exec(changeSet.description ?? "") ?? [];
  const [of] = whose(name);
  if (of === undefined) return [`B3 ${name} is executed, which is of no branch`];
  const { commits, lane, went = 0 } = courses.get(of.branch) ?? never;
  const isRecent = (since: number) => world.now - since < unaware;
  return [
    ...when(!commits.has(revision), `B4 ${of.branch} is executed at what it never was`),
    ...when(lane === undefined && !isRecent(went), `B5 ${of.branch} is executed, which is gone`),
    ...when(
      !isMeant(of.branch, pattern) && !isRecent(patternSince),
      `B6 ${of.branch} is executed, which nobody means`,
    ),
  ];
};

const never: Course = { lane: undefined, came: 0, went: undefined, commits: new Set() };

const rules: Readonly<Partial<Record<string, Rule>>> = {
  "cloudformation:DeleteStack": deleted,
  "cloudformation:ExecuteChangeSet": executed,
};
