import { TerminalError } from "../model/errors.ts";
import { isNamed } from "./answers.ts";
import type { Call, Caller, Identity } from "./call.ts";

/** What requests are signed with, in the place of the process's own. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Calls to a region; without credentials, signed with the process's own. */
export type Signer = (as: { readonly region: string; readonly credentials?: Credentials }) => Call;

type Role = Identity & { readonly role: string };

/**
 * Calls as the roles that identities name. A role is assumed once for all calls of one session, and
 * again when its credentials have run out: AWS refuses such a request before anything is done, so the
 * call is made a second time, and whether the first had an effect after all is for its name and token
 * to tell, as after any answer that was lost. Nothing is ever called as the controller itself in the
 * place of a role that cannot be assumed.
 */
export function assuming(signed: Signer, home: string): Caller {
  const sessions = new Map<string, Promise<Credentials>>();
  const begun = (role: Role): Promise<Credentials> => {
    const key = sessionOf(role);
    const made = assume(role, signed({ region: home })).catch((error: unknown) => {
      if (sessions.get(key) === made) sessions.delete(key);
      throw error;
    });
    sessions.set(key, made);
    return made;
  };

  const held = (role: Role): Promise<Credentials> => sessions.get(sessionOf(role)) ?? begun(role);
  /** Of calls that are made together the first to hear of the end begins the next session. */
  const after = (ended: Promise<Credentials>, role: Role): Promise<Credentials> => {
    const current = held(role);
    return current === ended ? begun(role) : current;
  };

  const as = (role: Role): Call => {
    const { region } = role;
    return async (operation, input) => {
      const session = held(role);
      const credentials = await session;
      try {
        return await signed({ region, credentials })(operation, input);
      } catch (error) {
        if (!isNamed(error, ...spent)) throw error;
        return signed({ region, credentials: await after(session, role) })(operation, input);
      }
    };
  };

  return (identity) =>
    identity.role === undefined
      ? signed({ region: identity.region })
      : as({ ...identity, role: identity.role });
}

/** The same error, as the services word it. */
const spent = ["ExpiredToken", "ExpiredTokenException"];

/** Credentials are good for every region. */
const sessionOf = ({ externalId, role, session }: Role): string =>
  JSON.stringify([role, externalId, session]);

async function assume({ externalId, role, session }: Role, call: Call): Promise<Credentials> {
  const assumed = call("sts:AssumeRole", {
    RoleArn: role,
    RoleSessionName: session ?? "trueup",
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  });
  const { AssumedRoleUser, Credentials: given } = await assumed.catch((error: unknown) => {
    if (!isNamed(error, "AccessDenied")) throw error;
    const { message } = error as Error;
    throw new TerminalError("RoleNotAssumed", `${message}. ${helpWith(message, externalId)}`);
  });
  const accountIn = (arn = ""): string => arn.split(":")[4] ?? "";
  if (accountIn(AssumedRoleUser?.Arn) !== accountIn(role)) {
    const who = AssumedRoleUser?.Arn ?? "nobody";
    throw new TerminalError("WrongAccount", `STS made us ${who} where we asked for ${role}.`);
  }
  const { AccessKeyId, SecretAccessKey, SessionToken } = given ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined) {
    throw new Error(`STS gave no credentials for ${role}.`);
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
  };
}

/** What an explicit denial forbids no trust policy allows. */
const helpWith = (message: string, externalId: string | undefined): string =>
  message.includes("explicit deny")
    ? "Whoever denies it has to let the controller."
    : `Let its trust policy name the controller${externalId === undefined ? "" : ", and this external id"}.`;
