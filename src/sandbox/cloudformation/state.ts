import type { Context } from "../world.ts";

/** A CloudFormation value: plain JSON. */
export type Value = string | number | boolean | null | readonly Value[] | Properties;

/** Members of a template or a resource, with values. */
export interface Properties {
  readonly [key: string]: Value;
}

/** What becomes of a resource that its stack lets go of. */
export type Policy = "Delete" | "Retain" | "RetainExceptOnCreate" | "Snapshot";

/** A parameter as a template declares it. */
export interface ParameterDeclaration {
  readonly Type: string;
  readonly Default?: string | number | boolean;
  readonly NoEcho?: boolean | string;
  readonly Description?: string;
  readonly AllowedValues?: readonly (string | number | boolean)[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
}

/** A resource as a template declares it. */
export interface ResourceDeclaration {
  readonly Type: string;
  readonly Properties?: Properties;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly Metadata?: Properties;
  readonly DeletionPolicy?: Policy;
  readonly UpdateReplacePolicy?: Policy;
  readonly CreationPolicy?: Properties;
  readonly UpdatePolicy?: Properties;
}

interface OutputDeclaration {
  readonly Value: Value;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: Value };
}

/** A template after parsing and checking: long-form intrinsics, plain JSON. */
export interface Template {
  readonly AWSTemplateFormatVersion?: string;
  readonly Description?: string;
  readonly Metadata?: Properties;
  readonly Parameters?: Readonly<Record<string, ParameterDeclaration>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Properties>>>>;
  readonly Conditions?: Readonly<Record<string, Value>>;
  readonly Resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly Outputs?: Readonly<Record<string, OutputDeclaration>>;
}

/** `resolved`: what an SSM-typed parameter stood for when it was read. */
export interface ParameterValue {
  readonly value: string;
  readonly resolved?: string;
}

/** All that a stack is made from. */
export interface Configuration {
  readonly text: string;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
  readonly roleArn?: string;
}

/** A resource as it should be: its declaration with everything resolved. */
export interface Desired {
  readonly properties: Properties;
  readonly metadata?: Value;
  readonly deletionPolicy?: Policy;
  readonly updateReplacePolicy?: Policy;
  readonly tags: Readonly<Record<string, string>>;
  readonly dependsOn: readonly string[];
}

/** A resource of a stack as it is. */
export interface Resource extends Desired {
  readonly logicalId: string;
  readonly type: string;
  /** Empty until it exists. */
  readonly physicalId: string;
  readonly attributes: Properties;
  /** The explicit name it occupies, with its type. */
  readonly claim?: string;
  readonly status: string;
  readonly reason?: string;
  readonly updatedAt: number;
  /** What somebody made of it behind its stack's back; absent: it is as it was declared. */
  readonly live?: Properties | "gone";
  /** What the last detection found. */
  readonly drift?: ResourceDrift;
}

export interface ResourceDrift {
  readonly status: "IN_SYNC" | "MODIFIED" | "DELETED";
  readonly at: number;
  readonly differences: readonly Difference[];
}

/** One property that is not what it was declared as. `path`: a JSON pointer. */
export interface Difference {
  readonly path: string;
  readonly expected?: Value;
  readonly actual?: Value;
  readonly type: "ADD" | "REMOVE" | "NOT_EQUAL";
}

/** One detection of drift. */
export interface Detection {
  readonly id: string;
  readonly stackId: string;
  readonly at: number;
  status: "DETECTION_IN_PROGRESS" | "DETECTION_COMPLETE" | "DETECTION_FAILED";
  reason?: string;
  /** How many resources have drifted, once that is known. */
  drifted?: number;
}

