import { AwsError, type Context } from "../world.ts";

export interface Target {
  readonly Id: string;
  readonly Arn: string;
  readonly Input?: string;
  readonly RoleArn?: string;
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  /** Kept and shown; a delivery here either succeeds or can never succeed. */
  readonly RetryPolicy?: unknown;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: string | undefined;
  readonly schedule: string | undefined;
  readonly description: string | undefined;
  readonly role: string | undefined;
  readonly enabled: boolean;
  readonly targets: readonly Target[];
  /** Names the timer that is set for it, so that one of a former self is known. */
  readonly timer: string;
}

/** The rules of the default bus, by name. */
export const rulesOf = (context: Pick<Context, "account" | "region" | "world">) =>
  context.world.stateOf<Record<string, Rule>>("events", context, () => ({}));

/** Statements of the policy of the default bus, by their ids: who of other accounts may put events on it. */
export const busPolicyOf = (context: Pick<Context, "account" | "region" | "world">) =>
  context.world.stateOf<Record<string, BusStatement>>("event-bus", context, () => ({}));

/** A statement as policies have it. */
export type BusStatement = Readonly<Record<string, unknown>>;

export const defaultBus = ({ account, region }: Pick<Context, "account" | "region">): string =>
  `arn:aws:events:${region}:${account}:event-bus/default`;

/** There is one bus, the default one. */
export function checkBus(name: string | undefined): void {
  if (name === undefined || name === "default" || name.endsWith(":event-bus/default")) return;
  throw new AwsError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
}

export function ruleOf(name: string, context: Context): Rule {
  const rule = rulesOf(context)[name];
  if (rule === undefined) {
    throw new AwsError(
      "ResourceNotFoundException",
      `Rule ${name} does not exist on EventBus default.`,
    );
  }
  return rule;
}
