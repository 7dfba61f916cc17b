import type { Secrets } from "../ports/ports.ts";
import { everyItem, isDenied, isNamed } from "./answers.ts";
import type { Call } from "./call.ts";

/** Secrets and parameters of one account and region, never their values. */
export const secretsOf = (
  call: Call,
  { account, region }: { account: string; region: string },
): Secrets => ({
  async isThere(from) {
    const place = /^arn:[^:]+:(secretsmanager|ssm):([^:]*):([^:]*):(?:secret:|parameter)(.*)$/.exec(
      from,
    );
    const [, service = "ssm", where = region, owner = account, name = from] = place ?? [];
    if (where !== region || owner !== account) return undefined;
    return service === "ssm" ? hasParameter(name, call) : hasSecret(from, call);
  },
});

async function hasParameter(name: string, call: Call): Promise<boolean | undefined> {
  // A version or a label after a colon is none of its name; a lone slash before it is the ARN's.
  const [bare = ""] = name.split(":");
  const names = [bare, bare.replace(/^\/([^/]+)$/, "$1")];
  try {
    // A page may have nothing, and the next one what is looked for.
    const found = await everyItem(async (token) => {
      const page = await call("ssm:DescribeParameters", {
        ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [...new Set(names)] }],
        ...(token === undefined ? {} : { NextToken: token }),
      });
      return { items: page.Parameters, next: page.NextToken };
    });
    return found.length > 0;
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
}

/**
 * Cloud Control looks for a secret before it reads it, which the controller may not: that one is not
 * there it says, and of one that is there it says that it may not.
 */
async function hasSecret(arn: string, call: Call): Promise<boolean | undefined> {
  const Identifier = arn.split(":").slice(0, 7).join(":");
  // By its name alone it is found by services, and not by Cloud Control.
  if (!/-[A-Za-z0-9]{6}$/.test(Identifier)) return undefined;
  try {
    await call("cloudcontrolapi:GetResource", {
      TypeName: "AWS::SecretsManager::Secret",
      Identifier,
    });
    return true;
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return false;
    if (isDenied(error) || isNamed(error, "GeneralServiceException", "UnsupportedActionException"))
      return undefined;
    throw error;
  }
}
