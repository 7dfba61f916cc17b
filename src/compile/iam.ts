import { join, type Properties, pseudo, type Value } from "../model/template.ts";

/** One statement of an IAM policy. Always what is allowed, never what is not. */
export type Statement = {
  readonly Sid?: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: Value | readonly Value[];
  readonly Condition?: Properties;
};

/** The right to do something, and to what. */
export const allowing = (
  Action: readonly string[],
  Resource: Statement["Resource"],
): Statement => ({ Effect: "Allow", Action, Resource });

/** A policy of a role, or of a resource, whose statements say for whom. */
export const policyDocument = (Statement: readonly (Statement | Properties)[]): Properties => ({
  Version: "2012-10-17",
  Statement,
});

/** Who may take a role: a service, and only on behalf of this account. */
export const trust = (service: string): Properties =>
  policyDocument([
    {
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": pseudo.account } },
    },
  ]);

/** An ARN in this account, region and partition. */
export const arn = (
  service: string,
  resource: readonly Value[],
  { account = pseudo.account as Value, region = pseudo.region as Value } = {},
): Value =>
  join(["arn:", pseudo.partition, `:${service}:`, region, ":", account, ":", ...resource]);

/** A managed policy: one of this account by its name, any by its ARN. */
export const managedPolicy = (nameOrArn: string): Value => {
  if (!nameOrArn.startsWith("arn:"))
    return join(["arn:", pseudo.partition, ":iam::", pseudo.account, `:policy/${nameOrArn}`]);
  // `arn:aws:` written by hand is right in one partition only.
  const [, , ...rest] = nameOrArn.split(":");
  return join(["arn:", pseudo.partition, `:${rest.join(":")}`]);
};
