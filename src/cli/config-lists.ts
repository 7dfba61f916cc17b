import type { LoadInputs } from "../compose/inputs.ts";
import { load } from "../compose/load.ts";
import { printYaml } from "../compose/print.ts";
import type { Data, Project, Service } from "../compose/project.ts";
import { type Variable, variablesIn as variablesOfText } from "../compose/template.ts";
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
  const rows = variablesIn(project).map(({ name, required, fallback, alternate }) => [
    name,
    String(required),
    fallback,
    alternate,
  ]);
  return [["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"], ...rows].map(row);
}

/** The variables as the reference prints them where a format is asked for. */
export function variablesDocument(project: Project, format: "json" | "yaml"): string {
  const all = variablesIn(project);
  if (format === "json") {
    const entries = all.map(({ name, required, fallback, alternate }) => [
      name,
      { Name: name, DefaultValue: fallback, PresenceValue: alternate, Required: required },
    ]);
    return JSON.stringify(Object.fromEntries(entries), undefined, 4);
  }
  const entries = all.map(({ name, required, fallback, alternate }) => [
    name,
    { name, defaultvalue: fallback, presencevalue: alternate, required },
  ]);
  return printYaml(Object.fromEntries(entries)).trimEnd();
}

/** Each once, by name. */
function variablesIn(project: Project): readonly Variable[] {
  const { positionOf: _, ...data } = project;
  const found = textsIn(data as Data)
    .flatMap(variablesOfText)
    .map((variable) => [variable.name, variable] as const);
  return [...new Map(found).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Columns of at least 20, three spaces between them. */
const row = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(20))).join("");

function textsIn(data: Data): readonly string[] {
  if (typeof data === "string") return [data];
  return typeof data === "object" && data !== null ? Object.values(data).flatMap(textsIn) : [];
}
