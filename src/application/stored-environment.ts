import type { Application, Environment, Parameters } from "./application.ts";
import { standInParameters } from "./parameters.ts";
import { filledIn, namesIn, type Texts } from "./stored.ts";
import { fromTarget, toTarget } from "./target.ts";

// An environment as a whole: what of it Parameter Store has, for whoever looks at a working copy.

/** Every name that it takes. */
export const storedNamesOf = (environment: Environment): readonly string[] => [
  ...new Set(partsOf(environment).flatMap(namesIn)),
];

/** All that may take some, and where each part stands in `trueup.yaml`. */
export function writtenParts(
  environment: Environment,
  { variables: common }: Pick<Application, "variables">,
): readonly { readonly texts: Texts; readonly keys: readonly string[] }[] {
  const [target = {}, variables = {}, parameters = {}] = partsOf(environment);
  const isCommon = ([key, text]: readonly [string, string]) => common[key] === text;
  const all = Object.entries(variables);
  const keysOf = (part: string) => ["environments", environment.name, part];
  return [
    { texts: target, keys: keysOf("target") },
    { texts: Object.fromEntries(all.filter(isCommon)), keys: ["variables"] },
    {
      texts: Object.fromEntries(all.filter((one) => !isCommon(one))),
      keys: keysOf("variables"),
    },
    { texts: parameters, keys: keysOf("parameters") },
  ];
}

const partsOf = ({ parameters, target, variables }: Environment): readonly Texts[] => [
  fromTarget(target) as Texts,
  variables,
  "values" in parameters ? (parameters.values as Texts) : {},
];

/** With the values of its names. */
export const withStored = (
  environment: Environment,
  values: ReadonlyMap<string, string>,
): Environment => {
  const [target = {}, variables = {}, parameters = {}] = partsOf(environment).map((texts) =>
    filledIn(texts, values),
  );
  return {
    ...environment,
    target: toTarget(target),
    variables,
    parameters:
      "values" in environment.parameters ? { values: parameters } : environment.parameters,
  };
};

/** With stand-ins in their place; of the target they are left out. */
export function withStandIns(environment: Environment): Environment {
  const [target = {}, variables = {}, parameters = {}] = partsOf(environment);
  const isSaid = ([, text]: readonly [string, string]) => namesIn({ text }).length === 0;
  const known = ([name, text]: readonly [string, string]) =>
    isSaid([name, text]) ? [name, text] : [name, standInParameters[name as keyof Parameters]];
  return {
    ...environment,
    target: toTarget(Object.fromEntries(Object.entries(target).filter(isSaid))),
    variables: Object.fromEntries(
      Object.entries(variables).map(([name, text]) => [
        name,
        isSaid([name, text]) ? text : "placeholder",
      ]),
    ),
    parameters:
      "values" in environment.parameters
        ? { values: Object.fromEntries(Object.entries(parameters).map(known)) }
        : environment.parameters,
  };
}
