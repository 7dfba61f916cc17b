import type { Target } from "../model/bundle.ts";
import type { DriftedResource } from "../model/drift.ts";
import type { GivenConsent, Vote } from "../model/gates.ts";
import type { Answer, Lookup } from "../model/lookup.ts";
import type {
  ObservedChangeSet,
  ObservedStack,
  RunningService,
  UnderWay,
} from "../model/observed.ts";
import type { EnvironmentRecord } from "../model/record.ts";
import type { Refs } from "../model/refs.ts";
import type { Refused } from "../model/refused.ts";
import type { Registration } from "../model/registration.ts";
import type { RequestSet } from "../model/requests.ts";
import type { ApplicationStatus, EnvironmentStatus } from "../model/status.ts";
import type { Template } from "../model/template.ts";
import type { Check, Finding, Verified } from "../model/verification.ts";
import type { Images } from "./images.ts";
import type { Leases, Quotas, Remains } from "./leases.ts";
import type { Notices } from "./notices.ts";
import type { PullRequests } from "./pull-requests.ts";

/** All that the controller needs of the world. `aws/` has them on AWS. */
export interface Ports {
  readonly artifacts: Artifacts;
  readonly clock: Clock;
  readonly images: Images;
  readonly leases: Leases;
  readonly log: Log;
  readonly notices: Notices;
  readonly pullRequests: PullRequests;
  readonly queue: Queue;
  readonly records: Records;
  readonly registrations: Registrations;
  readonly requests: Requests;
  readonly sources: Sources;
  readonly statuses: Statuses;
  readonly stored: StoredValues;
  readonly verdicts: Verdicts;
  readonly wakeups: Wakeups;
  /** Checks of what runs in one target, with the target's credentials. */
  checks(target: Target, session?: string): Checks;
  /** The stacks of one target, with the target's credentials. `session`: as its logs name us there. */
  stacks(target: Target, session?: string): Stacks;
  /** What is secret in one target, as far as that it is there. */
  secrets(target: Target, session?: string): Secrets;
  /** What is left in one target. */
  remains(target: Target, session?: string): Remains;
  /** How much room there is in one target for what is limited. */
  quotas(target: Target, session?: string): Quotas;
  /** What is there already, as seen from one target. */
  lookups(target: Target, session?: string): Lookups;
  home(): Promise<Home>;
  /** The same world as it is now: lists are read once, for everybody. It refuses to be written to. */
  snapshot(): Ports;
}

/** The installation: where the controller itself runs, and what environments have unless they say otherwise. */
export interface Home {
  readonly account: string;
  readonly region: string;
  /** What stack names begin with. */
  readonly prefix: string;
  /** What tells one build of the controller from another. */
  readonly code: string;
  /** Passed to CloudFormation in the controller's own account. */
  readonly cloudFormationRole?: string;
  /** What that role demands of every role it makes. */
  readonly permissionsBoundary?: string;
}

export interface Clock {
  /** ISO 8601 with milliseconds, UTC. */
  now(): string;
  sleep(milliseconds: number): Promise<void>;
}

/** One structured line. Never a secret, never a template. */
export type Log = (message: string, fields: Readonly<Record<string, unknown>>) => void;

export interface Queue {
  /** FIFO with the key as its message group. `id` names the event, so that only true doubles vanish. */
  send(keys: readonly string[], id: string): Promise<void>;
}

export interface Registrations {
  list(): Promise<readonly Registration[]>;
  read(application: string): Promise<Registration | undefined>;
}

/** What people ask for, each a parameter under `/trueup/<app>/<env>/`. Absent: undefined. */
export interface Requests {
  read(application: string, environment: string): Promise<RequestSet>;
  /** Every `approval` and `rejection` that is still kept, each kind with its oldest first. */
  votes(application: string, environment: string): Promise<readonly Vote[]>;
  /** Every `consent` that is still kept, the oldest first. */
  consents(application: string, environment: string): Promise<readonly GivenConsent[]>;
  /** Writes `requested-at`: what a direct invoke and `trueup reconcile` do. */
  ask(application: string, environment: string, token: string): Promise<void>;
}

