import type { Bundle, DesiredStack } from "../model/bundle.ts";
import type { Properties, Resource, Value } from "../model/template.ts";

/** `<family>/<container>` → image of everything that a bundle runs. */
export const imagesIn = ({ stacks }: Pick<Bundle, "stacks">): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stacks.flatMap((stack) =>
      definitionsIn(stack).flatMap(({ containers, family }) =>
        containers.map(({ Image, Name }) => [`${family}/${String(Name)}`, textOf(Image)]),
      ),
    ),
  );

/** An image is text, or is put together from what only the target knows. */
const textOf = (image: Value | undefined): string =>
  typeof image === "string" ? image : JSON.stringify(image ?? "");

/** The unit and the logical id of the ECS service that runs a container; undefined: none does. */
export function serviceOf(
  { stacks }: Pick<Bundle, "stacks">,
  container: string,
): { readonly unit: string; readonly logicalId: string } | undefined {
  for (const stack of stacks) {
    const definition = definitionsIn(stack).find(({ containers }) =>
      containers.some(({ Name }) => Name === container),
    );
    if (definition === undefined) continue;
    const [found] = ofType(stack, "AWS::ECS::Service").filter(([, { Properties = {} }]) =>
      refersTo(Properties.TaskDefinition, definition.logicalId),
    );
    if (found !== undefined) return { unit: stack.unit, logicalId: found[0] };
  }
  return undefined;
}

interface Definition {
  readonly logicalId: string;
  readonly family: string;
  readonly containers: readonly Properties[];
}

const definitionsIn = (stack: DesiredStack): readonly Definition[] =>
  ofType(stack, "AWS::ECS::TaskDefinition").map(([logicalId, { Properties = {} }]) => ({
    logicalId,
    family: logicalId.replace(/TaskDefinition$/, ""),
    containers: [Properties.ContainerDefinitions ?? []].flat() as readonly Properties[],
  }));

const ofType = ({ template }: DesiredStack, type: string): readonly [string, Resource][] =>
  Object.entries(template.Resources).filter(([, { Type }]) => Type === type);

const refersTo = (value: Value | undefined, logicalId: string): boolean =>
  typeof value === "object" && "Ref" in value && value.Ref === logicalId;
