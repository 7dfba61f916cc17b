import type { Check, Finding } from "../../model/verification.ts";
import type { Attempt } from "../../ports/ports.ts";
import type { Call, Operations } from "../call.ts";
import { serviceIn } from "../services.ts";
import { variablesOf } from "./build.ts";

type TaskCheck = Extract<Check, { readonly kind: "task" }>;
type Overrides = NonNullable<Operations["ecs:RunTask"][0]["overrides"]>;

/**
 * Runs a command once in a task of a service's family, where that service runs: its network, its
 * rights, its image. The exit code of its container is the verdict.
 */
export async function lookAtTask(check: TaskCheck, attempt: Attempt, call: Call): Promise<Finding> {
  const { service: place } = attempt;
  const found = place && (await serviceIn(place.stack, place.logicalId, call));
  if (found === undefined) {
    const message = `no service ${check.service} is deployed`;
    return { kind: "said", verdict: "inconclusive", message };
  }
  return attempt.handle === undefined
    ? start(check, attempt, { call, service: found })
    : lookAt(check, { cluster: found.clusterArn ?? "", task: attempt.handle }, call);
}

interface Place {
  readonly service: NonNullable<Operations["ecs:DescribeServices"][1]["services"]>[number];
  readonly call: Call;
}

async function start(
  check: TaskCheck,
  attempt: Attempt,
  { call, service }: Place,
): Promise<Finding> {
  const { capacityProviderStrategy = [], clusterArn, launchType } = service;
  const { networkConfiguration, taskDefinition } = service;
  const { failures = [], tasks: [task] = [] } = await call("ecs:RunTask", {
    cluster: clusterArn,
    taskDefinition,
    networkConfiguration,
    // ECS takes one of the two.
    ...(capacityProviderStrategy.length > 0 ? { capacityProviderStrategy } : { launchType }),
    clientToken: attempt.token,
    startedBy: "trueup-verification",
    overrides: overridesOf(check, attempt),
  });
  if (task?.taskArn !== undefined) return { kind: "running", handle: task.taskArn };
  const [reason = "ECS started no task"] = failures.map((failure) => failure.reason);
  return { kind: "errored", message: reason };
}

/**
 * ECS takes 8,192 characters of JSON, written its own way: some two hundred are left to it. Where
 * that is too little for all outputs, the command has those that it names.
 */
const mostCharacters = 8000;

function overridesOf({ command, service: name }: TaskCheck, attempt: Attempt): Overrides {
  const told = variablesOf(attempt).map(([variable, value]) => ({ name: variable, value }));
  const telling = (environment: typeof told): Overrides => ({
    containerOverrides: [{ name, command: [...command], environment }],
  });
  const all = telling(told);
  if (JSON.stringify(all).length <= mostCharacters) return all;
  const isAsked = (variable: string): boolean =>
    !variable.startsWith("TRUEUP_OUTPUT_") || command.some((part) => part.includes(variable));
  return telling(told.filter((one) => isAsked(one.name)));
}

async function lookAt(
  { service: container }: TaskCheck,
  { cluster, task: arn }: { readonly cluster: string; readonly task: string },
  call: Call,
): Promise<Finding> {
  const { tasks: [task] = [] } = await call("ecs:DescribeTasks", { cluster, tasks: [arn] });
  // A stopped task is told of for an hour.
  if (task === undefined) return { kind: "errored", message: `the task ${arn} is gone` };
  if (task.lastStatus !== "STOPPED") return { kind: "running", handle: arn };
  const code = task.containers?.find(({ name }) => name === container)?.exitCode;
  if (code === undefined) {
    return { kind: "errored", message: task.stoppedReason ?? "the task stopped without a word" };
  }
  return {
    kind: "said",
    verdict: code === 0 ? "passed" : "failed",
    message: `${container} exited with ${code}`,
  };
}
