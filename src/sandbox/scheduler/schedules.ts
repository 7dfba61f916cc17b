import { AwsError, type Context } from "../world.ts";

export interface ScheduleTarget {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  /** Kept and shown; a delivery here either succeeds or can never succeed. */
  readonly RetryPolicy?: unknown;
}

export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly expression: string;
  readonly enabled: boolean;
  readonly deletes: boolean;
  readonly description: string | undefined;
  readonly target: ScheduleTarget;
  readonly created: number;
  readonly modified: number;
  /** Of the request that made it: the same again is the same schedule. */
  readonly token: string | undefined;
  /** Names the timer that is set for it, so that one of a former self is known. */
  readonly timer: string;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  readonly token: string | undefined;
}

interface State {
  readonly groups: Record<string, Group>;
  /** By `group/name`. */
  readonly schedules: Record<string, Schedule>;
}

/** The account and region of schedules. */
export type Scope = Pick<Context, "account" | "region" | "world">;

export const schedulesOf = (scope: Scope): State =>
  scope.world.stateOf("scheduler", scope, () => ({
    groups: { default: groupOf("default", undefined, scope) },
    schedules: {},
  }));

export const groupOf = (
  name: string,
  token: string | undefined,
  { account, region, world }: Scope,
): Group => ({
  name,
  arn: `arn:aws:scheduler:${region}:${account}:schedule-group/${name}`,
  created: world.now,
  token,
});

export const notFound = (what: string): AwsError =>
  new AwsError("ResourceNotFoundException", `${what} does not exist.`, 404);

export const conflict = (what: string): AwsError =>
  new AwsError("ConflictException", `${what} already exists.`, 409);

export const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

export const checkName = (name: string): void => {
  if (/^[0-9a-zA-Z\-_.]{1,64}$/.test(name)) return;
  throw invalid(
    `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$ and have length less than or equal to 64`,
  );
};
