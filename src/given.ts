import type { Environment, Parameters } from "./application/application.ts";
import { readParameters, standInParameters } from "./application/parameters.ts";
import { askedOnce } from "./asked-once.ts";
import { takenFrom } from "./handed-out.ts";
import type { Target } from "./model/bundle.ts";
import { digestOf } from "./model/digest.ts";
import { invalid } from "./model/errors.ts";
import { nameOf, type Place } from "./place.ts";
import type { Ports } from "./ports.ts";
import { readText, type Source } from "./source.ts";

/** Whose parameters they are. */
interface Asking {
  readonly place: Place;
  readonly target: Target;
  /** The token of a person who has it asked again. */
  readonly anew?: string | undefined;
}

/**
 * What `parameters:` gives: themselves, in a file of the revision that is deployed, or as outputs of
 * another environment, which are taken once a revision as lookups are.
 */
export async function parametersAt(
  source: Source,
  { anew, place, target }: Asking,
  ports: Ports,
): Promise<Parameters> {
  const { application, environment } = place;
  const { parameters } = environment;
  if ("values" in parameters) return parameters.values;
  if ("file" in parameters) return fromFile(source, parameters.file, place, ports);
  const { from } = parameters;
  const origin = originOf(place, "from");
  const question = digestOf([from, target]).slice(0, 12);
  const { answer } = await askedOnce(
    `inputs/${application.name}/${nameOf(place)}/${source.commit}-${question}`,
    () => takenFrom(from, { by: `${application.name}/${environment.name}`, target, origin }, ports),
    ports.artifacts,
    anew,
  );
  return answer;
}

/** As much as can be said of them without asking anybody. */
export const parametersUnasked = ({ parameters }: Environment): Parameters =>
  "values" in parameters ? parameters.values : "from" in parameters ? standInParameters : {};

async function fromFile(
  source: Source,
  file: string,
  place: Place,
  ports: Ports,
): Promise<Parameters> {
  const text = await readText(source, file, ports);
  if (text === undefined) {
    const missing = { severity: "error", code: "missing-file" } as const;
    const message = `there is no ${file} in ${source.repository}`;
    throw invalid("SourceInvalid", [{ ...originOf(place), ...missing, message, help: "" }]);
  }
  const read = readParameters(file, text);
  if (read.kind === "failed") throw invalid("SourceInvalid", read.diagnostics);
  return read.parameters;
}

function originOf({ environment: { name }, positionOf }: Place, ...more: readonly string[]) {
  const keys = ["environments", name, "parameters", ...more];
  return { ...positionOf(keys), path: keys.join(".") };
}
