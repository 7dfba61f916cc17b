import type { GitStore } from "./git/store.ts";
import { firstOf } from "./key-order.ts";
import { type Random, random } from "./random.ts";

/** Who calls, as the service sees it. */
export interface Principal {
  readonly account: string;
  readonly region: string;
  /** ARN, e.g. `arn:aws:sts::123456789012:assumed-role/NAME/SESSION`. */
  readonly arn: string;
}

/** An event as EventBridge carries it. */
export interface BusEvent {
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** What a service has to work with while it answers one call or carries out one due task. */
export interface Context {
  readonly world: World;
  readonly account: string;
  readonly region: string;
  readonly principal: string;
}

// biome-ignore lint/suspicious/noExplicitAny: each operation has a shape of its own, AWS's.
export type Answer = (input: any, context: Context) => unknown;

/**
 * One AWS service as a state machine. All its state lives in `World.stateOf`, as plain JSON, so that
 * a world can be written down and taken up again; all its waiting is a task on the agenda.
 */
export interface Service {
  /** The signing name: `cloudformation`, `codecommit`, … */
  readonly name: string;
  /** Operation → answer. Inputs and outputs have the shapes of the AWS SDK for JavaScript v3. */
  readonly operations: Readonly<Record<string, Answer>>;
  /** Task name → what happens when it is due. */
  readonly tasks?: Readonly<Record<string, (data: never, context: Context) => void>>;
}

interface Due {
  readonly at: number;
  readonly sequence: number;
  readonly service: string;
  readonly task: string;
  readonly account: string;
  readonly region: string;
  readonly data: unknown;
}

/** A whole world written down: JSON. */
export interface Snapshot {
  readonly now: number;
  readonly seed: number;
  readonly sequence: number;
  readonly agenda: readonly Due[];
  readonly state: Readonly<Record<string, unknown>>;
}

interface Call {
  readonly at: number;
  readonly operation: string;
  readonly principal: string;
  readonly input: unknown;
}

/** An AWS error: `code` as it stands on the wire. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const notEmulated = (what: string): AwsError =>
  new AwsError("NotImplemented", `not emulated: ${what}`, 501);

export interface WorldOptions {
  readonly services: readonly Service[];
  readonly git: (repository: string) => GitStore;
  /** Milliseconds since the epoch at which the world begins. */
  readonly start: number;
  readonly seed: number;
  /** How long things take, as a factor: 1 is the table's own; the demo is quicker. */
  readonly tempo?: number;
  /** Told of every call, before it has its effect. */
  readonly onCall?: (call: Call) => void;
  /** Told of every event that a service sends. */
  readonly onEvent?: (event: BusEvent) => void;
  /**
   * How an event travels: a delay in milliseconds for each copy that arrives. None: it is lost. Only
   * events that services announce by best effort may be; `count` counts all events from 0.
   */
  readonly delivery?: (event: BusEvent, count: number) => readonly number[];
}

/**
 * AWS on a laptop: state machines on an injected clock. Every call is atomic; what AWS does in the
 * background happens when the clock is advanced, in the order in which it is due.
 */
export class World {
  readonly git: (repository: string) => GitStore;
  readonly tempo: number;
  readonly #services: ReadonlyMap<string, Service>;
  readonly #options: WorldOptions;
  #random: Random;
  #now: number;
  #sequence = 0;
  #events = 0;
  #agenda: Due[] = [];
  #state: Record<string, unknown> = {};

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#services = new Map(options.services.map((service) => [service.name, service]));
    this.#now = options.start;
    this.#random = random(options.seed);
    this.git = options.git;
    this.tempo = options.tempo ?? 1;
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.#now;
  }

  /** Answers one call, or throws an `AwsError`. */
  call(operation: string, input: unknown, principal: Principal): unknown {
    const [service = "", name = ""] = operation.split(":");
    const answer = this.#services.get(service)?.operations[name];
    if (answer === undefined) throw notEmulated(operation);
    this.#options.onCall?.({ at: this.#now, operation, principal: principal.arn, input });
    return answer(input, this.#context(principal.account, principal.region, principal.arn));
  }

  /** The state of one service in one account and region, made at the first look. Plain JSON. */
  stateOf<T>(
    service: string,
    { account, region }: Pick<Context, "account" | "region">,
    make: () => T,
  ): T {
    const key = `${service}/${account}/${region}`;
    this.#state[key] ??= make();
    return this.#state[key] as T;
  }

  /** Every account and region in which a service has been looked at. */
  places(service: string): readonly Context[] {
    return Object.keys(this.#state).flatMap((key) => {
      const [name, account = "", region = ""] = key.split("/");
      return name === service ? [this.#context(account, region, `${service}.amazonaws.com`)] : [];
    });
  }

  /** Something that AWS does by itself, `delay` milliseconds from now. */
  later(
    delay: number,
    service: string,
    task: string,
    data: unknown,
    { account, region }: Pick<Context, "account" | "region">,
  ): void {
    this.#sequence += 1;
    const at = this.#now + Math.max(0, Math.round(delay));
    const due = { at, sequence: this.#sequence, service, task, account, region, data };
    this.#agenda.splice(
      firstOf(this.#agenda, (other) => other.at > at),
      0,
      due,
    );
  }

  /** When the next thing is due; undefined: nothing ever. */
  nextDue(): number | undefined {
    return this.#agenda[0]?.at;
  }

  /** Lets the clock run to `time`, carrying out what is due on the way. */
  advanceTo(time: number): void {
    for (let due = this.#agenda[0]; due !== undefined && due.at <= time; due = this.#agenda[0]) {
      this.#agenda.shift();
      this.#now = Math.max(this.#now, due.at);
      const task = this.#services.get(due.service)?.tasks?.[due.task];
      if (task === undefined) throw new Error(`No task ${due.service}:${due.task}`);
      task(
        due.data as never,
        this.#context(due.account, due.region, `${due.service}.amazonaws.com`),
      );
    }
    this.#now = Math.max(this.#now, time);
  }

  /** Puts an event on the default bus of its account and region. */
  emit(event: BusEvent): void {
    this.#options.onEvent?.(event);
    const copies = this.#options.delivery?.(event, this.#events) ?? [0];
    this.#events += 1;
    for (const delay of copies) {
      if (delay > 0) this.later(delay, "events", "Deliver", event, event);
      else this.#deliver(event);
    }
  }

  #deliver(event: BusEvent): void {
    const context = this.#context(event.account, event.region, event.source);
    this.#services.get("events")?.operations.Deliver?.(event, context);
  }

  /** A number in [0, 1), from the seed. */
  chance(): number {
    return this.#random.next();
  }

  /** `length` characters of `alphabet`, from the seed. */
  text(length: number, alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"): string {
    let text = "";
    for (let at = 0; at < length; at += 1) {
      text += alphabet[Math.floor(this.chance() * alphabet.length)];
    }
    return text;
  }

  uuid(): string {
    const hex = "0123456789abcdef";
    return [8, 4, 4, 4, 12].map((length) => this.text(length, hex)).join("-");
  }

  snapshot(): Snapshot {
    const { seed } = this.#random;
    return {
      now: this.#now,
      seed,
      sequence: this.#sequence,
      agenda: this.#agenda,
      state: this.#state,
    };
  }

  /** Takes up a world that was written down. */
  restore({ agenda, now, seed, sequence, state }: Snapshot): void {
    this.#now = now;
    this.#random = random(seed);
    this.#sequence = sequence;
    this.#agenda = [...agenda];
    this.#state = { ...state };
  }

  #context(account: string, region: string, principal: string): Context {
    return { world: this, account, region, principal };
  }
}