/** What `ssm:` values name, in the controller's account and region. */
export interface StoredValues {
  /** Those that are there, or are not for whoever asks; a secret is said to be one, and never decrypted. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, StoredValue>>;
}

export type StoredValue = { readonly text: string } | { readonly isSecret: true } | Refused;

export interface Sources {
  /** The commit a branch points at; undefined: there is no such branch. Throws if unreachable. */
  tip(repository: string, branch: string): Promise<string | undefined>;
  /** Every branch and tag, whole: throws if unreachable or cut short. */
  refs(repository: string): Promise<Refs>;
  /** When commits were made, in seconds since the epoch; those that are not there are left out. */
  dates(repository: string, commits: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Every file at a commit. */
  tree(repository: string, commit: string): Promise<Tree>;
  /** A blob's text, UTF-8. Content-addressed: may be answered from memory. `path`: for errors. */
  blob(repository: string, id: string, path: string): Promise<string>;
  /**
   * Compare-and-swap: makes one commit on top of `parent`. Throws `ConflictError` when the branch
   * has moved on, and answers undefined when nothing would change.
   */
  commit(repository: string, branch: string, change: CommitRequest): Promise<string | undefined>;
  /** A commit's message, and its first parent's id; undefined: it is the first of all. */
  message(
    repository: string,
    commit: string,
  ): Promise<{ readonly text: string; readonly parent: string | undefined }>;
}

/** Path → blob id; undefined: a symbolic link, which nobody follows. */
export type Tree = ReadonlyMap<string, string | undefined>;

export interface CommitRequest {
  readonly parent: string;
  readonly files: ReadonlyMap<string, string>;
  readonly author: { readonly name: string; readonly email: string };
  readonly message: string;
}

export interface Secrets {
  /** Whether what a task takes a secret from is there, by ARN or name; undefined: nobody may tell. */
  isThere(from: string): Promise<boolean | undefined>;
}

/** Every write is idempotent: its names and tokens say what is asked, so asking twice is asking once. */
export interface Stacks {
  /** Undefined: no such stack (or only deleted ones). */
  describe(name: string): Promise<ObservedStack | undefined>;
  /** What there is of an environment, by tags alone: for when nobody remembers. */
  inventory(
    application: string,
    environment: string,
  ): Promise<readonly { readonly unit: string; readonly name: string }[]>;
  /** The template as it was submitted, before what it leaves to its region was asked for where it is. */
  template(id: string): Promise<Template>;
  /** Undefined: no such change set. All pages of changes. */
  changeSet(stack: string, nameOrId: string): Promise<ObservedChangeSet | undefined>;
  /** Answers why CloudFormation will never make it; undefined: it is asked for. */
  createChangeSet(request: ChangeSetRequest): Promise<string | undefined>;
  executeChangeSet(id: string, token: string): Promise<void>;
  deleteChangeSet(id: string): Promise<void>;
  /** By id, never by name. */
  deleteStack(id: string, token: string): Promise<void>;
  /** Breaks off an update; that it is over already is as good. */
  cancelUpdate(id: string, token: string): Promise<void>;
  /** `skip`: logical ids that stay as they are, whatever the rollback would make of them. */
  continueRollback(id: string, skip: readonly string[]): Promise<void>;
  /** Logical → physical id of the resources of a stack. */
  ids(id: string): Promise<ReadonlyMap<string, string>>;
  /** The resources that an operation is busy with. */
  underWay(id: string): Promise<readonly UnderWay[]>;
  /** The ECS services of a stack as they run, beside the task definition they should run. */
  services(id: string): Promise<readonly RunningService[]>;
  /**
   * Has CloudFormation compare what a stack holds with what it was declared as, and answers the id of
   * that; undefined: it is at it already.
   */
  detectDrift(id: string): Promise<string | undefined>;
  /** What came of it; undefined: it is not over yet. */
  drift(id: string, detection: string): Promise<DriftReport | undefined>;
  /** Why the last operation failed: the first resource failures, siblings' cancellations left out. */
  failures(id: string): Promise<readonly StackFailure[]>;
}

export interface ChangeSetRequest {
  readonly stack: string;
  readonly type: "CREATE" | "UPDATE";
  readonly name: string;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly cloudFormationRole: string | undefined;
  readonly description: string;
  /** Whether what others changed of its resources is made as it is declared, too. */
  readonly revertsDrift: boolean;
}

/** `incomplete`: why some resources could not be looked at. */
export interface DriftReport {
  readonly resources: readonly DriftedResource[];
  readonly incomplete: string | undefined;
}

export interface StackFailure {
  readonly logicalId: string;
  readonly type: string;
  readonly reason: string;
}

export interface Lookups {
  answer(lookup: Lookup): Promise<LookupResult>;
}

/** `refused`: nothing, or more than one, is what is looked for; the message names what there is. */
export type LookupResult =
  | { readonly kind: "found"; readonly answer: Answer }
  | { readonly kind: "refused"; readonly message: string; readonly help: string };

export interface Statuses {
  readEnvironment(application: string, environment: string): Promise<EnvironmentStatus | undefined>;
  writeEnvironment(
    application: string,
    environment: string,
    status: EnvironmentStatus,
  ): Promise<void>;
  /** Of an instance that is no more. */
  removeEnvironment(application: string, environment: string): Promise<void>;
  readApplication(application: string): Promise<ApplicationStatus | undefined>;
  writeApplication(application: string, status: ApplicationStatus): Promise<void>;
}

/** Compare-and-swap on one object per environment: the fence against a second writer. */
export interface Records {
  read(
    key: string,
  ): Promise<{ readonly record: EnvironmentRecord; readonly version: string | undefined }>;
  /** Answers the new version; throws `ConflictError` if `version` is no longer the newest. */
  write(key: string, record: EnvironmentRecord, version: string | undefined): Promise<string>;
  /** The keys of an application that have a record: its environments and their instances. */
  keys(application: string): Promise<readonly string[]>;
  /** Of an instance that is no more. */
  remove(key: string): Promise<void>;
}

/** What is bigger or grows: JSON under its digest. Writing what is there already changes nothing. */
export interface Artifacts {
  read(path: string): Promise<string | undefined>;
  /** Create if absent. */
  put(path: string, text: string): Promise<void>;
}

export interface Checks {
  /** One look: asks, or starts what takes longer, or looks at what was started. */
  look(check: Check, attempt: Attempt): Promise<Finding>;
}

/** What a check is made with. */
export interface Attempt {
  /** `app/env`: what to look at again when it ends. */
  readonly key: string;
  /** 64 hex: the same attempt starts the same build or task. */
  readonly token: string;
  readonly handle: string | undefined;
  readonly revision: string;
  readonly environment: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Of a task: where the ECS service is; undefined: there is none. */
  readonly service: { readonly stack: string; readonly logicalId: string } | undefined;
}

/** What was verified: each written once, and by nobody else. */
export interface Verdicts {
  /** The newest of an environment, at most 50, in no order. */
  newest(application: string, environment: string): Promise<readonly Verified[]>;
  write(application: string, environment: string, verified: Verified): Promise<void>;
}

/**
 * `look`: when its status says, and set whenever that changes. `again`: soon, whoever could not end
 * what he was at, or has something for another key. `images`: at what was pushed, once the quiet time
 * is over. `teardown`: wakes the janitor, for what is past its lease by then.
 */
export type WakeupPurpose = "again" | "images" | "look" | "teardown";

/** When to look at a key again by itself: one schedule a key and purpose, replaced not added. */
export interface Wakeups {
  /** `at`: ISO 8601, whole seconds, at least 60 s ahead. One purpose does not replace another. */
  set(key: string, at: string, purpose?: WakeupPurpose): Promise<void>;
}
