/**
 * A CloudFormation value: plain JSON in which some objects are intrinsic functions.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-reference.html
 */
export type Value = string | number | boolean | readonly Value[] | Properties;

export interface Properties {
  readonly [key: string]: Value;
}

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly Metadata?: Properties;
  readonly DeletionPolicy?: DeletionPolicy;
  readonly UpdateReplacePolicy?: "Delete" | "Retain" | "Snapshot";
  readonly Properties?: Properties;
}

export type DeletionPolicy = "Delete" | "Retain" | "RetainExceptOnCreate" | "Snapshot";

export interface Output {
  readonly Description?: string;
  readonly Value: Value;
}

export interface Parameter {
  readonly Type: "String";
  readonly Description?: string;
}

/** What one stack is made from. Keys stand in the order in which they are printed. */
export interface Template {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Description?: string;
  readonly Metadata?: Properties;
  readonly Parameters?: Readonly<Record<string, Parameter>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, Output>>;
}

export const ref = (logicalId: string): Properties => ({ Ref: logicalId });

/** Always the list form: CloudFormation takes another spelling for a change (design-aws 7). */
export const getAtt = (logicalId: string, attribute: string): Properties => ({
  "Fn::GetAtt": [logicalId, attribute],
});

/** `parts` joined with nothing between: how text and references are mixed. */
export const join = (parts: readonly Value[], separator = ""): Properties => ({
  "Fn::Join": [separator, parts],
});

export const pseudo = {
  account: ref("AWS::AccountId"),
  partition: ref("AWS::Partition"),
  region: ref("AWS::Region"),
  stackName: ref("AWS::StackName"),
  urlSuffix: ref("AWS::URLSuffix"),
} as const;