/** An output with its value. */
export interface Output {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** One thing to do within an operation. */
export interface Step {
  readonly logicalId: string;
  readonly kind: "apply" | "restore" | "delete";
  readonly after: readonly string[];
  /** What a deletion removes: the resource of the stack, or what an update left over. */
  readonly doomed?: Resource;
  /** The doomed resource is kept, and leaves the stack. */
  readonly retain?: boolean;
  state: "waiting" | "running" | "done" | "failed";
  tries: number;
  /** Tells this run of the step from earlier ones: late tasks of those do nothing. */
  run?: string;
  action?: "create" | "update" | "replace" | undefined;
  desired?: Desired;
}

type Phase = "forward" | "rollback" | "cleanup" | "delete";

/** What a stack is busy with; a stack has at most one. */
export interface Operation {
  readonly id: string;
  readonly kind: "CREATE" | "UPDATE" | "DELETE";
  readonly token?: string;
  readonly changeSetId?: string;
  readonly onFailure: "ROLLBACK" | "DELETE" | "DO_NOTHING";
  readonly retainExceptOnCreate: boolean;
  readonly retain: readonly string[];
  /** What others changed is made what was declared, too. */
  readonly revertsDrift?: boolean;
  /** What to return to. */
  readonly before: {
    readonly status: string;
    readonly configuration?: Configuration;
    readonly resources: Readonly<Record<string, Resource>>;
    readonly outputs: readonly Output[];
  };
  phase: Phase;
  steps: Record<string, Step>;
  /** Physical resources that an update leaves behind, to be deleted in the cleanup. */
  garbage: Resource[];
  /** Logical ids that this operation changed, in order. */
  touched: string[];
}

interface StackEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly at: number;
  readonly status: string;
  readonly reason?: string;
  readonly properties?: string;
  readonly token?: string;
  readonly operationId?: string;
}

/** A stack, living or deleted, with everything that ever happened to it. */
export interface Stack {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly createToken?: string;
  timeoutInMinutes?: number | undefined;
  status: string;
  reason?: string | undefined;
  updatedAt?: number;
  /** When its deletion began, or that of what a failed creation had made. */
  deletedAt?: number | undefined;
  changeSetId?: string | undefined;
  configuration?: Configuration | undefined;
  outputs: readonly Output[];
  /** Names of exports of other stacks that this one reads. */
  imports: readonly string[];
  resources: Record<string, Resource>;
  disableRollback: boolean;
  terminationProtection: boolean;
  driftCheckedAt?: number;
  roleArn?: string;
  operation?: Operation | undefined;
  /** The rollback that failed and may be continued. */
  halted?: Operation | undefined;
  lastOperations: readonly { readonly type: string; readonly id: string }[];
  readonly events: StackEvent[];
}

/** A change set; executed and obsolete ones are still found by their ARN. */
export interface ChangeSet {
  readonly arn: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: "CREATE" | "UPDATE";
  readonly createdAt: number;
  readonly description?: string;
  readonly clientToken?: string;
  readonly configuration: Configuration;
  readonly onStackFailure?: "DO_NOTHING" | "ROLLBACK" | "DELETE";
  readonly revertsDrift?: boolean;
  status: string;
  executionStatus: string;
  reason?: string;
  /** Resource changes as DescribeChangeSet shows them, without and with property values. */
  changes: readonly unknown[];
  changesWithValues: readonly unknown[];
  warning?: string;
}

/** A failure that a test asked for. */
export interface Fault {
  readonly stack?: string;
  readonly logicalId?: string;
  readonly type?: string;
  readonly on: "create" | "update" | "delete" | "rollback";
  readonly reason: string;
  /** How often; undefined: always. */
  times?: number;
}

/** All of CloudFormation in one account and region. */
export interface CloudFormation {
  readonly stacks: Record<string, Stack>;
  readonly changeSets: Record<string, ChangeSet>;
  /** The newest revision of each task definition family. */
  readonly revisions: Record<string, number>;
  faults: Fault[];
  /** The letters of the zones that `Fn::GetAZs` answers, if not the usual three. */
  zones?: readonly string[];
  detections?: Record<string, Detection>;
}

/** An account and region of a world. */
export type Place = Pick<Context, "world" | "account" | "region">;

/** CloudFormation in one account and region, made at the first look. */
export const stateOf = (context: Place): CloudFormation =>
  context.world.stateOf("cloudformation", context, () => ({
    stacks: {},
    changeSets: {},
    revisions: {},
    faults: [],
  }));

/** An ARN in the account and region of a call. */
export const arn = (context: Place, service: string, resource: string): string =>
  `arn:aws:${service}:${context.region}:${context.account}:${resource}`;
