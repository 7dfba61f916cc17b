import type { Target } from "../model/bundle.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { digestOf } from "../model/digest.ts";
import { invalid } from "../model/errors.ts";
import type { Answer, OpenLookup } from "../model/lookup.ts";
import { isSameJson } from "../model/same.ts";
import { sessionName } from "../model/session.ts";
import { inParallel } from "../parallel.ts";
import type { Lookups, Ports } from "../ports/ports.ts";
import { askedOnce, type Kept, keptAt } from "./asked-once.ts";

/** Answers by the lookup's id. */
export type Answers = ReadonlyMap<string, Answer>;

/** Whose lookups they are. */
interface Asking {
  readonly application: string;
  readonly environment: string;
  readonly revision: string;
  readonly target: Target;
  /** The token of a person who has it looked up again. */
  readonly anew?: string | undefined;
}

/** What was asked, and what was found: kept for a revision. */
export interface Asked {
  /** Tells what was asked from other things. */
  readonly question: string;
  readonly open: readonly OpenLookup[];
  readonly answers: Answers;
}

/** What was found, and what of it is not what was found before. */
interface Looked {
  readonly question: string;
  readonly answers: Answers;
  /** Ids of lookups. */
  readonly changed: readonly string[];
}

/**
 * What is looked up for one revision of an environment. It is asked once and kept: what an
 * environment should be moves with its repository, not by itself. A revision that asks for other
 * things, or from elsewhere, asks anew, and so does whoever says so.
 */
export async function answersOf(
  open: readonly OpenLookup[],
  asking: Asking,
  { artifacts, lookups }: Ports,
): Promise<Looked> {
  const { application, environment, target } = asking;
  const question = questionOf(open, target);
  const looking = lookups(target, sessionName(application, environment));
  const now = async () => Object.fromEntries(await ask(open, looking));
  const path = pathOf(question, asking);
  return lookedUp(question, await askedOnce(path, now, artifacts, asking.anew));
}

/** What was found when the same revision asked before; undefined: it did not, or is to ask anew. */
export async function answersKept(
  question: string | undefined,
  asking: Omit<Asking, "target">,
  { artifacts }: Ports,
): Promise<Looked | undefined> {
  if (question === undefined || asking.anew !== undefined) return undefined;
  const kept = await keptAt<Found>(pathOf(question, asking), artifacts);
  return kept && lookedUp(question, kept);
}

/** Tells what is looked up, and where, from other things. */
export const questionOf = (open: readonly OpenLookup[], target: Target): string =>
  digestOf([open.map(({ lookup }) => lookup), target]).slice(0, 12);

type Found = Readonly<Record<string, Answer>>;

const pathOf = (question: string, { application, environment, revision }: Omit<Asking, "target">) =>
  `inputs/${application}/${environment}/${revision}-${question}`;

function lookedUp(question: string, { answer, before = answer }: Kept<Found>): Looked {
  const changed = Object.entries(answer).flatMap(([id, found]) =>
    isSameJson(found, before[id]) ? [] : [id],
  );
  return { question, answers: new Map(Object.entries(answer)), changed };
}

/** What AWS says otherwise by now, each in a sentence; nothing of it is kept. */
export async function changedSince(
  { answers, open }: Asked,
  lookups: Lookups,
): Promise<readonly string[]> {
  const said = await inParallel(open, atOnce, async ({ lookup }): Promise<readonly string[]> => {
    const { id } = lookup;
    const result = await lookups.answer(lookup);
    if (result.kind === "refused") return [`${id}: ${result.message}.`];
    const isSame = isSameJson(result.answer, answers.get(id));
    return isSame ? [] : [`${id} is not what it was.`];
  });
  return said.flat().sort();
}

const atOnce = 5;

/** What AWS says now. Throws a TerminalError that names every lookup without exactly one answer. */
export async function ask(open: readonly OpenLookup[], lookups: Lookups): Promise<Answers> {
  const results = await inParallel(open, atOnce, async ({ lookup, origin }) => ({
    id: lookup.id,
    origin,
    result: await lookups.answer(lookup),
  }));
  const wrong = results.flatMap(({ origin, result }): readonly Diagnostic[] =>
    result.kind === "found"
      ? []
      : [
          {
            ...origin,
            severity: "error",
            code: "lookup-failed",
            message: result.message,
            help: result.help,
          },
        ],
  );
  if (wrong.length > 0) throw invalid("LookupFailed", wrong);
  return new Map(
    results.flatMap(({ id, result }) => (result.kind === "found" ? [[id, result.answer]] : [])),
  );
}
