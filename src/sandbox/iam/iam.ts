import { createHash } from "node:crypto";
import { takes } from "../inputs.ts";
import { AwsError, type Context, notEmulated, type Service } from "../world.ts";
import { addRole, type Role, roleNamed } from "./roles.ts";

/** Identity and Access Management, as far as which roles there are, and those that AWS itself uses. */
export const iam: Service = {
  name: "iam",
  operations: {
    CreateServiceLinkedRole: takes<CreateServiceLinkedRoleInput>(
      ["AWSServiceName"],
      createServiceLinkedRole,
    ),
    GetRole: takes<GetRoleInput>(["RoleName"], getRole),
  },
};

interface CreateServiceLinkedRoleInput {
  readonly AWSServiceName: string;
}

interface GetRoleInput {
  readonly RoleName: string;
}

/** What the role of a service is called. Each service has its own way. */
const named: Readonly<Record<string, string>> = {
  "ecs.amazonaws.com": "AWSServiceRoleForECS",
  "ecs.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_ECSService",
  "elasticache.amazonaws.com": "AWSServiceRoleForElastiCache",
  "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
  "rds.amazonaws.com": "AWSServiceRoleForRDS",
};

function createServiceLinkedRole(
  { AWSServiceName: service }: CreateServiceLinkedRoleInput,
  context: Context,
): unknown {
  const { account, world } = context;
  const name = named[service];
  if (name === undefined) throw notEmulated(`the service-linked role of ${service}`);
  if (roleNamed(name, context) !== undefined) {
    throw new AwsError(
      "InvalidInput",
      `Service role name ${name} has been taken in this account, please try a different suffix.`,
    );
  }
  const arn = `arn:aws:iam::${account}:role/aws-service-role/${service}/${name}`;
  addRole(world, arn, {
    Version: "2012-10-17",
    Statement: [{ Action: ["sts:AssumeRole"], Effect: "Allow", Principal: { Service: [service] } }],
  });
  return getRole({ RoleName: name }, context);
}

function getRole({ RoleName }: GetRoleInput, context: Context): { readonly Role: unknown } {
  const role = roleNamed(RoleName, context);
  if (role === undefined) {
    throw new AwsError("NoSuchEntity", `The role with name ${RoleName} cannot be found.`, 404);
  }
  return { Role: shown(role) };
}

const shown = ({ arn, longest, made, trust }: Role) => ({
  Path: /:role(\/(?:.*\/)?)/.exec(arn)?.[1],
  RoleName: arn.split("/").at(-1),
  RoleId: `AROA${createHash("sha256").update(arn).digest("hex").slice(0, 17).toUpperCase()}`,
  Arn: arn,
  CreateDate: new Date(made ?? 0),
  AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trust)),
  MaxSessionDuration: longest,
});
