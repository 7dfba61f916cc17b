import type { GivenConsent, Vote } from "../model/gates.ts";
import {
  type Hold,
  type Promotion,
  type RequestLeaf,
  type RequestSet,
  requestLeaves,
} from "../model/requests.ts";
import { isTime } from "../model/time.ts";
import type { Requests } from "../ports/ports.ts";
import type { Call } from "./call.ts";
import { historyOf, objectFrom, putValue, root, type Written, writtenIn } from "./parameters.ts";

/** What people ask for under `/trueup/<app>/<env>/`. */
export const requestsOf = (call: Call): Requests => ({
  async read(application, environment) {
    const nameOf = (leaf: RequestLeaf) => `${root}/${application}/${environment}/${leaf}`;
    const written = await writtenIn(requestLeaves.map(nameOf), call);
    return requestsFrom((leaf) => written.get(nameOf(leaf)));
  },

  async votes(application, environment) {
    const cast = await Promise.all(
      Object.entries(verdicts).map(async ([leaf, verdict]) => {
        const versions = await historyOf(`${root}/${application}/${environment}/${leaf}`, call);
        return versions.flatMap(({ at, text, user }): readonly Vote[] => {
          const { value } = voteFrom(text);
          return value === undefined ? [] : [{ ...value, verdict, user, at }];
        });
      }),
    );
    return cast.flat();
  },

  async consents(application, environment) {
    const versions = await historyOf(`${root}/${application}/${environment}/consent`, call);
    return versions.flatMap(({ at, text, user }): readonly GivenConsent[] => {
      const { value } = consentFrom(text);
      return value === undefined ? [] : [{ ...value, user, at }];
    });
  },

  ask: (application, environment, token) =>
    putValue(`${root}/${application}/${environment}/requested-at`, JSON.stringify(token), call),
});

const verdicts = { approval: "approved", rejection: "rejected" } as const;

type Suspension = NonNullable<RequestSet["suspended"]>;

/** What a leaf says, what is wrong with it, or neither: there is none. */
interface Reading<T> {
  readonly value?: T;
  readonly wrong?: string;
}

function requestsFrom(writtenAt: (leaf: RequestLeaf) => Written | undefined): RequestSet {
  const textOf = (leaf: RequestLeaf) => writtenAt(leaf)?.text;
  const requestedAt = tokenFrom(textOf("requested-at"));
  const suspended = suspensionFrom(textOf("suspended"));
  const hold = holdFrom(textOf("hold"));
  const promotion = promotionFrom(writtenAt("promote"));
  const verifyAt = tokenFrom(textOf("verify-at"));
  const wrong = {
    "requested-at": requestedAt.wrong,
    suspended: suspended.wrong,
    approval: voteFrom(textOf("approval")).wrong,
    rejection: voteFrom(textOf("rejection")).wrong,
    consent: consentFrom(textOf("consent")).wrong,
    hold: hold.wrong,
    "verify-at": verifyAt.wrong,
    promote: promotion.wrong,
  };
  const broken = Object.entries(wrong).filter(([, what]) => what !== undefined);
  return {
    requestedAt: requestedAt.value,
    suspended: suspended.value,
    hold: hold.value,
    promotion: promotion.value,
    verifyAt: verifyAt.value,
    voted: textOf("approval") !== undefined || textOf("rejection") !== undefined,
    consented: textOf("consent") !== undefined,
    broken: Object.fromEntries(broken) as Readonly<Record<string, string>>,
  };
}

/** The digest has to be whole: part of one may be part of another. */
function voteFrom(text: string | undefined): Reading<Pick<Vote, "digest" | "reason">> {
  if (text === undefined) return {};
  const value = objectFrom(text);
  if (typeof value === "string") return { wrong: value };
  const { digest, reason = "", ...rest } = value;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return { wrong: `has the unknown key "${unknown}"` };
  if (typeof reason !== "string") return { wrong: "has a reason that is no text" };
  if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) {
    return { wrong: "has no digest of 64 hexadecimal digits" };
  }
  return { value: { digest, reason } };
}

/** `{"doomed"}`, `{"skip"}` or both, and a reason. */
function consentFrom(
  text: string | undefined,
): Reading<Pick<GivenConsent, "doomed" | "reason" | "skip">> {
  if (text === undefined) return {};
  const value = objectFrom(text);
  if (typeof value === "string") return { wrong: value };
  const { doomed, reason = "", skip = {}, ...rest } = value;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return { wrong: `has the unknown key "${unknown}"` };
  if (typeof reason !== "string") return { wrong: "has a reason that is no text" };
  if (!isSkip(skip)) return { wrong: "has a skip that is no list of logical ids by stack" };
  if (doomed === undefined) {
    const isNothing = Object.values(skip).flat().length === 0;
    return isNothing ? { wrong: "consents to nothing" } : { value: { doomed, reason, skip } };
  }
  if (typeof doomed !== "string" || !/^[0-9a-f]{64}$/.test(doomed)) {
    return { wrong: "has a doomed that is no digest of 64 hexadecimal digits" };
  }
  return { value: { doomed, reason, skip } };
}

const isSkip = (value: unknown): value is GivenConsent["skip"] =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every(
    (ids) =>
      Array.isArray(ids) && ids.every((id) => typeof id === "string" && /^[A-Za-z0-9]+$/.test(id)),
  );

/** JSON text, or as people type it on a command line: bare. */
function tokenFrom(text: string | undefined): Reading<string> {
  if (text === undefined) return {};
  const [, , value] = /^("?)([A-Za-z0-9._:+-]{1,128})\1$/.exec(text.trim()) ?? [];
  if (value !== undefined) return { value };
  return { wrong: 'is not a token: up to 128 letters, digits or ".", "_", ":", "+", "-"' };
}

/** Somebody wanted the controller to keep still: a text that cannot be read still says so. */
function suspensionFrom(text: string | undefined): Reading<Suspension> {
  if (text === undefined) return {};
  const value = objectFrom(text);
  const wrong = typeof value === "string" ? value : wrongWith(value);
  if (typeof value === "string" || wrong !== undefined) {
    return { value: { reason: `suspended ${wrong}`, until: undefined }, wrong: wrong ?? "" };
  }
  const { reason = "", until } = value as { reason?: string; until?: string };
  return { value: { reason, until } };
}

/** A hold that cannot be read holds nothing, but it stops everything: it was meant to say something. */
function holdFrom(text: string | undefined): Reading<Hold> {
  if (text === undefined) return {};
  const value = objectFrom(text);
  if (typeof value === "string") return { wrong: value };
  const { revision, ...rest } = value;
  const wrong = wrongWith(rest);
  if (wrong !== undefined) return { wrong };
  if (typeof revision !== "string" || !/^[0-9a-f]{40}$/.test(revision)) {
    return { wrong: "has no revision of 40 hexadecimal digits" };
  }
  const { reason = "", until } = rest as { reason?: string; until?: string };
  return { value: { revision, reason, until } };
}

/** As a hold: one that cannot be read stops everything. */
function promotionFrom(written: Written | undefined): Reading<Promotion> {
  const { value, wrong } = holdFrom(written?.text);
  if (value === undefined || written === undefined) return wrong === undefined ? {} : { wrong };
  return { value: { ...value, at: written.at } };
}

function wrongWith(suspension: Readonly<Record<string, unknown>>): string | undefined {
  const { reason = "", until = "9999-12-31", ...rest } = suspension;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `has the unknown key "${unknown}"`;
  if (typeof reason !== "string") return "has a reason that is no text";
  return isTime(until) ? undefined : "has an until that is no ISO 8601 time";
}
