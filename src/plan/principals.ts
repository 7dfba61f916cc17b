import { globbed } from "../model/glob.ts";

/**
 * Who an ARN stands for, as far as it can be trusted. The session of an assumed role is named by
 * whoever assumes it, so that one person could be many: only IAM Identity Center names its own.
 * Users who are federated by `GetFederationToken` are named by the caller too.
 */
export function principalOf(arn: string): string {
  const assumed = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  if (assumed !== null) {
    const [, partition, account, role, session] = assumed;
    return isIdentityCenter(String(role))
      ? `arn:${partition}:sts::${account}:assumed-role/${role}/${session}`
      : `arn:${partition}:iam::${account}:role/${role}`;
  }
  return arn.replace(/^(arn:[a-z-]+:sts::\d{12}:federated-user)\/.*$/, "$1");
}

/** Reserved by AWS for the roles that Identity Center makes. */
const isIdentityCenter = (role: string): boolean => /^AWSReservedSSO_.+_[0-9a-f]{16}$/.test(role);

/**
 * Whether a principal is meant by an ARN pattern, in which `*` is any text. A plain role may be
 * written with its path or as a session of it: neither tells more than the role's name. A path
 * before a name that is open means nobody, since no session tells of it.
 */
export const isMeant = (principal: string, pattern: string): boolean =>
  globbed(plain(pattern)).test(principal);

function plain(pattern: string): string {
  const assumed = /^arn:([^:]+):sts::([^:]+):assumed-role\/([^/]+)(?:\/.*)?$/.exec(pattern);
  if (assumed !== null && !String(assumed[3]).startsWith("AWSReservedSSO_")) {
    const [, partition, account, role] = assumed;
    return `arn:${partition}:iam::${account}:role/${role}`;
  }
  return pattern.replace(/:role\/(?:[^/]+\/)+([^/*]+)$/, ":role/$1");
}
