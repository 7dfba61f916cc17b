import { hashedId } from "./ids.ts";
import type { Ground } from "./scope.ts";

/** EC2 takes few characters in the description of a group or a rule, and 255 of them. */
export const describe = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]/g, "-").slice(0, 255);

/** A security group in the network, without rules: these are resources of their own. */
export function securityGroup(id: string, description: string, scope: Ground) {
  const properties = { GroupDescription: describe(description), VpcId: scope.network().vpc };
  return { id: hashedId(id, properties), type: "AWS::EC2::SecurityGroup", properties };
}
