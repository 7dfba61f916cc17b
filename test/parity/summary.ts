import type { Bundle } from "../../src/model/bundle.ts";
import type { Resource, Value } from "../../src/model/template.ts";

/** What can be told of stacks without knowing who made them. */
export interface Summary {
  /** How many there are of each resource type. */
  readonly types: Readonly<Record<string, number>>;
  readonly containers: Readonly<Record<string, Container>>;
  /** Every action that a policy allows. */
  readonly actions: readonly string[];
}

export interface Container {
  readonly env: readonly string[];
  readonly secrets: readonly string[];
  readonly ports: readonly string[];
  /** `container:CONDITION` */
  readonly dependsOn: readonly string[];
  readonly healthcheck: boolean;
}

/** The structure of all stacks of an environment, taken together. */
export function summaryOf({ stacks }: Bundle): Summary {
  const resources = stacks.flatMap(({ template }) => Object.values(template.Resources));
  const types: Record<string, number> = {};
  for (const { Type } of resources) types[Type] = (types[Type] ?? 0) + 1;
  return {
    types,
    containers: containersOf(resources),
    actions: distinct(resources.flatMap(({ Properties }) => allowedIn(Properties ?? {}))),
  };
}

/** A container that several families have is here as the last of them has it. */
const containersOf = (resources: readonly Resource[]): Summary["containers"] =>
  Object.fromEntries(
    resources
      .filter(({ Type }) => Type === "AWS::ECS::TaskDefinition")
      .flatMap(({ Properties }) => list(Properties?.ContainerDefinitions))
      .map((definition) => [String(definition.Name), containerOf(definition)]),
  );

const containerOf = (definition: Definition): Container => ({
  env: list(definition.Environment).map(({ Name }) => String(Name)),
  secrets: list(definition.Secrets).map(({ Name }) => String(Name)),
  ports: list(definition.PortMappings).map(({ ContainerPort }) => String(ContainerPort)),
  dependsOn: list(definition.DependsOn).map(
    ({ Condition, ContainerName }) => `${ContainerName}:${Condition}`,
  ),
  healthcheck: definition.HealthCheck !== undefined,
});

type Definition = Readonly<Record<string, Value>>;

const list = (value: Value | undefined): readonly Definition[] =>
  Array.isArray(value) ? (value as readonly Definition[]) : [];

function allowedIn(value: Value): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap((item) => allowedIn(item as Value));
  const { Action = [], Effect } = value as Definition;
  return Effect === "Allow" ? [...inside, ...[Action].flat().map(String)] : inside;
}

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
