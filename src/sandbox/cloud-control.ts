import { changeByHand, deleteByHand, type PatchOperation } from "./cloudformation/by-hand.ts";
import { stacksMarked } from "./cloudformation/directory.ts";
import { type Held, heldIn } from "./cloudformation/held.ts";
import { typeMark } from "./cloudformation/marks.ts";
import { typeOf } from "./cloudformation/schema.ts";
import { pageOf, takes } from "./inputs.ts";
import { AwsError, type Context, type Service } from "./world.ts";

/** Cloud Control over what stacks hold: who writes by it changes things behind their stacks' backs. */
export const cloudControl: Service = {
  name: "cloudcontrolapi",
  operations: {
    DeleteResource: takes<GetResourceInput>(["Identifier", "TypeName"], deleteResource),
    GetResource: takes<GetResourceInput>(["Identifier", "TypeName"], getResource),
    ListResources: takes<ListResourcesInput>(
      ["MaxResults", "NextToken", "TypeName"],
      listResources,
    ),
    UpdateResource: takes<UpdateResourceInput>(
      ["Identifier", "PatchDocument", "TypeName"],
      updateResource,
    ),
  },
};

interface GetResourceInput {
  readonly TypeName: string;
  readonly Identifier: string;
}

interface UpdateResourceInput extends GetResourceInput {
  /** A JSON patch. */
  readonly PatchDocument: string;
}

interface ListResourcesInput {
  readonly TypeName: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

function getResource({ Identifier, TypeName }: GetResourceInput, context: Context) {
  const found = find({ Identifier, TypeName }, context);
  const Properties = JSON.stringify(found.properties);
  return { TypeName, ResourceDescription: { Identifier, Properties } };
}

function find({ Identifier, TypeName }: GetResourceInput, context: Context): Held {
  const found = ofType(TypeName, context).find(({ identifier }) => identifier === Identifier);
  if (found !== undefined) return found;
  throw new AwsError(
    "ResourceNotFoundException",
    `Resource of type '${TypeName}' with identifier '${Identifier}' was not found.`,
  );
}

function updateResource({ PatchDocument, ...which }: UpdateResourceInput, context: Context) {
  changeByHand(find(which, context), patchOf(PatchDocument), context);
  return done("UPDATE", which, context);
}

function deleteResource(which: GetResourceInput, context: Context) {
  deleteByHand(find(which, context), context);
  return done("DELETE", which, context);
}

function patchOf(text: string): readonly PatchOperation[] {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError("InvalidRequestException", "The patch document is not valid JSON.");
  }
}

/** Done at once, where AWS says that it is under way. */
const done = (
  Operation: string,
  { Identifier, TypeName }: GetResourceInput,
  { world }: Context,
) => ({
  ProgressEvent: {
    TypeName,
    Identifier,
    RequestToken: world.uuid(),
    Operation,
    OperationStatus: "SUCCESS",
    EventTime: new Date(world.now),
  },
});

/** A list says of each what it is, and no more. */
function listResources(
  { MaxResults: size = 100, NextToken: token, TypeName }: ListResourcesInput,
  context: Context,
) {
  const page = pageOf(ofType(TypeName, context), ({ identifier }) => identifier, { size, token });
  if (page === undefined) throw new AwsError("InvalidRequestException", "Invalid NextToken.");
  const names = typeOf(TypeName)?.primaryIdentifier ?? [];
  return {
    TypeName,
    ResourceDescriptions: page.items.map(({ identifier, properties }) => ({
      Identifier: identifier,
      Properties: JSON.stringify(
        Object.fromEntries(names.map((name) => [name, properties[name] ?? identifier])),
      ),
    })),
    ...(page.next === undefined ? {} : { NextToken: page.next }),
  };
}

function ofType(name: string, context: Context): readonly Held[] {
  if (typeOf(name) === undefined)
    throw new AwsError("TypeNotFoundException", `The type '${name}' cannot be found.`);
  return heldIn(context, stacksMarked(typeMark(name), context)).filter(({ type }) => type === name);
}
