import type { Installed, InstalledFunction, InstalledQueue } from "../aws/installed.ts";
import { isRefused } from "../model/refused.ts";
import { unlessRefused } from "../refused.ts";
import type { Connection } from "./connection.ts";
import type { Finding } from "./findings.ts";

/** What wakes a function of `template.yaml`. */
interface Expected {
  readonly handler: string;
  /** Of the events that rules pass on to it. */
  readonly detailTypes: readonly string[];
  /** Whether it goes by the clock as well. */
  readonly byClock: boolean;
  /** Whether it works on the queue. */
  readonly byQueue: boolean;
}

const none = { detailTypes: [], byClock: false, byQueue: false } as const;
const stacks = "CloudFormation Stack Status Change";

/** Every function by its name in `template.yaml`. */
export const expectedFunctions: Readonly<Record<string, Expected>> = {
  GitPushFunction: {
    ...none,
    handler: "main.gitPush",
    detailTypes: ["CodeCommit Repository State Change", "CodeCommit Pull Request State Change"],
  },
  ImagePushFunction: {
    ...none,
    handler: "main.imagePush",
    detailTypes: ["ECR Image Action", "ECR Image Scan"],
  },
  SignalFunction: {
    ...none,
    handler: "main.signal",
    detailTypes: [
      stacks,
      "ECS Deployment State Change",
      "CodeBuild Build State Change",
      "ECS Task State Change",
      "Parameter Store Change",
    ],
    byClock: true,
  },
  ReconcileFunction: { ...none, handler: "main.reconcile", byQueue: true },
  JanitorFunction: {
    ...none,
    handler: "main.janitor",
    detailTypes: [stacks],
    byClock: true,
  },
};

const install = "Deploy the installation again: sam deploy.";

/** What one look says of something, whoever may not look aside. */
type Said = Pick<Finding, "help" | "message"> & { readonly outcome: "ok" | "failed" };

const ok = (message: string): Said => ({ outcome: "ok", message });
const failed = (message: string, help: string): Said => ({ outcome: "failed", message, help });

/** One look, or several at one thing, as findings; what the caller may not see is said. */
async function looked(
  check: string,
  about: string,
  look: () => Promise<Said | readonly Said[]>,
): Promise<readonly Finding[]> {
  const said = await unlessRefused(look);
  if (isRefused(said)) {
    const help = "Let whoever runs this read it.";
    return [{ check, about, outcome: "not seen", message: said.refused, help }];
  }
  return [said].flat().map((one) => ({ check, about, ...one }));
}

/** Whether all that `template.yaml` makes is there, and at work. */
export async function checkInstallation({
  installed,
  where,
}: Pick<Connection, "installed" | "where">): Promise<readonly Finding[]> {
  const { bucket, prefix } = where;
  const functions = await unlessRefused(() => installed.functions(prefix));
  const findings = await looked("bucket", bucket, async () =>
    (await installed.hasBucket(bucket))
      ? ok("is there")
      : failed("is not there", "Install: sam deploy. If it has another name, set TRUEUP_BUCKET."),
  );
  if (isRefused(functions)) {
    const { refused: message } = functions;
    return [...findings, { check: "functions", about: prefix, outcome: "not seen", message }];
  }
  if (functions.length === 0) {
    const message = "no function works with this prefix in this account and region";
    const help =
      "Install it: sam deploy. If it is there with another prefix, set TRUEUP_PREFIX; if elsewhere, AWS_REGION.";
    return [...findings, { check: "functions", about: prefix, outcome: "failed", message, help }];
  }
  return [
    ...findings,
    ...(await each(Object.entries(expectedFunctions), ([name, expected]) =>
      checkFunction(name, expected, functions),
    )),
    ...(await checkQueues(functions, installed)),
    ...(await looked("schedules", prefix, async () =>
      (await installed.hasScheduleGroup(prefix))
        ? ok("the group of wake-ups is there")
        : failed("there is no schedule group for wake-ups", install),
    )),
    ...(await each(rolesOf(functions), (role) =>
      looked("role", role.split("/").at(-1) ?? role, async () =>
        (await installed.hasRole(role)) ? ok("is there") : failed("is not there", install),
      ),
    )),
  ];
}

/** One after the other: so many calls at once are what AWS throttles. */
async function each<T>(
  items: readonly T[],
  look: (item: T) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const item of items) found.push(...(await look(item)));
  return found;
}

async function checkFunction(
  name: string,
  expected: Expected,
  functions: readonly InstalledFunction[],
): Promise<readonly Finding[]> {
  return looked("function", name, async () => {
    const found = functions.find(({ handler }) => handler === expected.handler);
    if (found === undefined) return failed("is not there", install);
    if (found.state !== "Active") return failed(`is ${found.state}`, install);
    const wrong = await wrongWakers(expected, found);
    return wrong.length > 0 ? wrong : ok("is there, and woken by all that should");
  });
}

