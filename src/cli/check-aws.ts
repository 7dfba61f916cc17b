import { prefixOf } from "../application/ceiling.ts";
import { standInParameters } from "../application/parameters.ts";
import type { Target } from "../model/bundle.ts";
import { NotYetError, TerminalError } from "../model/errors.ts";
import { type Answer, describeLookup, type Lookup, type OpenLookup } from "../model/lookup.ts";
import { own } from "../model/own.ts";
import { isRefused, type Refused } from "../model/refused.ts";
import { sessionName } from "../model/session.ts";
import { inParallel } from "../parallel.ts";
import { needKey, needsOf, type TaskNeed } from "../plan/starts.ts";
import type { LookupResult } from "../ports/ports.ts";
import { judged } from "../reconcile/task-needs.ts";
import { type Checked, wrongFiles } from "./check-files.ts";
import { checkPermitted, checkStored, type Read, registrationOf } from "./check-permitted.ts";
import { checkRoom, checkTarget, type Looking, unlessClosed } from "./check-target.ts";
import type { Connection } from "./connection.ts";
import { storedBy, takenBy } from "./desk-answers.ts";
import { type Finding, failuresFrom } from "./findings.ts";
import { whereOf } from "./render.ts";
import { withFile } from "./said.ts";
import {
  type AnswerLookups,
  renderWorkingCopy,
  type TakeParameters,
  type WorkingCopy,
} from "./working-copy.ts";

interface CheckedInAws extends Checked {
  readonly connection: Connection;
  /** Undefined: plain compose files. */
  readonly read: Read | undefined;
}

/**
 * What AWS has of all that an environment needs, as far as the caller's own credentials go. What they
 * may not see is said; it is no failure, since the controller may.
 */
export async function checkInAws(checked: CheckedInAws): Promise<readonly Finding[]> {
  const { ports } = checked.connection;
  const about = checked.environment ?? "local";
  const read = withParameters(checked);
  const application = read?.application.name;
  const looking = { about, ports, session: sessionName(application, about, "check") };
  const registered =
    application === undefined ? undefined : await registrationOf(application, about, ports);
  const registration = registered && "outcome" in registered ? undefined : registered;
  const stored = read === undefined ? [] : await checkStored(about, read, ports);
  const found = [...(registered && "outcome" in registered ? [registered] : []), ...stored];

  try {
    const copy = await renderWorkingCopy({
      ...(await placeOf(checked, registration && prefixOf(about, registration))),
      deployedAs: async (key) => {
        const kept = await unlessClosed(() => ports.records.read(key));
        return isRefused(kept) ? undefined : kept.record.settings?.target;
      },
      read: stored.every(({ outcome }) => outcome === "ok")
        ? storedBy(ports)
        : async () => "placeholder",
      take: taking(looking, found),
      answer: answering(looking, found),
    });
    if (registration !== undefined && read !== undefined)
      found.push(...checkPermitted(copy, { home: await ports.home(), read, registration }));
    found.push(...(await checkTasks(copy, looking)), await checkRoom(copy.bundle, looking));
  } catch (error) {
    found.push(...wrongFiles(about, error).findings);
  }
  return found;
}

/** What a file of parameters asks for is asked for by the environment. */
function withParameters({ environment: name = "", io, read }: CheckedInAws): Read | undefined {
  const written = read && own(read.application.environments, name);
  if (read === undefined || written === undefined) return read;
  const { application, positionOf } = read;
  const given = withFile(written, { directory: io.cwd, positionOf });
  const environments = { ...application.environments, [name]: given };
  return { application: { ...application, environments }, positionOf };
}

async function placeOf(
  { connection, environment, files, io }: CheckedInAws,
  prefix: string | undefined,
) {
  const { account, region } = await connection.ports.home();
  return {
    ...whereOf(io),
    account,
    region,
    ...(prefix === undefined ? {} : { prefix }),
    directory: io.cwd,
    environment,
    files,
  };
}

/** Answers each lookup, and notes what came of it; stand-ins do where one has no answer. */
const answering =
  (looking: Looking, found: Finding[]): AnswerLookups =>
  async (open, target) => {
    const entry = await checkTarget(target, looking);
    found.push(entry);
    const results = await inParallel(open, width, async ({ lookup }) =>
      entry.outcome === "ok" ? answerTo(lookup, target, looking) : unreachable,
    );
    const answers = new Map<string, Answer>();
    for (const [index, one] of open.entries()) {
      const result = results[index] ?? unreachable;
      found.push({ about: looking.about, check: "lookup", ...foundOf(one, result) });
      if (!isRefused(result) && result.kind === "found") answers.set(one.lookup.id, result.answer);
    }
    return answers.size === open.length ? answers : "placeholder";
  };

const unreachable: Refused = { refused: "the target cannot be looked into" };

const answerTo = (lookup: Lookup, target: Target, { ports, session }: Looking) =>
  unlessClosed(() => ports.lookups(target, session).answer(lookup));

function foundOf(
  { lookup, origin }: OpenLookup,
  result: LookupResult | Refused,
): Pick<Finding, "at" | "help" | "message" | "outcome"> {
  const { id } = lookup;
  if (isRefused(result)) return { outcome: "not seen", message: `${id}: ${result.refused}` };
  if (result.kind === "found")
    return { outcome: "ok", message: `${id} is ${describeLookup(lookup)}` };
  return { outcome: "failed", at: origin, message: result.message, help: result.help };
}

/** Takes what another environment hands out, or stand-ins while it hands out nothing. */
function taking({ about, ports }: Looking, found: Finding[]): TakeParameters {
  const take = takenBy(ports);
  const whose = { about, check: "parameters" } as const;
  return async (from, taker) => {
    try {
      const taken = await unlessClosed(() => take(from, taker));
      if (!isRefused(taken)) {
        const names = Object.keys(taken).join(", ");
        found.push({ ...whose, outcome: "ok", message: `${from} hands out ${names}` });
        return taken;
      }
      found.push({ ...whose, outcome: "not seen", message: taken.refused });
    } catch (error) {
      // It is waited for, which is no failure.
      if (error instanceof NotYetError)
        found.push({ ...whose, outcome: "not seen", message: error.message });
      else if (error instanceof TerminalError)
        found.push(...failuresFrom(whose, error.diagnostics));
      else throw error;
    }
    return standInParameters;
  };
}

/** Whether tasks would find their images and secrets. */
async function checkTasks(
  { bundle }: WorkingCopy,
  { about, ports, session }: Looking,
): Promise<readonly Finding[]> {
  const { stacks, target } = bundle;
  const needs = stacks.flatMap((stack) => needsOf(stack, target));
  const each = [...new Map(needs.map((need) => [needKey(need), need])).values()];
  return inParallel(each, width, async (need) => {
    const whose = { about, check: need.kind };
    const judgement = await unlessClosed(() => judged(need, target, { ports, session }));
    if (isRefused(judgement))
      return { ...whose, outcome: "not seen", message: `${need.text}: ${judgement.refused}` };
    const message = `${need.text} ${judgement.text}`;
    if (judgement.kind === "fine") return { ...whose, outcome: "ok", message };
    if (judgement.kind === "unseen") return { ...whose, outcome: "not seen", message };
    return { ...whose, outcome: "failed", at: need.origin, message, help: helpFor(need) };
  });
}

const helpFor = ({ kind }: TaskNeed): string =>
  kind === "image" ? "push it, or name another image" : "make it, or name another secret";

const width = 5;
