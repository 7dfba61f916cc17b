import { holderOf } from "./sts.ts";
import type { Credential } from "./wire/credential.ts";
import { AwsError, type Principal, type World } from "./world.ts";

/** The account of every access key that was never issued here. */
const defaultAccount = "123456789012";

/**
 * Who signs with an access key, as AWS tells accounts apart. An account number may stand for the key
 * of its root; any other key that was not issued here is a user's of the default account.
 */
export function principalOf(world: World, credential: Credential | undefined): Principal {
  if (credential === undefined) {
    throw new AwsError("MissingAuthenticationToken", "Missing Authentication Token", 403);
  }
  const { accessKeyId, region, service } = credential;
  const holder = holderOf(world, accessKeyId);
  if (holder !== undefined) return { ...holder, region };
  if (accessKeyId.startsWith("ASIA")) {
    const code = queryLike.has(service) ? "ExpiredToken" : "ExpiredTokenException";
    throw new AwsError(code, "The security token included in the request is expired", 403);
  }
  if (/^\d{12}$/.test(accessKeyId)) {
    return { account: accessKeyId, region, arn: `arn:aws:iam::${accessKeyId}:root` };
  }
  const arn = `arn:aws:iam::${defaultAccount}:user/${accessKeyId}`;
  return { account: defaultAccount, region, arn };
}

/** Services whose errors have no `Exception` at their end. */
const queryLike: ReadonlySet<string> = new Set(["cloudformation", "s3", "sns", "sts"]);