/** All that should wake a function, and does not. */
async function wrongWakers(
  { byClock, byQueue, detailTypes }: Expected,
  found: InstalledFunction,
): Promise<readonly Said[]> {
  const { queues, rules } = await found.wakers();
  const wanted = [
    ...detailTypes.map((type) => ({
      of: `"${type}"`,
      rule: rules.find((rule) => rule.detailTypes.includes(type)),
    })),
    ...(byClock
      ? [{ of: "the clock", rule: rules.find((rule) => rule.detailTypes.length === 0) }]
      : []),
  ];
  const ofRules = wanted.flatMap(({ of, rule }) => {
    if (rule === undefined) return [failed(`no rule wakes it by ${of}`, install)];
    if (rule.isEnabled) return [];
    const help = `Enable it: aws events enable-rule --name ${rule.name}.`;
    return [failed(`the rule that wakes it by ${of} is disabled`, help)];
  });
  if (!byQueue) return ofRules;
  const queue = queues.find(({ arn }) => arn.endsWith(`:${queueName(found)}`));
  if (queue === undefined) return [...ofRules, failed("nothing gives it what is queued", install)];
  if (queue.isEnabled) return ofRules;
  const help = `Enable it: aws lambda update-event-source-mapping --enabled --uuid ${queue.id}.`;
  return [...ofRules, failed("its event source, the queue, is disabled", help)];
}

const queueName = ({ environment }: InstalledFunction): string =>
  environment.TRUEUP_QUEUE_URL?.split("/").at(-1) ?? "";

/** The queue of keys, and the two that hold what was given up. */
async function checkQueues(
  functions: readonly InstalledFunction[],
  installed: Installed,
): Promise<readonly Finding[]> {
  const worker = functions.find(({ handler }) => handler === "main.reconcile");
  if (worker === undefined) return [];
  const keys = await unlessRefused(() => installed.queue(queueName(worker)));
  const lost = await unlessRefused(() => worker.lost());
  const findings = await looked("queue", queueName(worker), async () => {
    const queue = await installed.queue(queueName(worker));
    if (queue === undefined) return failed("is not there", install);
    const waiting = `${queue.visible} wait, ${queue.inFlight} are worked on`;
    if (queue.deadLetters === undefined)
      return failed(
        `${waiting}; what crashes is tried for ever: it has no dead-letter queue`,
        install,
      );
    return ok(waiting);
  });
  const letters = isRefused(keys) ? undefined : keys?.deadLetters;
  const events = isRefused(lost) ? undefined : lost;
  return [
    ...findings,
    ...(await checkLetters("dead letters", letters, installed, keyGivenUp)),
    ...(await checkLetters("lost events", events, installed, eventGivenUp)),
  ];
}

const keyGivenUp =
  "Look for what crashed in the log group, then start a redrive: aws sqs start-message-move-task.";
const eventGivenUp =
  "Look for what failed in the log group, then purge the queue: the sweep has looked since.";

async function checkLetters(
  check: string,
  arn: string | undefined,
  installed: Installed,
  help: string,
): Promise<readonly Finding[]> {
  if (arn === undefined) return [];
  const name = arn.split(":").at(-1) ?? arn;
  return looked(check, name, async () => {
    const queue = await installed.queue(arn);
    if (queue === undefined) return failed("is not there", install);
    if (queue.visible + queue.inFlight === 0) return ok("it is empty");
    return failed(await contentOf(queue), help);
  });
}

/** How many messages, and of the oldest since when and whose, where the caller may look. */
async function contentOf(queue: InstalledQueue): Promise<string> {
  const all = queue.visible + queue.inFlight;
  const count = all === 1 ? "1 message was given up" : `${all} messages were given up`;
  const oldest = await unlessRefused(() => queue.oldest());
  if (oldest === undefined || isRefused(oldest)) return count;
  const since = new Date(oldest.sent).toISOString();
  const whose = oldest.groups.length === 0 ? "" : `, of ${oldest.groups.join(", ")}`;
  return `${count}, the oldest at ${since}${whose}`;
}

/** Of the functions, of their wake-ups, and the one that CloudFormation works as. */
const rolesOf = (functions: readonly InstalledFunction[]): readonly string[] => [
  ...new Set(
    functions
      .flatMap(({ environment, role }) => [
        role,
        environment.TRUEUP_SCHEDULER_ROLE_ARN ?? "",
        environment.TRUEUP_CLOUDFORMATION_ROLE_ARN ?? "",
      ])
      .filter((role) => role !== ""),
  ),
];
