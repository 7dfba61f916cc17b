import type { Consent, Environment } from "../application/application.ts";
import { approversOf, floorOf, prefixOf, windowsOver } from "../application/ceiling.ts";
import { checkHostRights } from "../application/host-rights.ts";
import { sharedNames } from "../application/shared-names.ts";
import type { Bundle, Target } from "../model/bundle.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { digestOf } from "../model/digest.ts";
import { invalid, NotYetError, TerminalError } from "../model/errors.ts";
import type { FixedName } from "../model/fixed-name.ts";
import type { Rules, Settings } from "../model/gates.ts";
import type { Registration } from "../model/registration.ts";
import type { Promotion } from "../model/requests.ts";
import type { Ports } from "../ports/ports.ts";
import type { RenderSettings } from "../render.ts";
import { answeredAt, type Knowing } from "./answered.ts";
import { parametersAt, parametersUnasked } from "./given.ts";
import type { Asked } from "./lookups.ts";
import { environmentAt, nameOf, type Place, takersOf } from "./place.ts";
import { renderedAt } from "./rendered.ts";
import type { Source } from "./source.ts";
import { placedIfKnown, withVariables } from "./stored.ts";
import { targetAt } from "./target.ts";

/** What the repository asks of one environment now. */
export interface Desired {
  /** The commit it is compiled from. */
  readonly revision: string;
  readonly bundle: Bundle;
  readonly consents: readonly Consent[];
  readonly selfHeal: Environment["selfHeal"];
  readonly drift: Environment["drift"];
  readonly rules: Rules;
  /** How many stacks may leave at once without anybody's word. */
  readonly pruneMax: number;
  /** It is in no `trueup.yaml` any more: nothing of it goes without people's consent. */
  readonly isOrphaned?: boolean;
  readonly deadlines: Environment["deadlines"];
  readonly verify: Environment["verify"];
  readonly needs: Environment["needs"];
  readonly warnings: readonly Diagnostic[];
  /** What was looked up for it; undefined: nothing. */
  readonly asked?: Asked;
  /** Lookups with another answer than before, when a person had them looked up again. */
  readonly lookedUp?: readonly string[];
  /** Environments that take what this one verifies. */
  readonly takers: readonly string[];
  /** Newer revisions failed here: this one was before them. */
  readonly goesBack?: {
    readonly reason: string;
    /** The newest of them. */
    readonly from: string;
    /** Whether this very bundle was verified here: then nobody is asked again. */
    readonly wasVerified: boolean;
  };
  /** ISO 8601: since when an instance that has a lease was wanted; else the record knows. */
  readonly since?: string;
  /** Whether people have it for a look, beside what is followed. */
  readonly aside?: boolean;
  /** What a person chose of what was verified: newer ones wait. */
  readonly chosen?: Promotion;
  /** ISO 8601: since when nothing of it is wanted any more. */
  readonly leftAt?: string;
}

/** What an environment follows, before any of it is compiled. */
export interface Followed {
  readonly target: Target;
  /**
   * All that the compiled state follows from, but for what was looked up for it. Undefined: it
   * follows from more than can be told.
   */
  readonly basis: unknown;
  /** Throws a TerminalError where the revision is wrong. */
  compile(knowing?: Knowing): Promise<Desired>;
}

/** A place at a revision. */
export async function followedAt(source: Source, place: Place, ports: Ports): Promise<Followed> {
  const { registration, tip } = place;
  return {
    target: await targetAt(place, ports),
    basis: [registration, await ports.home(), tip.commit, source.commit],
    compile: async (knowing = {}) => {
      try {
        return await compileAt(source, place, { ...knowing, ports });
      } catch (error) {
        if (error instanceof TerminalError || error instanceof NotYetError)
          error.revision = source.commit;
        throw error;
      }
    },
  };
}

/** An instance of which nothing is wanted any more: what it has goes, as what left a file goes. */
export function nothingAt(
  revision: string,
  leftAt: string,
  place: Place,
  target: Target,
): Followed {
  const bundle = { digest: digestOf({ target, stacks: [] }), target, stacks: [] };
  const settings = { ...settingsOf(place, target), needs: [], verify: [] };
  const pruneMax = Number.POSITIVE_INFINITY;
  const compile = async () => ({ revision, bundle, ...settings, pruneMax, warnings: [], leftAt });
  return { target, basis: undefined, compile };
}

