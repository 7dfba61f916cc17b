import { askedOnce } from "./asked-once.ts";
import type { Target } from "./model/bundle.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
import { digestOf } from "./model/digest.ts";
import { invalid } from "./model/errors.ts";
import type { Answer, OpenLookup } from "./model/lookup.ts";
import { inParallel } from "./parallel.ts";
import type { Lookups, Ports } from "./ports.ts";

/** Answers by the lookup's id. */
export type Answers = ReadonlyMap<string, Answer>;

/** Whose lookups they are. */
interface Asking {
  readonly application: string;
  readonly environment: string;
  readonly revision: string;
  readonly target: Target;
}

/**
 * What is looked up for one revision of an environment. It is asked once and kept: what an
 * environment should be moves with its repository, not by itself. A revision that asks for other
 * things, or from elsewhere, asks anew.
 */
export async function answersOf(
  open: readonly OpenLookup[],
  { application, environment, revision, target }: Asking,
  { artifacts, lookups }: Ports,
): Promise<Answers> {
  const question = digestOf([open.map(({ lookup }) => lookup), target]).slice(0, 12);
  const path = `inputs/${application}/${environment}/${revision}-${question}.json`;
  const now = async () => Object.fromEntries(await ask(open, lookups(target)));
  return new Map(Object.entries(await askedOnce(path, now, artifacts)));
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
