import type { Bundle } from "../model/bundle.ts";
import type { Gate, GivenConsent, Rules, Vote } from "../model/gates.ts";
import type { UnderWay } from "../model/observed.ts";
import type { DriftDetection, EnvironmentRecord } from "../model/record.ts";
import type { Refused } from "../model/refused.ts";
import type { RequestSet } from "../model/requests.ts";
import type { Template } from "../model/template.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Leaving, Objection } from "./decide.ts";
import type { UnitDrift } from "./drift.ts";
import type { Consent } from "./guard.ts";
import type { ChangeSets, Unit } from "./units.ts";

/** Desired beside observed: all that a roll-out is derived from. */
export interface Comparison {
  /** The environment, as requests name it: `application/environment`. */
  readonly key: string;
  readonly desired: {
    readonly bundle: Bundle;
    readonly revision: string;
    readonly consents: readonly Consent[];
    readonly rules: Rules;
    readonly pruneMax: number;
    /** Lookups with another answer than before. */
    readonly lookedUp?: readonly string[];
    readonly isOrphaned?: boolean;
    readonly deadlines: Deadlines;
    /** ISO 8601: since when nothing of it is wanted any more. */
    readonly leftAt?: string;
    /** Newer revisions failed here: this one was before them. */
    readonly goesBack?: { readonly wasVerified: boolean };
  };
  readonly observed: {
    readonly units: readonly Unit[];
    readonly changeSets: ReadonlyMap<string, ChangeSets>;
    readonly leaving: readonly Leaving[];
    readonly templates: ReadonlyMap<string, Template>;
    /** Units that are giving up what there can be only one of. */
    readonly releasing?: ReadonlySet<string>;
    readonly underWay: ReadonlyMap<string, readonly UnderWay[] | Refused>;
    readonly foreign: ReadonlyMap<string, string>;
    /** By unit, physical ids by logical id, where consents ask for them. */
    readonly ids: ReadonlyMap<string, ReadonlyMap<string, string>>;
    readonly drifts: ReadonlyMap<string, UnitDrift>;
    readonly detections: Readonly<Record<string, DriftDetection>>;
  };
  readonly record: EnvironmentRecord;
  readonly requests: RequestSet;
  /** Environments that this one waits for. */
  readonly unmet: readonly Gate[];
  /** None: not read, since nothing waits for any. */
  readonly votes: readonly Vote[];
  /** By unit, what its tasks need and is not there; undefined: not looked for, since none would start. */
  readonly missing?: ReadonlyMap<string, Objection>;
  readonly consents: readonly GivenConsent[];
  /** ISO 8601. */
  readonly now: string;
}