/** What `trueup.yaml` of a commit said of an environment; undefined: nothing that can be read. */
export async function settingsAt(
  application: string,
  key: string,
  commit: string,
  ports: Ports,
): Promise<Settings | undefined> {
  const environment = await environmentAt(application, key, commit, ports);
  if (environment === undefined) return undefined;
  const { approval, windows } = environment;
  return { approval, windows, target: await targetAt({ environment }, ports) };
}

/** What the names of an environment's stacks begin with. */
export const prefixAt = async (
  { environment, registration }: Place,
  ports: Ports,
): Promise<string> => prefixOf(environment.name, registration) ?? (await ports.home()).prefix;

const settingsOf = (place: Place, target: Target) => {
  const { environment, registration } = place;
  return {
    consents: environment.allow,
    deadlines: environment.deadlines,
    drift: environment.drift,
    needs: environment.needs,
    pruneMax: environment.pruneMax,
    rules: rulesOf(environment, registration, target),
    selfHeal: environment.selfHeal,
    verify: environment.verify,
    takers: takersOf(place),
  };
};

async function compileAt(
  source: Source,
  place: Place,
  { anew, ports, question }: Knowing & { readonly ports: Ports },
): Promise<Desired> {
  const { application, positionOf, registration } = place;
  const common = application.variables;
  const of = { anew, commit: source.commit, common, name: nameOf(place), positionOf, registration };
  const environment = await withVariables(place.environment, of, ports);
  const asked: Place = { ...place, environment };
  const target = await targetAt(asked, ports);
  const settings: RenderSettings = {
    application: asked.application.name,
    environment: nameOf(asked),
    target,
    prefix: await prefixAt(asked, ports),
    layout: environment.layout,
    ephemeral: environment.ephemeral !== undefined,
    parameters: await parametersAt(source, { anew, place: asked, target }, ports),
  };
  const {
    asked: lookups,
    changed,
    done,
  } = await answeredAt(source, asked, { anew, ports, question, settings });
  if (done.kind === "failed") throw invalid("SourceInvalid", done.diagnostics);
  const { bundle, names, warnings } = done;
  const denied = checkHostRights(bundle, environment.name, registration);
  if (denied.length > 0) throw invalid("NotPermitted", denied);
  const lookedUp = {
    ...(lookups === undefined ? {} : { asked: lookups }),
    ...(changed.length === 0 ? {} : { lookedUp: changed }),
  };
  const shared = names.length > 0 ? await sharedAt(source, asked, names, { ports, settings }) : [];
  if (shared.length > 0) throw invalid("SourceInvalid", shared);
  return { revision: source.commit, bundle, ...settingsOf(asked, target), warnings, ...lookedUp };
}

/** Names that another environment of the same account would give too, from the same revision. */
async function sharedAt(
  source: Source,
  asked: Place,
  names: readonly FixedName[],
  { ports, settings }: { readonly ports: Ports; readonly settings: RenderSettings },
): Promise<readonly Diagnostic[]> {
  const { account, region } = settings.target;
  const found: Diagnostic[] = [];
  for (const environment of Object.values(asked.application.environments)) {
    if (environment.name === asked.environment.name) continue;
    const place: Place = { ...asked, environment, instance: undefined };
    const placed = await placedIfKnown(environment, { commit: asked.tip.commit, ...asked }, ports);
    const target = await targetAt({ environment: placed }, ports);
    if (target.account !== account || target.region !== region) continue;
    const parameters = parametersUnasked(environment);
    const own = { environment: environment.name, target, parameters };
    // As it begins its own pass: neither is done twice.
    const other = await renderedAt(source, place, { ports, settings: { ...settings, ...own } });
    // What is wrong with the other is told there.
    if (other.kind !== "failed")
      found.push(...sharedNames({ environment: nameOf(asked), names }, { ...own, ...other }));
  }
  return found;
}

const rulesOf = (
  { approval, name, windows }: Environment,
  registration: Registration,
  target: Target,
): Rules => ({
  settings: { approval, target, windows },
  windows: windowsOver(name, registration),
  floor: floorOf(name, registration),
  approvers: approversOf(name, registration),
});
