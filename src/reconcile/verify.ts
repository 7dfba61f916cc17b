import { giveVerdict } from "../instances/verdicts.ts";
import { stampOutput } from "../link/digests.ts";
import type { Bundle } from "../model/bundle.ts";
import { digestOf } from "../model/digest.ts";
import { environmentKey, instanceIn } from "../model/key.ts";
import type { EnvironmentRecord, RecordedVerdict } from "../model/record.ts";
import { inForce, isAbout, type Promotion, type RequestSet } from "../model/requests.ts";
import { isSameJson } from "../model/same.ts";
import { sessionName } from "../model/session.ts";
import type { Condition } from "../model/status.ts";
import type { Check, Finding, Verification, Verified } from "../model/verification.ts";
import { nothingToVerify } from "../plan/rest.ts";
import type { Unit } from "../plan/units.ts";
import type { Attempt, Ports } from "../ports/ports.ts";
import { latest, renewed } from "../promote/latest.ts";
import { imagesIn, serviceOf } from "../promote/running.ts";
import { beginning, filled, progressOf } from "../promote/verification.ts";

/** What a healthy environment is, and what it is to be checked by. */
export interface Deployed {
  readonly application: string;
  readonly environment: string;
  readonly desired: {
    readonly bundle: Bundle;
    readonly revision: string;
    readonly verify: readonly Check[];
    readonly deadlines: { readonly verify: number };
    readonly takers: readonly string[];
    readonly since?: string;
    readonly aside?: boolean;
    readonly chosen?: Promotion;
  };
  readonly units: readonly Unit[];
  readonly record: EnvironmentRecord;
  readonly requests: RequestSet;
  /** ISO 8601. */
  readonly now: string;
}

/** Where the verification of what is deployed stands, as the record keeps it. */
type Verifying = Pick<EnvironmentRecord, "verdict" | "verification">;

/** The condition `Verified`, and whether it is to be looked at again. */
export interface Told {
  readonly status: Condition["status"];
  readonly reason: string;
  readonly message: string;
  /** `again`: the next check can be made at once. */
  readonly next: "again" | "later" | "rest";
}

/**
 * Goes on verifying what is deployed and healthy, by one look. What is to be asked is noted before,
 * so that of two passes only one asks. Undefined: there is nothing to check, and nobody asked to.
 */
export async function verifyDeployed(
  deployed: Deployed,
  version: string | undefined,
  ports: Ports,
): Promise<Told | undefined> {
  const { application, environment, record } = deployed;
  const key = environmentKey(application, environment);
  const due = await verificationOf(deployed, ports);
  if (due === undefined) return unchecked(deployed);
  const noted = { ...record, ...due };
  const isNews = !isSameJson(record, noted);
  const noting = isNews ? await ports.records.write(key, noted, version) : version;
  const { verdict, verification } = due;
  if (verification === undefined) return verdict && toldOf(verdict);

  const { message, verifying } = await look(verification, deployed, ports);
  await ports.records.write(key, { ...noted, ...verifying }, noting);
  if (verifying.verdict !== undefined) return toldOf(verifying.verdict);
  const hasPassed = verifying.verification?.index !== verification.index;
  return {
    status: "Unknown",
    reason: "Verifying",
    message,
    next: hasPassed ? "again" : "later",
  };
}

/** Whoever asks hears that nothing comes of it. */
function unchecked({ desired, environment, requests }: Deployed): Told | undefined {
  if (!isAbout(requests.verifyAt, desired.revision)) return undefined;
  const { environment: name } = instanceIn(environment);
  const message = `${name} has no verify: in trueup.yaml at this revision, so nothing is verified.`;
  return { status: "Unknown", reason: nothingToVerify, message, next: "rest" };
}

const toldOf = ({ message, verdict }: Verified): Told => {
  const status = ({ passed: "True", failed: "False", inconclusive: "Unknown" } as const)[verdict];
  const reason = { passed: "Passed", failed: "Failed", inconclusive: "Inconclusive" }[verdict];
  return { status, reason, message, next: "rest" };
};

/** The verification that is to go on, or is over; undefined: there is nothing to check. */
async function verificationOf(
  deployed: Deployed,
  ports: Pick<Ports, "queue" | "verdicts">,
): Promise<Verifying | undefined> {
  const { application, desired, environment, now, record, requests } = deployed;
  const { bundle, revision, verify } = desired;
  if (verify.length === 0) return undefined;
  const isOurs = (one: { readonly bundle: string; readonly revision: string } | undefined) =>
    one?.revision === revision && one.bundle === bundle.digest;

  const { verdict, verification } = record;
  const again = isAbout(requests.verifyAt, revision) ? requests.verifyAt : undefined;
  if (isOurs(verification)) return { verification, verdict: undefined };
  const isAskedAgain = again !== undefined && again !== verdict?.request;
  const isKnown = isOurs(verdict) && !isAskedAgain && chosenAt(verdict, requests) === undefined;
  if (isKnown && !isTakenUp(verdict, deployed)) return { verdict, verification: undefined };

  // What is not remembered may have been written all the same.
  const all = await ports.verdicts.newest(application, instanceIn(environment).environment);
  const known = latest(all).find((one) => one.revision === revision);
  if (known !== undefined && isOurs(known) && !isAskedAgain && !isTriedAgain(known, requests)) {
    const anew = await renewedIn(deployed, all, ports);
    return { verdict: { ...(anew ?? known), request: again }, verification: undefined };
  }
  const run = (known?.run ?? 0) + 1;
  const begun = beginning({ bundle: bundle.digest, revision, run }, now);
  return { verification: { ...begun, request: again }, verdict: undefined };
}

