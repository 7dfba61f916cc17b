import type { Diagnostic } from "../model/diagnostic.ts";
import { secondsIn } from "../model/duration.ts";
import type { ApprovalRule } from "../model/gates.ts";
import type { NoticePhase, Notify } from "../model/notice.ts";
import {
  type Application,
  type Consent,
  type Environment,
  type Follows,
  type GivenParameters,
  usualDeadlines,
  usualDrift,
} from "./application.ts";
import { check } from "./check.ts";
import {
  fromFindings,
  notifyFindings,
  toCheck,
  toWindow,
  type WrittenCheck,
  type WrittenWindow,
  windowFindings,
} from "./delivery.ts";
import { needsFindings } from "./needs.ts";
import { type PositionOf, readShaped } from "./shaped.ts";
import { toTarget, type WrittenTarget } from "./target.ts";
import { trueupYaml } from "./trueup-yaml.ts";

export type ApplicationRead =
  | {
      readonly kind: "read";
      readonly application: Application;
      readonly warnings: readonly Diagnostic[];
      /** Where the value at a path stands; for one that is not there, the nearest above it. */
      readonly positionOf: PositionOf;
    }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] };

/** `trueup.yaml` as it says and nothing else: whatever it says that is not known is an error. */
export function readApplication(file: string, text: string): ApplicationRead {
  const read = readShaped(file, text, {
    findingsOf: (root) => [
      ...check(trueupYaml, root),
      ...fromFindings(root),
      ...needsFindings(root),
      ...windowFindings(root),
      ...notifyFindings(root),
    ],
    wanted: "name the `application:` and its `environments:`",
  });
  if (read.kind === "failed") return read;
  const { positionOf, root, warnings } = read;
  const application = toApplication(root.document.toJS() as Written);
  return { kind: "read", application, warnings, positionOf };
}

/** The file's data once it has passed its shape. */
interface Written {
  readonly application: string;
  readonly compose?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly environments: Readonly<Record<string, WrittenEnvironment>>;
  readonly images?: {
    readonly author?: string;
    readonly message?: string;
    readonly quiet?: string;
    readonly writeBack?: "commit" | "pull-request";
  };
  readonly notify?: WrittenNotify;
}

interface WrittenNotify {
  readonly sns?: string;
  readonly eventBus?: string;
  readonly on?: readonly NoticePhase[];
}

interface WrittenEnvironment {
  readonly on?: Follows;
  readonly from?: string;
  readonly compose?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly target?: WrittenTarget;
  readonly parameters?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly layout?: Environment["layout"];
  readonly allow?: readonly WrittenConsent[];
  readonly selfHeal?: Environment["selfHeal"];
  readonly drift?: { readonly every?: string; readonly ignore?: readonly string[] };
  readonly deadlines?: WrittenDeadlines;
  readonly ephemeral?: WrittenLease;
  readonly approval?: WrittenApproval;
  readonly verify?: readonly WrittenCheck[];
  readonly windows?: readonly WrittenWindow[];
  readonly needs?: readonly string[];
  readonly prune?: { readonly max?: number };
}

type WrittenApproval = "manual" | { readonly required: number; readonly expires?: string };

interface WrittenLease {
  readonly ttl?: string;
  readonly keepOnFailure?: string;
  readonly max?: number;
}

type WrittenDeadlines = Readonly<Partial<Record<keyof Environment["deadlines"], string>>>;

interface WrittenConsent {
  readonly from?: string;
  readonly replace?: string;
  readonly remove?: string;
  readonly until: string;
}

function toApplication(written: Written): Application {
  const variables = written.variables ?? {};
  const environments = Object.entries(written.environments).map(
    ([name, environment]): [string, Environment] => [
      name,
      {
        name,
        on: toFollows(environment),
        compose: environment.compose ?? [],
        variables: { ...variables, ...environment.variables },
        target: toTarget(environment.target ?? {}),
        parameters: toParameters(environment.parameters ?? {}),
        layout: environment.layout ?? "per-service",
        allow: (environment.allow ?? []).map(toConsent),
        selfHeal: environment.selfHeal ?? "report",
        drift: toDrift(environment.drift),
        approval: toApproval(environment.approval),
        pruneMax: environment.prune?.max ?? 1,
        deadlines: toDeadlines(environment.deadlines ?? {}),
        verify: (environment.verify ?? []).map(toCheck),
        windows: (environment.windows ?? []).map(toWindow),
        needs: environment.needs ?? [],
        ephemeral: environment.ephemeral && toLease(environment.ephemeral),
      },
    ],
  );
  return {
    name: written.application,
    compose: written.compose ?? [],
    variables,
    environments: Object.fromEntries(environments),
    images: {
      author: toAuthor(written.images?.author ?? "Trueup <trueup@localhost>"),
      message: written.images?.message,
      quiet: secondsIn(written.images?.quiet ?? "10s"),
      writeBack: written.images?.writeBack ?? "commit",
    },
    notify: written.notify && toNotify(written.notify),
  };
}

const toNotify = ({ eventBus, on, sns }: WrittenNotify): Notify => ({
  topic: sns,
  bus: eventBus,
  on: on ?? ["approval", "failed", "promoted", "leaked"],
});

/** One of the two is there. */
const toFollows = ({ from = "", on }: WrittenEnvironment): Follows => on ?? { environment: from };

const toLease = ({
  keepOnFailure,
  max = 3,
  ttl = "2h",
}: WrittenLease): Environment["ephemeral"] => ({
  ttlSeconds: secondsIn(ttl),
  keepOnFailureSeconds: keepOnFailure === undefined ? 0 : secondsIn(keepOnFailure),
  max,
});

const toDrift = ({ every, ignore = [] }: WrittenEnvironment["drift"] = {}) => ({
  everySeconds: every === undefined ? usualDrift.everySeconds : secondsIn(every),
  ignore,
});

const toDeadlines = (written: WrittenDeadlines): Environment["deadlines"] => ({
  ...usualDeadlines,
  ...Object.fromEntries(Object.entries(written).map(([phase, time]) => [phase, secondsIn(time)])),
});

function toParameters(given: NonNullable<WrittenEnvironment["parameters"]>): GivenParameters {
  if (typeof given === "string") return { file: given };
  if (typeof given.from === "string") return { from: given.from };
  const values = Object.entries(given).map(([name, value]) => [name, [value].flat().join(",")]);
  return { values: Object.fromEntries(values) };
}

function toConsent({ from, replace, remove, until }: WrittenConsent): Consent {
  const what = { until, ...(from === undefined || from === "any" ? {} : { from }) };
  return replace === undefined
    ? { action: "remove", path: remove ?? "", ...what }
    : { action: "replace", path: replace, ...what };
}

const toApproval = (written: WrittenApproval | undefined): ApprovalRule | undefined =>
  written === undefined
    ? undefined
    : written === "manual"
      ? { required: 1, expiresSeconds: undefined }
      : {
          required: written.required,
          expiresSeconds: written.expires === undefined ? undefined : secondsIn(written.expires),
        };

function toAuthor(text: string): Application["images"]["author"] {
  const [name = "", email = ""] = text.split(/ <|>/);
  return { name, email };
}
