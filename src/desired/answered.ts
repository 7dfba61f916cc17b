import { checkLookups } from "../application/ceiling.ts";
import { invalid } from "../model/errors.ts";
import type { OpenLookup } from "../model/lookup.ts";
import type { Ports } from "../ports/ports.ts";
import type { RenderSettings } from "../render.ts";
import { type Asked, answersKept, answersOf, questionOf } from "./lookups.ts";
import type { Place } from "./place.ts";
import { type Open, renderedAt } from "./rendered.ts";
import type { Source } from "./source.ts";

/** What is known of what is looked up before anything is compiled. */
export interface Knowing {
  /** The token of a person who has it looked up again. */
  readonly anew?: string | undefined;
  /** What was asked last: most often that is what is asked again. */
  readonly question?: string | undefined;
}

interface Means extends Knowing {
  readonly ports: Ports;
  readonly settings: RenderSettings;
}

interface Answered {
  readonly done: Exclude<Open, { readonly kind: "lookups" }>;
  /** Ids of lookups with another answer than before. */
  readonly changed: readonly string[];
  /** Undefined: nothing is looked up. */
  readonly asked?: Asked;
}

/** An environment rendered from its files at a source, with all that it looks up. */
export async function answeredAt(source: Source, place: Place, means: Means): Promise<Answered> {
  const asBefore = await answeredAsBefore(source, place, means);
  if (asBefore !== undefined) return asBefore;
  const { ports, settings } = means;
  const first = await renderedAt(source, place, { ports, settings });
  if (first.kind !== "lookups") return { done: first, changed: [] };

  const open = permitted(first.lookups, place);
  const { answers, changed, question } = await answersOf(open, askingOf(source, means), ports);
  const answered: RenderSettings = { ...settings, lookups: answers };
  const done = await renderedAt(source, place, { ports, settings: answered });
  if (done.kind !== "lookups") return { done, changed, asked: { question, open, answers } };
  throw new Error(`Asked twice for ${done.lookups.map(({ lookup }) => lookup.id).join(", ")}.`);
}

/**
 * With what was found for what was asked last, which spares compiling to find out what to ask.
 * Undefined: it is not known, or what is rendered turns out to ask something else.
 */
async function answeredAsBefore(
  source: Source,
  place: Place,
  means: Means,
): Promise<Answered | undefined> {
  const { ports, settings } = means;
  const kept = await answersKept(means.question, askingOf(source, means), ports);
  if (kept === undefined) return undefined;
  const { answers, changed, question } = kept;
  const answered: RenderSettings = { ...settings, lookups: answers };
  const done = await renderedAt(source, place, { ports, settings: answered });
  if (done.kind !== "rendered") return undefined;
  if (questionOf(done.lookups, settings.target) !== question) return undefined;
  return { done, changed, asked: { question, open: permitted(done.lookups, place), answers } };
}

const askingOf = ({ commit }: Source, { anew, settings }: Means) => {
  const { application, environment, target } = settings;
  return { anew, application, environment, revision: commit, target };
};

/** What is to be looked up, where the registration lets it be. */
function permitted(
  open: readonly OpenLookup[],
  { environment, registration }: Place,
): readonly OpenLookup[] {
  const refusals = checkLookups(open, environment.name, registration);
  if (refusals.length > 0) throw invalid("NotPermitted", refusals);
  return open;
}
