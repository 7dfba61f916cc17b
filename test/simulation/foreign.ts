import type { Arena } from "./arena.ts";
import type { Event } from "./events.ts";
import { changeSetsOn, isOurs, liveStacks, unitOf } from "./oracle/seen.ts";

interface Scene {
  readonly arena: Arena;
  readonly letsGo: (logicalIds: readonly string[]) => void;
}

/** A person does something to a stack of ours; what AWS refuses does not happen. */
export function foreign(
  { act, unit }: Extract<Event, { readonly do: "foreign" }>,
  scene: Scene,
): void {
  try {
    acts[act](unit, scene);
  } catch (error) {
    if ((error as { $fault?: string }).$fault === undefined) throw error;
  }
}

type Act = (unit: string, scene: Scene) => void;

const found = ({ world }: Arena, unit: string) =>
  liveStacks(world).find(({ name }) => unitOf(name) === unit);

const acts: Readonly<Record<Extract<Event, { readonly do: "foreign" }>["act"], Act>> = {
  update: (unit, { arena }) => {
    const stack = found(arena, unit);
    if (stack?.configuration === undefined) return;
    const template = JSON.parse(stack.configuration.text);
    const [first] = Object.keys(template.Resources);
    const Metadata = { By: "hand" };
    template.Resources[first ?? ""] = { ...template.Resources[first ?? ""], Metadata };
    arena.ask("cloudformation:UpdateStack", {
      StackName: stack.name,
      TemplateBody: JSON.stringify(template),
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      Parameters: Object.keys(stack.configuration.parameters).map((ParameterKey) => ({
        ParameterKey,
        UsePreviousValue: true,
      })),
    });
  },

  delete: (unit, { arena, letsGo }) => {
    const stack = found(arena, unit);
    if (stack === undefined) return;
    arena.ask("cloudformation:DeleteStack", { StackName: stack.name });
    letsGo(Object.keys(stack.resources));
  },

  "own change set": (unit, { arena }) => {
    const stack = found(arena, unit);
    arena.ask("cloudformation:CreateChangeSet", {
      StackName: stack?.name ?? `trueup-shop-dev-${unit}-00000000`,
      ChangeSetName: `by-hand-${arena.world.now}`,
      UsePreviousTemplate: true,
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      Parameters: Object.keys(stack?.configuration?.parameters ?? {}).map((ParameterKey) => ({
        ParameterKey,
        UsePreviousValue: true,
      })),
    });
  },

  "execute ours": (unit, { arena }) => {
    for (const { arn } of pending(arena, unit)) {
      arena.ask("cloudformation:ExecuteChangeSet", { ChangeSetName: arn });
    }
  },

  "delete ours": (unit, { arena }) => {
    for (const { arn } of pending(arena, unit)) {
      arena.ask("cloudformation:DeleteChangeSet", { ChangeSetName: arn });
    }
  },

  "fail ours": (unit, { arena }) => {
    for (const changeSet of pending(arena, unit)) {
      const reason = reasons[Math.floor(arena.world.chance() * reasons.length)];
      Object.assign(changeSet, { status: "FAILED", executionStatus: "UNAVAILABLE", reason });
    }
  },

  cancel: (unit, { arena }) => {
    const stack = found(arena, unit);
    if (stack !== undefined)
      arena.ask("cloudformation:CancelUpdateStack", { StackName: stack.name });
  },
};

/** What CloudFormation is known to say of change sets that come to nothing. */
const reasons = [
  "Internal Failure",
  "No updates are to be performed.",
  "The submitted information didn't contain changes. Submit different information to create a change set.",
];

const pending = (arena: Arena, unit: string) => {
  const stack = found(arena, unit);
  return stack === undefined
    ? []
    : changeSetsOn(arena.world, stack).filter(
        ({ executionStatus, name }) => isOurs(name) && executionStatus === "AVAILABLE",
      );
};
