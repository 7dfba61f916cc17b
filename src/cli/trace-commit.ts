import type { Connection } from "./connection.ts";
import type { Site } from "./site.ts";
import { type Chain, chainOf, mostEntries, roles } from "./trace-chain.ts";
import { everySite, named } from "./trace-found.ts";
import { commitsIn } from "./trace-ledger.ts";
import { UsageError } from "./usage.ts";

/** The environments that have a commit as their desired, deployed or verified one. */
export async function chainsOfCommit(
  digits: string,
  connection: Connection,
): Promise<readonly Chain[]> {
  const sites = await everySite(connection.ports);
  const there = sites.map((site) => ({ site, commits: commitsOf(site, digits) }));
  const commits = [...new Set(there.flatMap((one) => one.commits))];
  const [commit, ...more] = commits;
  if (commit === undefined) throw new UsageError(await nowhere(digits, sites, connection));
  if (more.length > 0)
    throw new UsageError(`${digits} begins several commits: ${commits.join(", ")}.`);
  return Promise.all(
    there
      .filter((one) => one.commits.length > 0)
      .map(async ({ site }) => {
        const chain = await chainOf(site, [], connection);
        return { ...chain, revisions: chain.revisions.filter((one) => one.commit === commit) };
      }),
  );
}

const commitsOf = ({ status }: Site, digits: string): readonly string[] =>
  roles.flatMap((role) => status?.revision[role] ?? []).filter((one) => one.startsWith(digits));

/** Whoever had it once is told of: that is where to look on. */
async function nowhere(
  digits: string,
  sites: readonly Site[],
  { people }: Connection,
): Promise<string> {
  const had: Site[] = [];
  for (const site of sites) {
    const entries = await people.history(site.application, site.environment, mostEntries);
    if (commitsIn(entries).some((one) => one.startsWith(digits))) had.push(site);
  }
  const where = `${digits} is the desired, deployed or verified commit of nothing. Looked at: ${named(sites)}.`;
  return had.length === 0
    ? `${where} No ledger has it either.`
    : `${where} The ledger has it of ${named(had)}: trueup history.`;
}
