import type { Origin } from "../model/bundle.ts";
import type { Presence } from "./held.ts";
import { renderBriefly, short } from "./show.ts";
import { renderOrigin } from "./show-tree.ts";
import type { Chain, RevisionLink, StackLink, Trace } from "./trace-chain.ts";
import type { Io } from "./verb.ts";

/** Each chain from the application down, a link a line. */
export const renderTrace = ({ chains }: Trace, io: Io): string =>
  chains.map((chain) => linesOf(chain, io).join("\n")).join("\n\n");

function linesOf(
  { application, environment, revisions, stacks }: Chain,
  io: Io,
): readonly string[] {
  const { branch, name, repository } = application;
  const follows =
    repository === undefined ? "not registered" : `repository ${repository}, branch ${branch}`;
  const { linesOf: lines, target } = environment;
  const desired = revisions.find(({ as }) => as.includes("desired"))?.commit;
  const isOlder = stacks.length > 0 && lines !== undefined && lines !== desired;
  return [
    link("application", name, follows, renderBriefly(application.conditions, io)),
    link(
      "environment",
      `${name}/${environment.name}`,
      target && `${target.account} ${target.region}`,
      renderBriefly(environment.conditions, io),
      isOlder ? `lines as of ${short(lines)}` : undefined,
    ),
    ...revisions.map(revisionLine),
    ...stacks.flatMap(stackLines),
  ];
}

/** What is not known has no place in a line. */
const link = (what: string, ...words: readonly (string | undefined)[]): string =>
  [what.padEnd(11), ...words.filter((word) => word !== undefined && word !== "")].join("  ");

function revisionLine({ as, commit, since, subject, votes }: RevisionLink): string {
  const said = as.map((role) => {
    const at = since[role];
    return at === undefined ? `${role}, since when the ledger does not say` : `${role} since ${at}`;
  });
  const approved = votes.map(({ reason, user }) =>
    reason === "" ? `approved by ${user}` : `approved by ${user}: ${reason}`,
  );
  return link("revision", short(commit), [...said, ...approved].join("; "), quoted(subject));
}

const quoted = (subject: string | undefined): string | undefined =>
  subject === undefined ? undefined : JSON.stringify(subject);

function stackLines({ digest, images, name, resources, status }: StackLink): readonly string[] {
  const at = digest && `digest ${digest.slice(0, 12)}`;
  return [
    link("stack", name, status ?? "status not told", at),
    ...byCause(
      resources.map(({ cause, logicalId, presence, type }) => ({
        cause,
        line: link("resource", logicalId, type, wordOf(presence)),
      })),
    ),
    ...images.flatMap(({ cause, container, from, image, presence }) => [
      link("image", container, image, presence ?? "not known whether it is deployed"),
      ...(from === undefined
        ? []
        : [link("  since", `commit ${short(from.commit)}`, quoted(from.subject))]),
      link("  compose", renderOrigin(cause)),
    ]),
  ];
}

/** Of most it goes without saying. */
const wordOf = (presence: Presence | undefined): string | undefined =>
  presence === "deployed" ? undefined : presence;

interface Caused {
  readonly cause: Origin | undefined;
  readonly line: string;
}

/** What the same compose line asks for stands together, above it. */
function byCause(all: readonly Caused[]): readonly string[] {
  const groups = Map.groupBy(all, ({ cause }) => renderOrigin(cause));
  return [...groups].flatMap(([cause, members]) => [
    ...members.map(({ line }) => line),
    link("  compose", cause),
  ]);
}
