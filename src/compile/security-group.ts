import { hashedId } from "./ids.ts";
import type { Ground } from "./scope.ts";

/** A security group in the network, without rules: these are resources of their own. */
export function securityGroup(id: string, GroupDescription: string, scope: Ground) {
  const properties = { GroupDescription, VpcId: scope.network().vpc };
  return { id: hashedId(id, properties), type: "AWS::EC2::SecurityGroup", properties };
}
