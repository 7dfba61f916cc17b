import { isDenied, isNamed, unless } from "./answers.ts";
import type { Call, Operations } from "./call.ts";
import { describe } from "./ecs-service.ts";

type StoppedTask = NonNullable<Operations["ecs:DescribeTasks"][1]["tasks"]>[number];
type ServiceEvent = NonNullable<
  NonNullable<Operations["ecs:DescribeServices"][1]["services"]>[number]["events"]
>[number];

/** A service that did not become stable: its ARN, and between which times its deployment failed. */
export interface Unstable {
  readonly arn: string;
  readonly from: Date;
  readonly until: Date;
}

/** Whether CloudFormation says no more than that a service did not become stable. */
export const isUnstable = (reason: string): boolean =>
  /circuit breaker|did not stabilize|NotStabilized|exceeded attempts to wait/i.test(reason);

/**
 * Why a service did not become stable, as ECS says it: of the newest task that stopped, else in the
 * newest event that tells of a problem. Undefined: ECS does not say, or nobody may ask.
 */
export async function causeIn(unstable: Unstable, call: Call): Promise<string | undefined> {
  // Tasks of a cluster that is somebody else's are not for everybody who may look at the service.
  const cause =
    (await unless(taskCause(unstable, call), isDenied)) ??
    (await unless(eventCause(unstable, call), isDenied));
  return cause === undefined ? undefined : short(cause);
}

async function taskCause(unstable: Unstable, call: Call): Promise<string | undefined> {
  const [cluster, serviceName] = unstable.arn.split("/").slice(-2);
  const listed = call("ecs:ListTasks", { cluster, serviceName, desiredStatus: "STOPPED" });
  // A first create that failed has taken its service away with it.
  const { taskArns = [] } = (await unless(listed, isGone)) ?? {};
  // ECS describes at most a hundred tasks at a time, and lists as many.
  if (taskArns.length === 0) return undefined;
  const { tasks = [] } = await call("ecs:DescribeTasks", { cluster, tasks: taskArns });
  const [newest] = tasks
    .filter((task) => isWithin(task.createdAt, unstable) && !isScaling(task))
    .sort((a, b) => timeOf(b.createdAt) - timeOf(a.createdAt));
  return newest && stoppedFor(newest);
}

async function eventCause(unstable: Unstable, call: Call): Promise<string | undefined> {
  const service = await unless(describe(unstable.arn, call), isGone);
  const [newest] = (service?.events ?? [])
    .filter((event) => isWithin(event.createdAt, unstable) && isProblem(event))
    .sort((a, b) => timeOf(b.createdAt) - timeOf(a.createdAt));
  return newest?.message?.replace(/^\(service [^)]*\) /, "");
}

/** That its containers ended says less than which of them did, and how. */
function stoppedFor({ containers = [], stoppedReason }: StoppedTask): string | undefined {
  const ended = containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
  if (ended === undefined) return stoppedReason;
  const reason = ended.reason === undefined ? "" : `, ${ended.reason}`;
  return `${stoppedReason ?? "Stopped"} (${ended.name} exited with ${ended.exitCode}${reason})`;
}

const isGone = (error: unknown): boolean =>
  isNamed(error, "ClusterNotFoundException", "ServiceNotFoundException");

const timeOf = (at: Date | undefined): number => at?.getTime() ?? 0;

const isWithin = (at: Date | undefined, { from, until }: Unstable): boolean =>
  timeOf(at) >= from.getTime() && timeOf(at) <= until.getTime();

/** Tasks that make room for others did not fail. */
const isScaling = ({ stoppedReason = "" }: StoppedTask): boolean =>
  stoppedReason === "" || /^Scaling activity initiated/.test(stoppedReason);

/** That the deployment failed is what is to be explained. */
const isProblem = ({ message = "" }: ServiceEvent): boolean =>
  /unable|fail|unhealthy|error/i.test(message) && !/deployment failed|rolling back/.test(message);

/** Where a text is cut, its ends tell most: what it is about, and what became of it. */
const mostCharacters = 240;

function short(text: string): string {
  const characters = [...text.replace(/\s+/g, " ").trim()];
  if (characters.length <= mostCharacters) return characters.join("");
  const half = mostCharacters / 2 - 1;
  return `${characters.slice(0, half).join("")} … ${characters.slice(-half).join("")}`;
}
