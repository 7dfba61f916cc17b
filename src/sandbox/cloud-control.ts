import { type Held, heldIn } from "./cloudformation/held.ts";
import { typeOf } from "./cloudformation/schema.ts";
import { pageOf, takes } from "./inputs.ts";
import { AwsError, type Context, type Service } from "./world.ts";

/** Cloud Control, as far as its reads, over what stacks hold. */
export const cloudControl: Service = {
  name: "cloudcontrolapi",
  operations: {
    GetResource: takes<GetResourceInput>(["Identifier", "TypeName"], getResource),
    ListResources: takes<ListResourcesInput>(
      ["MaxResults", "NextToken", "TypeName"],
      listResources,
    ),
  },
};

interface GetResourceInput {
  readonly TypeName: string;
  readonly Identifier: string;
}

interface ListResourcesInput {
  readonly TypeName: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

function getResource({ Identifier, TypeName }: GetResourceInput, context: Context) {
  const found = ofType(TypeName, context).find(({ identifier }) => identifier === Identifier);
  if (found === undefined)
    throw new AwsError(
      "ResourceNotFoundException",
      `Resource of type '${TypeName}' with identifier '${Identifier}' was not found.`,
    );
  const Properties = JSON.stringify(found.properties);
  return { TypeName, ResourceDescription: { Identifier, Properties } };
}

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
  return heldIn(context).filter(({ type }) => type === name);
}
