import middy, { type MiddlewareObj, type MiddyfiedHandler } from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { enqueue, work } from "./handle.ts";
import { tidyUp } from "./janitor.ts";
import { type Loops, loops as ours } from "./loops.ts";
import { TerminalError } from "./model/errors.ts";
import { environmentKey, instanceIn, parseKey } from "./model/key.ts";
import type { Log, Ports } from "./ports/ports.ts";
import type { Event } from "./triggers/trigger.ts";

/** The keys that an event was turned into. */
interface Queued {
  readonly keys: readonly string[];
}

/** The answer to a direct invoke: the token that the status repeats when it has been handled. */
interface Asked {
  readonly token: string;
}

/** The Lambda functions of `template.yaml`. */
export interface Functions {
  readonly gitPush: MiddyfiedHandler<Event, Queued>;
  readonly imagePush: MiddyfiedHandler<Event, Queued>;
  readonly signal: MiddyfiedHandler<Event, Queued>;
  readonly reconcile: MiddyfiedHandler<SQSEvent | Event, SQSBatchResponse | Asked>;
  readonly janitor: MiddyfiedHandler<Event, void>;
}

/** The functions over some world's ports. */
export function functions(ports: Ports, loops: Loops = ours): Functions {
  const signal = middy<Event, Queued>(untimed)
    .use(endUnknown(ports.log))
    .handler(async (event: Event) => ({ keys: await enqueue(event, ports, loops) }));

  const reconcile = middy<SQSEvent | Event, SQSBatchResponse | Asked>(untimed).handler(
    async (event: SQSEvent | Event, context: Context) =>
      isBatch(event) ? drain(event.Records, context, ports, loops) : ask(event, context, ports),
  );

  // Whatever wakes it, it looks at all that is past its lease.
  const janitor = middy<Event, void>(untimed).handler(async (_event: Event, context: Context) =>
    tidyUp(ports, () => context.getRemainingTimeInMillis() > reserve),
  );
  return { gitPush: signal, imagePush: signal, janitor, signal, reconcile };
}

/**
 * No answer 5 ms before Lambda's end: it would come by a clock that is nobody's port, and what is
 * under way would go on behind it.
 */
const untimed = { timeoutEarlyInMillis: 0 };

/** An event that nobody reads will not be read the next time either: it is not tried again. */
const endUnknown = (log: Log): MiddlewareObj<Event, Queued> => ({
  onError: (request) => {
    const { error } = request;
    if (!(error instanceof TerminalError)) return;
    log("event dropped", { reason: error.reason, error: error.message });
    request.response = { keys: [] };
  },
});

const isBatch = (event: SQSEvent | Event): event is SQSEvent => Array.isArray(event.Records);

/** Time kept back for what ends a pass: of 60 s, no call is begun after 45. */
const reserve = 15_000;

/** Keys do not depend on each other: each is worked on once, and fails for its own messages only. */
async function drain(
  records: readonly SQSRecord[],
  context: Context,
  ports: Ports,
  loops: Loops,
): Promise<SQSBatchResponse> {
  const spent = () => context.getRemainingTimeInMillis() < reserve;
  const pass = { ports: within(ports, spent), loops };
  const keys = new Set(records.map(({ body }) => body));
  const failed = new Set<string>();
  await Promise.all(
    [...keys].map((key) =>
      work(key, ports, pass).catch((error: unknown) => {
        ports.log("not worked", { key, error: String(error) });
        failed.add(key);
      }),
    ),
  );
  const failures = records.filter(({ body }) => failed.has(body));
  return { batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** `{"application","environment"}` and nothing else: what to do is for the repository to say. */
async function ask(event: Event, { awsRequestId: token }: Context, ports: Ports): Promise<Asked> {
  const { application, environment, ...rest } = event;
  const isAsked = typeof application === "string" && typeof environment === "string";
  if (!isAsked || Object.keys(rest).length > 0 || !isEnvironment(application, environment)) {
    const shape = '{"application":"…","environment":"…"}';
    throw new TerminalError("RequestInvalid", `A request to look now is ${shape} and no more.`);
  }
  if ((await ports.registrations.read(application)) === undefined) {
    throw new TerminalError("NotRegistered", `No application ${application} is registered.`);
  }
  const { environments = [] } = (await ports.statuses.readApplication(application)) ?? {};
  const { environment: name } = instanceIn(environment);
  if (environments.length > 0 && !environments.includes(name)) {
    const known = environments.join(", ");
    throw new TerminalError("NoSuchEnvironment", `${application} has ${known}, no ${environment}.`);
  }
  await ports.requests.ask(application, environment, token);
  ports.log("asked", { application, environment, token });
  return { token };
}

function isEnvironment(application: string, environment: string): boolean {
  const key = parseKey(environmentKey(application, environment));
  return key !== undefined && "environment" in key;
}

/** What asks nobody, by port; and what ends what has begun: a message that was claimed nobody else sends. */
const free: { readonly [P in keyof Ports]?: readonly string[] | "all" } = {
  clock: "all",
  log: "all",
  notices: ["publish", "put", "withdraw"],
  snapshot: "all",
};

/** The same ports while there is time; after that every call is refused before it is made. */
function within(ports: Ports, spent: () => boolean): Ports {
  const guarded =
    <T extends readonly unknown[], R>(ask: (...args: T) => R) =>
    (...args: T): R => {
      if (spent()) throw new Error("The invocation has no time left to begin another call.");
      return ask(...args);
    };
  const checked = <T extends object>(port: T, ends: readonly string[] = []): T =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        return typeof member !== "function" || ends.includes(String(name))
          ? member
          : guarded(member.bind(target));
      },
    });
  const made: Partial<Ports> = { home: guarded(ports.home) };
  return new Proxy(ports, {
    get: (target, key) => {
      const name = key as keyof Ports;
      const port: unknown = Reflect.get(target, name);
      const { [name]: ends = [] } = free;
      if (made[name] !== undefined) return made[name];
      if (ends === "all" || port === undefined) return port;
      return typeof port === "function"
        ? (...args: readonly unknown[]) => checked(Reflect.apply(port, target, args))
        : checked(port as object, ends);
    },
  });
}
