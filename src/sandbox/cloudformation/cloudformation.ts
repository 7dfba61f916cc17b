import { takes } from "../inputs.ts";
import type { Service } from "../world.ts";
import * as changeSets from "./change-set-reads.ts";
import {
  type CreateChangeSetInput,
  createChangeSet,
  deleteChangeSet,
  executeChangeSet,
} from "./change-sets.ts";
import { beginChangeSet, computeChangeSet } from "./computing.ts";
import * as drift from "./drift.ts";
import { enterPhase, serviceSettled, stepDue } from "./engine.ts";
import { timeOut } from "./operations.ts";
import * as reads from "./reads.ts";
import * as resources from "./resource-reads.ts";
import * as stacks from "./stacks.ts";
import * as templates from "./template-reads.ts";

const submission = [
  "Capabilities",
  "NotificationARNs",
  "Parameters",
  "ResourceTypes",
  "RoleARN",
  "RollbackConfiguration",
  "StackName",
  "Tags",
  "TemplateBody",
  "TemplateURL",
] as const;

/** CloudFormation: stacks and change sets as state machines that run on the world's agenda. */
export const cloudformation: Service = {
  name: "cloudformation",
  operations: {
    CancelUpdateStack: takes(["ClientRequestToken", "StackName"], stacks.cancelUpdateStack),
    ContinueUpdateRollback: takes(
      ["ClientRequestToken", "ResourcesToSkip", "StackName"],
      stacks.continueUpdateRollback,
    ),
    CreateChangeSet: takes<CreateChangeSetInput>(
      [
        ...submission,
        "ChangeSetName",
        "ChangeSetType",
        "ClientToken",
        "DeploymentMode",
        "Description",
        "IncludeNestedStacks",
        "OnStackFailure",
        "UsePreviousTemplate",
      ],
      createChangeSet,
    ),
    CreateStack: takes<stacks.CreateStackInput>(
      [
        ...submission,
        "ClientRequestToken",
        "DisableRollback",
        "EnableTerminationProtection",
        "OnFailure",
        "RetainExceptOnCreate",
        "TimeoutInMinutes",
      ],
      stacks.createStack,
    ),
    DeleteChangeSet: takes(["ChangeSetName", "StackName"], deleteChangeSet),
    DeleteStack: takes(
      ["ClientRequestToken", "DeletionMode", "RetainResources", "StackName"],
      stacks.deleteStack,
    ),
    DetectStackDrift: takes(["StackName"], drift.detectStackDrift),
    DescribeAccountLimits: takes(["NextToken"], reads.describeAccountLimits),
    DescribeChangeSet: takes(
      ["ChangeSetName", "IncludePropertyValues", "NextToken", "StackName"],
      changeSets.describeChangeSet,
    ),
    DescribeStackDriftDetectionStatus: takes(
      ["StackDriftDetectionId"],
      drift.describeStackDriftDetectionStatus,
    ),
    DescribeStackEvents: takes(["NextToken", "StackName"], reads.describeStackEvents),
    DescribeStackResource: takes(
      ["LogicalResourceId", "StackName"],
      resources.describeStackResource,
    ),
    DescribeStackResourceDrifts: takes(
      ["NextToken", "StackName", "StackResourceDriftStatusFilters"],
      drift.describeStackResourceDrifts,
    ),
    DescribeStackResources: takes(
      ["LogicalResourceId", "PhysicalResourceId", "StackName"],
      resources.describeStackResources,
    ),
    DescribeStacks: takes(["NextToken", "StackName"], reads.describeStacks),
    ExecuteChangeSet: takes(
      [
        "ChangeSetName",
        "ClientRequestToken",
        "DisableRollback",
        "RetainExceptOnCreate",
        "StackName",
      ],
      executeChangeSet,
    ),
    GetStackPolicy: takes(["StackName"], stacks.getStackPolicy),
    GetTemplate: takes(["ChangeSetName", "StackName", "TemplateStage"], templates.getTemplate),
    GetTemplateSummary: takes(
      ["StackName", "TemplateBody", "TemplateURL"],
      templates.getTemplateSummary,
    ),
    ListChangeSets: takes(["NextToken", "StackName"], changeSets.listChangeSets),
    ListExports: takes(["NextToken"], reads.listExports),
    ListImports: takes(["ExportName", "NextToken"], reads.listImports),
    ListStackResources: takes(["NextToken", "StackName"], resources.listStackResources),
    ListStacks: takes(["NextToken", "StackStatusFilter"], reads.listStacks),
    UpdateStack: takes<stacks.UpdateStackInput>(
      [
        ...submission,
        "ClientRequestToken",
        "DisableRollback",
        "RetainExceptOnCreate",
        "UsePreviousTemplate",
      ],
      stacks.updateStack,
    ),
    UpdateTerminationProtection: takes(
      ["EnableTerminationProtection", "StackName"],
      stacks.updateTerminationProtection,
    ),
    ValidateTemplate: takes(["TemplateBody", "TemplateURL"], templates.validateTemplate),
  },
  tasks: {
    beginChangeSet,
    computeChangeSet,
    detect: drift.detect,
    phase: enterPhase,
    settled: serviceSettled,
    step: stepDue,
    timeout: timeOut,
  },
};
