import { TerminalError } from "../model/errors.ts";
import { isRefused } from "../model/refused.ts";
import type { Registration } from "../model/registration.ts";
import type { RequestSet } from "../model/requests.ts";
import type { ApplicationStatus } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";
import { requestsOf } from "../reconcile/requests.ts";
import { unlessRefused } from "../refused.ts";
import { connect } from "./connection.ts";
import { unregistered, whyUnknown } from "./known.ts";
import { isTrue, renderApplication, renderStatus } from "./show.ts";
import { isUnread, unreadable } from "./unread.ts";
import { type Place, readArguments, readPlace, UsageError } from "./usage.ts";
import type { Io, Verb } from "./verb.ts";

/** Says why nothing happens: each thing that could keep it, from the source to the stacks. */
export const explain: Verb = {
  name: "explain",
  summary: "say why nothing happens",
  usage: "trueup explain APP/ENV [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, { json: { type: "boolean" } });
    const place = readPlace(positionals);
    const { ports } = await connect(io);
    const { isThere, said } = await reasons(place, ports, io);
    io.out(values.json === true ? JSON.stringify({ ...place, reasons: said }) : said.join("\n"));
    return isThere ? 0 : 2;
  },
};

interface Reasons {
  readonly said: readonly string[];
  /** Whether there is such an environment, or may be one soon. */
  readonly isThere: boolean;
}

async function reasons(place: Place, ports: Ports, io: Io): Promise<Reasons> {
  const { application, environment } = place;
  const [registration, own, status, requests] = await Promise.all([
    ports.registrations.read(application),
    ports.statuses.readApplication(application),
    ports.statuses.readEnvironment(application, environment),
    requestsOf(application, environment, ports),
  ]);
  if (registration === undefined) throw new UsageError(unregistered(application));

  const said: string[] = [await tipOf(registration, ports)];
  if (own !== undefined && isTrue(own.conditions, "Stalled")) {
    said.push(effectOf(own), renderApplication(application, own, io));
  }
  said.push(...suspension(requests));
  for (const [leaf, what] of Object.entries(requests.broken)) said.push(`${leaf}: ${what}`);
  const why = status === undefined ? await whyUnknown(place, ports) : undefined;
  if (status === undefined) said.push(why ?? "No pass has been made yet: trueup reconcile.");
  else said.push(renderStatus(place, status, io));
  if (requests.requestedAt !== undefined && requests.requestedAt !== status?.requestedAt) {
    said.push(`The request ${requests.requestedAt} has not been answered yet.`);
  }
  return { said, isThere: why === undefined };
}

function suspension({ suspended }: RequestSet): readonly string[] {
  if (suspended === undefined) return [];
  const { reason, until } = suspended;
  return [
    `It is suspended (${reason})${until === undefined ? "" : ` until ${until}`}: trueup resume.`,
  ];
}

/** At which commit the branch is, or why that cannot be said. */
export async function tipOf(
  { branch, repository }: Registration,
  { sources }: Ports,
): Promise<string> {
  try {
    const tip = await unlessRefused(() => sources.tip(repository, branch));
    if (isRefused(tip)) return `You may not see where ${repository} ${branch} is: ${tip.refused}.`;
    return `${repository} ${branch} is at ${tip?.slice(0, 8) ?? "no commit"}.`;
  } catch (error) {
    if (error instanceof TerminalError) return error.message;
    throw error;
  }
}

/** What an application that is stalled means for its environments. */
const effectOf = (status: ApplicationStatus): string =>
  isUnread(status) ? unreadable : "The repository is followed, but not all of its images:";
