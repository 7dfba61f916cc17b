import type { Target } from "../model/bundle.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { digestOf } from "../model/digest.ts";
import { invalid } from "../model/errors.ts";
import type { Answer, OpenLookup } from "../model/lookup.ts";
import { isSameJson } from "../model/same.ts";
import { sessionName } from "../model/session.ts";
import { inParallel } from "../parallel.ts";
import type { Lookups, Ports } from "../ports/ports.ts";
import { askedOnce } from "./asked-once.ts";

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
  readonly open: readonly OpenLookup[];
  readonly answers: Answers;
}

/** What was found, and what of it is not what was found before. */
interface Looked {
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
  { anew, application, environment, revision, target }: Asking,
  { artifacts, lookups }: Ports,
): Promise<Looked> {
  const question = digestOf([open.map(({ lookup }) => lookup), target]).slice(0, 12);
  const path = `inputs/${application}/${environment}/${revision}-${question}`;
  const looking = lookups(target, sessionName(application, environment));
  const now = async () => Object.fromEntries(await ask(open, looking));
  const { answer, before = answer } = await askedOnce(path, now, artifacts, anew);
  const changed = Object.entries(answer).flatMap(([id, found]) =>
    isSameJson(found, before[id]) ? [] : [id],
  );
  return { answers: new Map(Object.entries(answer)), changed };
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
