import type { Vote } from "../model/gates.ts";
import { isRefused } from "../model/refused.ts";
import type { Registration } from "../model/registration.ts";
import type { Condition } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";
import type { Connection } from "./connection.ts";
import type { Held } from "./held.ts";
import type { Site } from "./site.ts";
import type { SeenStack } from "./stacks-seen.ts";
import { toldOf } from "./trace-ledger.ts";

/** What `trueup trace --json` prints: see schemas/trace.schema.json. What is not known is not there. */
export interface Trace {
  readonly asked: string;
  readonly kind: "commit" | "image" | "path" | "resource" | "stack";
  readonly chains: readonly Chain[];
}

/** From an environment to what was asked for in it. */
export interface Chain {
  readonly application: {
    readonly name: string;
    readonly repository: string | undefined;
    readonly branch: string | undefined;
    readonly conditions: readonly Condition[];
  };
  readonly environment: {
    readonly name: string;
    readonly target: { readonly account: string; readonly region: string } | undefined;
    readonly conditions: readonly Condition[];
    /** The commit that compose lines are counted in. */
    readonly linesOf: string | undefined;
  };
  readonly revisions: readonly RevisionLink[];
  readonly stacks: readonly StackLink[];
}

export interface RevisionLink {
  readonly commit: string;
  readonly as: readonly Role[];
  /** ISO 8601, by role. */
  readonly since: Readonly<Partial<Record<Role, string>>>;
  readonly votes: readonly Vote[];
  /** The first line of the commit's message. */
  readonly subject: string | undefined;
}

export const roles = ["desired", "deployed", "verified"] as const;
type Role = (typeof roles)[number];

export interface StackLink
  extends Pick<SeenStack, "digest" | "name" | "status" | "unit">,
    Pick<Held, "resources"> {
  readonly images: readonly ImageLink[];
}

type ImageLink = Held["images"][number] & {
  /** The commit that brought it, as far back as is known. */
  readonly from?: { readonly commit: string; readonly subject: string | undefined } | undefined;
};

/** A stack as a link, with all that is in it unless less of it is meant. */
export const linkOf = (
  { images, resources, stack: { digest, name, status, unit } }: Held,
  meant: Partial<Pick<StackLink, "images" | "resources">> = {},
): StackLink => ({ name, unit, status, digest, resources, images, ...meant });

/** How far back a ledger is read. */
export const mostEntries = 200;

/** The chain from an application to one of its environments, and to what is found there. */
export async function chainOf(
  site: Site,
  stacks: readonly StackLink[],
  connection: Connection,
): Promise<Chain> {
  const { ports } = connection;
  const { application: name, environment, status } = site;
  const [registration, own] = await Promise.all([
    ports.registrations.read(name),
    ports.statuses.readApplication(name),
  ]);
  return {
    application: {
      name,
      repository: registration?.repository,
      branch: registration?.branch,
      conditions: own?.conditions ?? [],
    },
    environment: {
      name: environment,
      target: site.wanted?.target,
      conditions: status?.conditions ?? [],
      linesOf: site.wanted?.revision,
    },
    revisions: await revisionsOf(site, registration, connection),
    stacks,
  };
}

async function revisionsOf(
  { application, environment, record, status }: Site,
  registration: Registration | undefined,
  { people, ports }: Connection,
): Promise<readonly RevisionLink[]> {
  const { revision } = status ?? {};
  const commits = new Set(roles.flatMap((role) => revision?.[role] ?? []));
  if (commits.size === 0) return [];
  const read = await unlessRefused(() => people.history(application, environment, mostEntries));
  const entries = isRefused(read) ? [] : read;
  return Promise.all(
    [...commits].map(async (commit) => {
      const { votes, ...told } = toldOf(commit, entries, entries.length < mostEntries);
      const { wanted } = record;
      const desired = told.desired ?? (wanted?.revision === commit ? wanted.since : undefined);
      const as = roles.filter((role) => revision?.[role] === commit);
      const since = Object.fromEntries(as.map((role) => [role, { ...told, desired }[role]]));
      return { commit, as, since, votes, subject: await subjectOf(commit, registration, ports) };
    }),
  );
}

/** The first line of a commit's message; undefined: it is not there, or may not be read. */
export async function subjectOf(
  commit: string,
  registration: Registration | undefined,
  { sources }: Pick<Ports, "sources">,
): Promise<string | undefined> {
  if (registration === undefined) return undefined;
  try {
    const { text } = await sources.message(registration.repository, commit);
    return text.split("\n", 1)[0];
  } catch {
    // It is good to know and need not be: what is wrong with the repository is told elsewhere.
    return undefined;
  }
}
