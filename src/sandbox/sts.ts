import { createHash } from "node:crypto";
import { denied } from "./iam/policy.ts";
import { callerOf, roleOf, trusts } from "./iam/roles.ts";
import { breaks, takes } from "./inputs.ts";
import { AwsError, type Context, type Principal, type Service, type World } from "./world.ts";

/** Security Token Service: who a caller is, and becoming a role. */
export const sts: Service = {
  name: "sts",
  operations: {
    GetCallerIdentity: takes([], (_input, { account, principal }) => ({
      UserId: userIdOf(principal, account),
      Account: account,
      Arn: principal,
    })),
    AssumeRole: takes<AssumeRoleInput>(
      ["DurationSeconds", "ExternalId", "RoleArn", "RoleSessionName"],
      assumeRole,
    ),
  },
};

/** Whom an access key stands for; undefined: it was never issued here, or has run out. */
export function holderOf(world: World, accessKeyId: string): Omit<Principal, "region"> | undefined {
  const key = keysOf(world)[accessKeyId];
  if (key === undefined || (key.until !== undefined && key.until <= world.now)) return undefined;
  return { account: key.account, arn: key.arn };
}

/** Makes an access key known that lasts, such as that of a user. */
export function addAccessKey(
  world: World,
  accessKeyId: string,
  { account, arn }: Omit<Principal, "region">,
): void {
  keysOf(world)[accessKeyId] = { account, arn };
}

interface AccessKey {
  readonly account: string;
  readonly arn: string;
  readonly until?: number;
}

interface AssumeRoleInput {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds?: number;
  readonly ExternalId?: string;
}

const keysOf = (world: World): Record<string, AccessKey> =>
  world.stateOf("sts", { account: "*", region: "*" }, () => ({}));

function assumeRole(input: AssumeRoleInput, context: Context): unknown {
  const { DurationSeconds = 3600, ExternalId, RoleArn, RoleSessionName } = input;
  const [, account = "", role = ""] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(RoleArn) ?? [];
  checkAssumeRole(input, role, context);
  const { world } = context;
  const found = roleOf(world, RoleArn);
  const who = { caller: callerOf(context), keys: { "sts:ExternalId": ExternalId } };
  // A role that is not there is refused in the same words: nobody is told what there is.
  if (found === undefined || !trusts(found, who)) throw denied(context, "sts:AssumeRole", RoleArn);
  if (DurationSeconds > found.longest) {
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
  }
  const arn = `arn:aws:sts::${account}:assumed-role/${role.split("/").at(-1)}/${RoleSessionName}`;
  const accessKeyId = `ASIA${world.text(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`;
  const until = world.now + DurationSeconds * 1000;
  keysOf(world)[accessKeyId] = { account, arn, until };
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: world.text(40),
      SessionToken: world.text(120),
      Expiration: new Date(until),
    },
    AssumedRoleUser: { AssumedRoleId: userIdOf(arn, account), Arn: arn },
  };
}

function checkAssumeRole(input: AssumeRoleInput, role: string, { principal }: Context): void {
  const { DurationSeconds = 3600, ExternalId, RoleArn, RoleSessionName } = input;
  const invalid = (...parts: Parameters<typeof breaks>) =>
    new AwsError("ValidationError", breaks(...parts).message);
  if (role === "") {
    throw RoleArn.length < 20
      ? invalid(RoleArn, "roleArn", "Member must have length greater than or equal to 20")
      : new AwsError("ValidationError", `${RoleArn} is invalid`);
  }
  if (!/^[\w+=,.@-]*$/.test(RoleSessionName)) {
    const pattern = "Member must satisfy regular expression pattern: [\\w+=,.@-]*";
    throw invalid(RoleSessionName, "roleSessionName", pattern);
  }
  checkLength(RoleSessionName, "roleSessionName", [2, 64]);
  if (ExternalId !== undefined) checkLength(ExternalId, "externalId", [2, 1224]);
  if (DurationSeconds < 900) {
    throw invalid(
      DurationSeconds,
      "durationSeconds",
      "Member must have value greater than or equal to 900",
    );
  }
  if (DurationSeconds > 43200) {
    throw invalid(
      DurationSeconds,
      "durationSeconds",
      "Member must have value less than or equal to 43200",
    );
  }
  if (DurationSeconds > 3600 && principal.includes(":assumed-role/")) {
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  }
}

function checkLength(text: string, member: string, [least, most]: readonly [number, number]): void {
  const fault =
    text.length < least
      ? `Member must have length greater than or equal to ${least}`
      : text.length > most && `Member must have length less than or equal to ${most}`;
  if (fault) throw new AwsError("ValidationError", breaks(text, member, fault).message);
}

/** The unique id of a principal, the same each time it is asked for. */
function userIdOf(arn: string, account: string): string {
  const id = (of: string) =>
    [...createHash("sha256").update(of).digest().subarray(0, 17)]
      .map((byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32])
      .join("");
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role !== undefined) return `AROA${id(`${account}/${role}`)}:${session}`;
  return arn.endsWith(":root") ? account : `AIDA${id(arn)}`;
}
