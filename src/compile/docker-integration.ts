import { suggestion } from "./nearest.ts";

/**
 * Keys of Docker's retired ECS integration that ECS ComposeX never took, and what says here what
 * they said.
 */
const instead: Readonly<Record<string, string>> = {
  "x-aws-autoscaling": "It belongs below deploy; x-scaling says more.",
  "x-aws-cloudformation": "Say it by the key that makes the resource: templates are not edited.",
  "x-aws-keys": "Write x-secrets: {Name: …, JsonKeys: [{SecretKey: …}]}.",
  "x-aws-loadbalancer": "Write x-elbv2: {NAME: {Lookup: {loadbalancer: {Arn: …}}, Listeners: …}}.",
  "x-aws-logs_retention": "It belongs to a service, as x-logging: {RetentionInDays: …} does.",
  "x-aws-max_percent": "It belongs to a service, beside deploy.",
  "x-aws-min_percent": "It belongs to a service, beside deploy.",
  "x-aws-policies": "It belongs to a service, as x-iam: {ManagedPolicyArns: […]} does.",
  "x-aws-protocol": "x-elbv2 says which load balancers there are, and what they speak.",
  "x-aws-pull_credentials": "It belongs to a service.",
  "x-aws-role": "It belongs to a service, as x-iam: {Policies: […]} does.",
  "x-aws-securitygroup": "Write x-network: {AdditionalSecurityGroups: […]} at its services.",
  "x-aws-subnets":
    "Write x-vpc: {Lookup: …}, with VpcId, AppSubnets, PublicSubnets, StorageSubnets.",
  "x-aws-vpc": "Write x-vpc: {Lookup: …}, with VpcId, AppSubnets, PublicSubnets, StorageSubnets.",
};

/** Whether a key is one of these. */
export const isRetired = (key: string): boolean => Object.hasOwn(instead, key);

/** What to do about an `x-…` key that nothing reads where it stands. */
export const unreadHelp = (key: string, known: readonly string[]): string =>
  instead[key] ?? suggestion(key, known);
