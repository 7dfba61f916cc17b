import { environmentKey, instanceIn } from "../model/key.ts";
import { type LedgerEntry, ledgerFolder } from "../model/ledger.ts";
import { outlineFolder } from "../model/outline.ts";
import { parameterText } from "../model/parameter-text.ts";
import { inParallel } from "../parallel.ts";
import { everyItem } from "./answers.ts";
import type { Call } from "./call.ts";
import { namesBelow } from "./objects.ts";
import { putValue, root, textIn } from "./parameters.ts";
import { registrationsOf } from "./registrations.ts";

/** What a person, never the controller, does: writes to Parameter Store, and looks back. */
export interface People {
  /** Votes for a plan, by its whole digest. */
  approve(application: string, environment: string, vote: VoteRequest): Promise<void>;
  reject(application: string, environment: string, vote: VoteRequest): Promise<void>;
  /** Lets be deleted what a digest stands for. */
  consent(application: string, environment: string, consent: ConsentRequest): Promise<void>;
  /** The ledger of one environment, the newest entry last; `most` of them. */
  history(application: string, environment: string, most: number): Promise<readonly LedgerEntry[]>;
  /** Paths of all that was ever published of what one environment is to hold, in no order. */
  outlines(application: string, environment: string): Promise<readonly string[]>;
  /** Has what is deployed verified once more; a token is answered once. */
  verify(application: string, environment: string, token: string): Promise<void>;
  /** What the registration says, word for word; undefined: there is none. Throws where it says nothing. */
  registered(application: string): Promise<WrittenRegistration | undefined>;
  register(registration: WrittenRegistration & { readonly application: string }): Promise<void>;
  /** Every stack stays as it is. */
  unregister(application: string): Promise<void>;
  suspend(application: string, environment: string, request: Suspension): Promise<void>;
  /** Nothing happens where nothing is suspended. */
  resume(application: string, environment: string): Promise<void>;
  /** Keeps an environment at a revision, whatever its branch says. */
  hold(application: string, environment: string, request: HoldRequest): Promise<void>;
  /** Has an environment take a revision that the one before has verified. */
  promote(application: string, environment: string, request: HoldRequest): Promise<void>;
  /** Takes a hold and a promotion back. Nothing happens where there is neither. */
  release(application: string, environment: string): Promise<void>;
}

/** A registration as its parameter has it: what it says of environments is kept to the letter. */
export interface WrittenRegistration {
  readonly repository: string;
  readonly branch?: string;
  readonly file?: string;
  readonly environments?: Readonly<Record<string, object>>;
  readonly ssm?: readonly string[];
}

interface HoldRequest extends Suspension {
  /** 40 hex. */
  readonly revision: string;
}

interface Suspension {
  readonly reason: string;
  /** ISO 8601. */
  readonly until?: string;
}

interface ConsentRequest {
  /** 64 hex. */
  readonly doomed: string;
  readonly reason: string;
}

interface VoteRequest {
  /** Of the plan: 64 hex. */
  readonly digest: string;
  readonly reason: string;
}

/** Who approves or consents names the environment: an instance is one of many that are gone soon. */
const nameOf = (environment: string): string => instanceIn(environment).environment;

export const peopleOf = (call: Call, bucket = ""): People => ({
  async approve(application, environment, vote) {
    await put(call, `/trueup/${application}/${nameOf(environment)}/approval`, vote);
  },

  async reject(application, environment, vote) {
    await put(call, `/trueup/${application}/${nameOf(environment)}/rejection`, vote);
  },

  async consent(application, environment, consent) {
    await put(call, `/trueup/${application}/${nameOf(environment)}/consent`, consent);
  },

  async verify(application, environment, token) {
    await put(call, `/trueup/${application}/${environment}/verify-at`, token);
  },

  unregister: (application) => remove(call, `/trueup/${application}/registration`),

  history: ledgerOf(bucket, call),

  outlines: (application, environment) =>
    namesBelow(outlineFolder(environmentKey(application, environment)), bucket, call),

  async registered(application) {
    // What it says is for the one who reads it next to judge.
    await registrationsOf(call, () => undefined).read(application);
    const text = await textIn(`${root}/${application}/registration`, call);
    return text === undefined ? undefined : (JSON.parse(text) as WrittenRegistration);
  },

  async register({ application, ...registration }) {
    await put(call, `/trueup/${application}/registration`, registration);
  },

  async suspend(application, environment, request) {
    await put(call, `/trueup/${application}/${environment}/suspended`, request);
  },

  resume: (application, environment) =>
    remove(call, `/trueup/${application}/${environment}/suspended`),

  async hold(application, environment, request) {
    await put(call, `/trueup/${application}/${environment}/hold`, request);
  },

  async promote(application, environment, request) {
    const name = `/trueup/${application}/${nameOf(environment)}/promote`;
    await put(call, name, request);
  },

  async release(application, environment) {
    await remove(call, `/trueup/${application}/${environment}/hold`);
    // Of an instance only what was asked of that one.
    if (nameOf(environment) === environment)
      await remove(call, `/trueup/${application}/${environment}/promote`);
  },
});

/** Entries are only ever added: each is read once, whoever goes on looking. */
function ledgerOf(Bucket: string, call: Call): People["history"] {
  const known = new Map<string, LedgerEntry>();
  return async (application, environment, most) => {
    const Prefix = ledgerFolder(environmentKey(application, environment));
    const keys = await everyItem(async (token) => {
      const page = await call("s3:ListObjectsV2", {
        Bucket,
        Prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      return { items: page.Contents, next: page.NextContinuationToken };
    });
    return inParallel(keys.slice(-most), 5, async ({ Key = "" }) => {
      const entry = known.get(Key) ?? (await entryAt(Key));
      known.set(Key, entry);
      return entry;
    });
  };

  async function entryAt(Key: string): Promise<LedgerEntry> {
    const { text } = await call("s3:GetObject", { Bucket, Key });
    return JSON.parse(text) as LedgerEntry;
  }
}

async function remove(call: Call, Name: string): Promise<void> {
  try {
    await call("ssm:DeleteParameter", { Name });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ParameterNotFound") throw error;
  }
}

const put = (call: Call, name: string, value: unknown): Promise<void> =>
  putValue(name, parameterText(value), call);
