import { sha256 } from "../model/digest.ts";
import type { ChangeSetChange, ObservedChangeSet } from "../model/observed.ts";
import { inZones } from "../model/zones.ts";
import type { ChangeSetRequest } from "../ports/ports.ts";
import { everyItem, isNamed, unless } from "./answers.ts";
import type { Call, Operations } from "./call.ts";
import { zonesOf } from "./zones.ts";

type Describe = Operations["cloudformation:DescribeChangeSet"];
type Create = Operations["cloudformation:CreateChangeSet"][0];
type ResourceChange = NonNullable<NonNullable<Describe[1]["Changes"]>[number]["ResourceChange"]>;

/** The largest template that goes into the request itself, in bytes. */
const mostInline = 51_200;

/**
 * A change set with every page of its changes. Property values are not asked for: asking can drop
 * changes from the answer, and nothing here reads them.
 */
export async function changeSetOf(
  stack: string,
  nameOrId: string,
  call: Call,
): Promise<ObservedChangeSet | undefined> {
  const which: Describe[0] = nameOrId.startsWith("arn:")
    ? { ChangeSetName: nameOrId }
    : { ChangeSetName: nameOrId, StackName: stack };
  let first: Omit<Describe[1], "$metadata"> | undefined;
  const changes = everyItem(async (token) => {
    const page = await call("cloudformation:DescribeChangeSet", {
      ...which,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    first ??= page;
    const items = page.Changes?.flatMap(({ ResourceChange }) => ResourceChange ?? []);
    return { items: items?.map(changeOf), next: page.NextToken };
  });
  const found = await unless(changes, isMissing);
  return found === undefined || first === undefined ? undefined : observed(first, found);
}

const isMissing = (error: unknown): boolean =>
  isNamed(error, "ChangeSetNotFoundException") ||
  (isNamed(error, "ValidationError") && /^Stack .* does not exist$/.test((error as Error).message));

function observed(
  answer: Omit<Describe[1], "$metadata">,
  changes: readonly ChangeSetChange[],
): ObservedChangeSet {
  const { ChangeSetId: id, ChangeSetName: name, ExecutionStatus, Status: status } = answer;
  if (id === undefined || name === undefined || status === undefined) {
    throw new Error("CloudFormation described a change set without id, name or status.");
  }
  return {
    id,
    name,
    status,
    executionStatus: ExecutionStatus ?? "UNAVAILABLE",
    reason: answer.StatusReason,
    description: answer.Description,
    changes,
    createdAt: answer.CreationTime?.toISOString() ?? "",
  };
}

const changeOf = (change: ResourceChange): ChangeSetChange => ({
  logicalId: change.LogicalResourceId ?? "",
  type: change.ResourceType ?? "",
  // What cannot be told is taken for the riskiest.
  action: change.Action ?? "Dynamic",
  replacement: change.Replacement,
});

/**
 * The name says what is asked: asking twice for one name is asking once. What is in a zone by now is
 * asked for there. Answers why CloudFormation will never make it; undefined: it is asked for.
 */
export async function createChangeSet(
  request: ChangeSetRequest,
  upload: (body: string) => Promise<string>,
  call: Call,
): Promise<string | undefined> {
  const { stack, template, type } = request;
  const zones = type === "UPDATE" ? await zonesOf(stack, template, call) : new Map();
  const body = JSON.stringify(inZones(template, zones));
  const isInline = new TextEncoder().encode(body).length <= mostInline;
  const created = call("cloudformation:CreateChangeSet", {
    StackName: stack,
    ChangeSetType: type,
    ChangeSetName: request.name,
    ClientToken: request.name,
    Description: request.description,
    ...(isInline ? { TemplateBody: body } : { TemplateURL: await upload(body) }),
    // All of them, always: what is left out of a change set keeps its old value or its tag.
    Parameters: Object.entries(request.parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
    Capabilities: [...request.capabilities] as Create["Capabilities"],
    ...(request.revertsDrift ? { DeploymentMode: "REVERT_DRIFT" } : {}),
    ...(request.cloudFormationRole === undefined ? {} : { RoleARN: request.cloudFormationRole }),
  });
  try {
    await unless(created, (error) => isNamed(error, "AlreadyExistsException"));
    return undefined;
  } catch (error) {
    if (isFlaw(error)) return error.message;
    throw error;
  }
}

/** What is the matter is the template or its parameters, and not the state of a stack, a role or a bucket. */
const isFlaw = (error: unknown): error is Error =>
  isNamed(error, "ValidationError") && flaw.test((error as Error).message);

const flaw =
  /^(Template (error|format error|may not)|Invalid template|Circular dependency|Unrecognized resource|Parameters: |Parameter '|\d+ validation error)/;

/** Where in the bucket a template lies: under its digest, so that writing it twice is writing it once. */
export const templatePath = (body: string): string => `templates/${sha256(body)}.json`;