/** When somebody asked for a revision to be promoted that did not pass here; undefined: nobody did. */
const chosenAt = (verified: Verified | undefined, { promotion }: RequestSet): string | undefined =>
  verified !== undefined &&
  verified.verdict !== "passed" &&
  promotion?.revision === verified.revision
    ? promotion.at
    : undefined;

/** Whether that was after it did not pass, by AWS's clocks: the record has it by ours. */
function isTriedAgain(read: Verified, requests: RequestSet): boolean {
  const at = chosenAt(read, requests);
  return at !== undefined && read.at < at;
}

/** Whether what people had verified beside it is followed now. */
const isTakenUp = (verdict: Verified | undefined, deployed: Deployed): boolean =>
  verdict?.aside === true && verdict.verdict === "passed" && !isAside(deployed);

/** The verdict that is given once more, where what was verified before is followed again. */
async function renewedIn(
  deployed: Deployed,
  verdicts: readonly Verified[],
  ports: Pick<Ports, "queue" | "verdicts">,
): Promise<Verified | undefined> {
  if (isAside(deployed)) return undefined;
  const { desired, now } = deployed;
  const anew = renewed(desired.revision, verdicts, { now, since: sinceOf(deployed) });
  if (anew !== undefined) await giveVerdict(anew, of(deployed), ports);
  return anew;
}

/** Whether it is people who want it, and not what the environment follows. */
const isAside = ({ desired, now, requests }: Deployed): boolean =>
  desired.aside === true ||
  desired.chosen !== undefined ||
  inForce(requests.hold, now) !== undefined;

const sinceOf = ({ desired, now, record }: Deployed): string =>
  desired.since ?? record.wanted?.since ?? now;

const of = ({ application, desired: { takers }, environment }: Deployed) => ({
  application,
  environment,
  takers,
});

/** Looks once at the check that a verification is at, and writes the verdict if that ends it. */
async function look(
  verification: Verification,
  deployed: Deployed,
  ports: Ports,
): Promise<{ readonly verifying: Verifying; readonly message: string }> {
  const { desired, now } = deployed;
  const { bundle, deadlines, revision, verify: checks } = desired;
  const finding = await findingOf(verification, deployed, ports);
  const seen = { checks, finding, now, deadlineSeconds: deadlines.verify };
  const progress = progressOf(verification, seen);
  const { message } = progress;
  if (progress.kind === "going") {
    return { verifying: { verification: progress.verification, verdict: undefined }, message };
  }
  const verified: RecordedVerdict = {
    v: 1,
    revision,
    bundle: bundle.digest,
    run: verification.run,
    verdict: progress.verdict,
    message,
    since: sinceOf(deployed),
    ...(isAside(deployed) ? { aside: true } : {}),
    at: now,
    images: imagesIn(bundle),
    request: verification.request,
  };
  await giveVerdict(verified, of(deployed), ports);
  return { verifying: { verdict: verified, verification: undefined }, message };
}

async function findingOf(
  verification: Verification,
  deployed: Deployed,
  { checks, log }: Pick<Ports, "checks" | "log">,
): Promise<Finding> {
  const { application, desired, environment, units } = deployed;
  const { bundle, revision, verify: list } = desired;
  const written = list[verification.index];
  if (written === undefined) return { kind: "said", verdict: "passed", message: "" };
  const outputs = outputsOf(units);
  const known = filled(written, { outputs, revision });
  if (known.kind === "unknown") {
    return { kind: "said", verdict: "inconclusive", message: known.message };
  }
  const { check } = known;
  const { errors, handle, index, run } = verification;
  const attempt: Attempt = {
    key: environmentKey(application, environment),
    token: digestOf([application, environment, revision, run, index, errors]),
    handle,
    revision,
    environment,
    outputs,
    service: check.kind === "task" ? placeOf(check.service, bundle, units) : undefined,
  };
  try {
    return await checks(bundle.target, sessionName(application, environment)).look(check, attempt);
  } catch (error) {
    log("check not made", { application, environment, check: check.kind, error: String(error) });
    return { kind: "errored", message: String(error) };
  }
}

/** The outputs of all stacks form one namespace; what is shared is said first. */
const outputsOf = (units: readonly Unit[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    units
      .toReversed()
      .flatMap(({ stack }) => Object.entries(stack?.outputs ?? {}))
      .filter(([name]) => name !== stampOutput),
  );

function placeOf(service: string, bundle: Bundle, units: readonly Unit[]): Attempt["service"] {
  const found = serviceOf(bundle, service);
  const stack = units.find(({ desired }) => desired.unit === found?.unit)?.stack?.id;
  return found === undefined || stack === undefined
    ? undefined
    : { stack, logicalId: found.logicalId };
}
