import { randomUUID } from "node:crypto";
import { type EnvironmentStatus, isTrue } from "../model/status.ts";
import { connect } from "./connection.ts";
import { unknown } from "./known.ts";
import { readArguments, readPlace, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** Has what is deployed verified once more. */
export const verify: Verb = {
  name: "verify",
  summary: "verify what is deployed once more",
  usage: "trueup verify APP/ENV [REVISION] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, { json: { type: "boolean" } });
    const [word = "", revision, ...more] = positionals;
    const place = readPlace([word, ...more]);
    const { people, ports } = await connect(io);
    const status = await ports.statuses.readEnvironment(place.application, place.environment);
    if (status === undefined) throw await unknown(place, ports);
    const { canHaveOthers, isThere, revision: own } = verifiable(status, word);
    const isOther = revision !== undefined && !own.startsWith(revision);
    if (isOther) refuseOther(revision, own, { canHaveOthers, word });
    const about = isOther ? revision : own;
    const token = `${randomUUID()}${isOther ? `+${revision}` : ""}`;
    await people.verify(place.application, place.environment, token);
    const where = isThere && !isOther ? "" : `, in another instance for ${about.slice(0, 8)}`;
    io.out(values.json === true ? JSON.stringify({ ...place, token }) : `Asked: ${token}${where}`);
    if (values.json !== true && hasNoChecks(status)) io.out(hint(word));
    return 0;
  },
};

/** Where anything is checked a status tells of it as soon as it is ready; another may be on its way. */
const hasNoChecks = (status: EnvironmentStatus): boolean =>
  status.instances === undefined &&
  isTrue(status, "Ready") &&
  status.conditions.every(
    ({ reason, type }) => type !== "Verified" || reason === "NothingToVerify",
  );

const hint = (word: string): string =>
  `Its status tells of no checks. Without verify: in trueup.yaml none are made: trueup get ${word} will say so.`;

/** Another revision needs an instance of its own, and its whole name. */
function refuseOther(
  revision: string,
  own: string,
  { canHaveOthers, word }: { readonly canHaveOthers: boolean; readonly word: string },
): void {
  if (!canHaveOthers) {
    const what = own.slice(0, 8) || "what its instances are at";
    throw new UsageError(`What can be verified at ${word} is ${what}: only that.`);
  }
  if (!/^[0-9a-f]{40}$/.test(revision)) {
    throw new UsageError(`"${revision}" is no revision: write all 40 digits of a commit.`);
  }
}

interface Verifiable {
  /** Empty: each instance has its own. */
  readonly revision: string;
  /** Whether anything is deployed of it now. */
  readonly isThere: boolean;
  /** Whether any other revision can be made for it. */
  readonly canHaveOthers: boolean;
}

/** What is deployed; or where an environment has instances, the revision that it is at. */
function verifiable(status: EnvironmentStatus, word: string): Verifiable {
  const { deployed, desired = "" } = status.revision;
  const { instances } = status;
  if (instances !== undefined && (desired !== "" || instances.length > 0)) {
    const isThere = desired === "" || instances.some(({ revision }) => revision === desired);
    const isGone = status.conditions.some(({ reason }) => gone.has(reason));
    const canHaveOthers = isGone || instances.some(({ ends }) => ends !== undefined);
    return { revision: desired, isThere, canHaveOthers };
  }
  if (deployed === undefined) throw new UsageError(`Nothing is deployed at ${word}.`);
  return { revision: deployed, isThere: true, canHaveOthers: false };
}

/** What is said where the last instance is deleted. */
const gone: ReadonlySet<string> = new Set(["InstanceFailed", "NotVerified", "NothingLeased"]);
