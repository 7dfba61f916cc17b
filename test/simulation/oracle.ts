import { kindOf, type Operation } from "../../src/aws/call.ts";
import type { Call } from "../../src/sandbox/world.ts";
import type { TestWorld } from "../world/world.ts";

/** Judges what happens, at the instant of its effect, knowing nothing of the controller's own records. */
export interface Oracle {
  readonly wrongs: readonly string[];
  /** The controller is about to make a call. */
  call(operation: Operation): void;
  /** A call takes effect. */
  effect(call: Call): void;
  pushed(revision: string): void;
  suspended(is: boolean): void;
  /** Once all is calm: what is not as it should be. */
  judge(): Promise<readonly string[]>;
}

/** As long as a pass may go on that began before it could know. */
const passMilliseconds = 60_000;

export function watch(scene: TestWorld): Oracle {
  const wrongs: string[] = [];
  const revisions: string[] = [];
  const newest = new Map<string, number>();
  const described = new Map<string, string>();
  let suspendedSince: number | undefined;
  let queue: string | undefined;

  const wrong = (what: string): void => void wrongs.push(what);

  const effects: Readonly<Record<string, (input: Input) => void>> = {
    "cloudformation:CreateChangeSet": ({
      ChangeSetName = "",
      Description = "",
      StackName = "",
    }) => {
      described.set(`${StackName} ${ChangeSetName}`, Description.replace("Revision ", ""));
    },
    "cloudformation:ExecuteChangeSet": ({ ChangeSetName = "" }) => {
      const [, name = ""] = ChangeSetName.split("/");
      for (const [key, revision] of described)
        if (key.endsWith(` ${name}`)) executed(key, revision);
    },
  };

  const executed = (key: string, revision: string): void => {
    const [stack = ""] = key.split(" ");
    const at = revisions.indexOf(revision);
    if (at >= 0 && at < (newest.get(stack) ?? -1)) wrong(`${stack} goes back to ${revision}`);
    newest.set(stack, Math.max(at, newest.get(stack) ?? -1));
  };

  const noteQueue = async (): Promise<void> => {
    const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
      readonly Stacks: readonly { readonly StackName: string }[];
    };
    const base = Stacks.find(({ StackName }) => StackName.includes("-dev-base-"));
    if (base === undefined) return;
    const { StackResourceSummaries } = (await scene.ask("cloudformation:ListStackResources", {
      StackName: base.StackName,
    })) as { readonly StackResourceSummaries: readonly Record<string, string>[] };
    const now = StackResourceSummaries.find(
      ({ LogicalResourceId }) => LogicalResourceId === "JobsQueue",
    )?.PhysicalResourceId;
    if (queue !== undefined && now !== queue) wrong(`the queue ${queue} became ${now}`);
    queue = now ?? queue;
  };

  return {
    wrongs,
    call: (operation) => {
      const since = suspendedSince;
      const isLate = since !== undefined && scene.world.now - since > passMilliseconds;
      if (isLate && operation.startsWith("cloudformation:") && kindOf(operation) === "mutating") {
        wrong(`${operation} while suspended`);
      }
    },
    effect: ({ input, operation }) => effects[operation]?.(input as Input),
    pushed: (revision) => void revisions.push(revision),
    suspended: (is) => {
      suspendedSince = is ? (suspendedSince ?? scene.world.now) : undefined;
    },
    judge: async () => {
      await noteQueue();
      return ending(scene);
    },
  };
}

type Input = Readonly<Record<string, string | undefined>>;

async function ending(scene: TestWorld): Promise<readonly string[]> {
  const found: string[] = [];
  const { conditions, revision } = await scene.status();
  const ready = conditions.find(({ type }) => type === "Ready");
  if (ready?.status !== "True") found.push(`not ready: ${ready?.reason} ${ready?.message}`);
  if (revision.desired !== revision.deployed) found.push("not what is desired");

  const { Stacks } = (await scene.ask("cloudformation:DescribeStacks", {})) as {
    readonly Stacks: readonly { readonly StackName: string }[];
  };
  for (const { StackName } of Stacks) {
    const { Summaries } = (await scene.ask("cloudformation:ListChangeSets", { StackName })) as {
      readonly Summaries: readonly unknown[];
    };
    if (Summaries.length > 0) found.push(`${StackName} has ${Summaries.length} change sets left`);
  }
  const before = scene.mutations().length;
  await scene.driver.settle({ at: scene.world.now + 7_200_000 });
  const more = scene.mutations().slice(before);
  if (more.length > 0) found.push(`goes on writing: ${more.join(", ")}`);
  return found;
}
