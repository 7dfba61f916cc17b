import { globbed } from "../model/glob.ts";

/**
 * Who an ARN stands for, as far as it can be trusted. The session of an assumed role is named by
 * whoever assumes it, so that one person could be many: only IAM Identity Center names its own.
 * Users who are federated by `GetFederationToken` are named by the caller too.
 */
export function principalOf(arn: string): string {
  if (sessionOfIdentityCenter.test(arn)) return arn;
  return arn
    .replace(/^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\/.+$/, "arn:$1:iam::$2:role/$3")
    .replace(/^(arn:[a-z-]+:sts::\d{12}:federated-user)\/.*$/, "$1");
}

/** Names of roles like this one AWS reserves for those that Identity Center makes. */
const sessionOfIdentityCenter =
  /^arn:[a-z-]+:sts::\d{12}:assumed-role\/AWSReservedSSO_[^/]+_[0-9a-f]{16}\/.+$/;

/**
 * Whether a principal is meant by an ARN pattern, in which `*` is any text. A plain role may be
 * written with its path or as a session of it: neither tells more than the role's name. A path
 * before a name that is open means nobody, since no session tells of it.
 */
export const isMeant = (principal: string, pattern: string): boolean =>
  globbed(plain(pattern)).test(principal);

const plain = (pattern: string): string =>
  pattern
    .replace(
      /^arn:([^:]+):sts::([^:]+):assumed-role\/(?!AWSReservedSSO_)([^/]+)(?:\/.*)?/,
      "arn:$1:iam::$2:role/$3",
    )
    .replace(/:role\/(?:[^/]+\/)+([^/*]+)$/, ":role/$1");
