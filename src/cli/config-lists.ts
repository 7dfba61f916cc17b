import type { LoadInputs } from "../compose/inputs.ts";
import { load } from "../compose/load.ts";
import type { Data, Project, Service } from "../compose/project.ts";
import { variablesIn } from "../compose/template.ts";
import { variablesOf } from "../compose/variables.ts";

export const listNames = [
  "environment",
  "images",
  "models",
  "networks",
  "profiles",
  "services",
  "variables",
  "volumes",
] as const;

export type ListName = (typeof listNames)[number];

export const isListName = (name: string): name is ListName =>
  (listNames as readonly string[]).includes(name);

/** The lines of each list that `docker compose config` can print instead of the model. */
export const configLists: Readonly<
  Record<ListName, (project: Project, inputs: LoadInputs | undefined) => readonly string[]>
> = {
  environment: ({ name }, inputs) =>
    Array.from(inputs === undefined ? [] : variablesOf(inputs, name))
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
  images: ({ name, services }) =>
    Object.entries(services).map(([key, { image }]) => image ?? `${name}-${key}`),
  models: ({ models }) => Object.values(models).map(({ model }) => String(model)),
  networks: ({ networks }) => Object.keys(networks),
  profiles: (project, inputs) => {
    const { services } = inputs === undefined ? project : withAllProfiles(project, inputs);
    return [...new Set(Object.values(services).flatMap(profilesOf))].sort();
  },
  services: ({ services }) => Object.keys(services),
  variables: (project) => variableTable(project),
  volumes: ({ volumes }) => Object.keys(volumes),
};

/** With the services that are off too, whose references need not hold. */
function withAllProfiles(project: Project, inputs: LoadInputs): Project {
  const skip = new Set([...(inputs.skip ?? []), "consistency"] as const);
  const all = load({ ...inputs, profiles: ["*"], skip });
  return all.kind === "loaded" ? all.project : project;
}

const profilesOf = ({ profiles }: Service): readonly string[] =>
  Array.isArray(profiles) ? profiles.map(String) : [];

function variableTable(project: Project): readonly string[] {
  const { positionOf: _, ...data } = project;
  const found = new Map(
    textsIn(data as Data)
      .flatMap(variablesIn)
      .map((variable) => [variable.name, variable]),
  );
  const rows = [...found.values()].map(({ name, required, fallback, alternate }) => [
    name,
    String(required),
    fallback,
    alternate,
  ]);
  rows.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return [["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"], ...rows].map(row);
}

/** Columns of at least 20, three spaces between them. */
const row = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(20))).join("");

function textsIn(data: Data): readonly string[] {
  if (typeof data === "string") return [data];
  return typeof data === "object" && data !== null ? Object.values(data).flatMap(textsIn) : [];
}
