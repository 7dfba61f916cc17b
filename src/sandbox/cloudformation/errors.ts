import { AwsError } from "../world.ts";

/** What CloudFormation answers to a request that it cannot carry out. */
export const invalid = (message: string): AwsError => new AwsError("ValidationError", message);

/** `Stack [X] does not exist`: the wording of everything but DescribeStacks and GetTemplate. */
export const noStack = (name: string): AwsError => invalid(`Stack [${name}] does not exist`);

/** `Stack with id X does not exist`: DescribeStacks, GetTemplate and the resource listings. */
export const noStackWithId = (name: string): AwsError =>
  invalid(`Stack with id ${name} does not exist`);

/** A stack that is busy or beyond mending. */
export const notUpdatable = (id: string, status: string): AwsError =>
  invalid(`Stack:${id} is in ${status} state and can not be updated.`);

/** A change set that is not there, or no longer found by its name. */
export const noChangeSet = (nameOrArn: string): AwsError =>
  new AwsError("ChangeSetNotFound", `ChangeSet [${nameOrArn}] does not exist`, 404);

/** A constraint of the API's model: `… failed to satisfy constraint: …`. */
export const constraint = (value: string, member: string, rule: string): AwsError =>
  invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
