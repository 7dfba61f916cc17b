import type { Environment, Parameters } from "../application/application.ts";
import { readParameters, standInParameters, wrongParameters } from "../application/parameters.ts";
import type { Texts } from "../application/stored.ts";
import { withStandIns } from "../application/stored-environment.ts";
import type { Target } from "../model/bundle.ts";
import { digestOf } from "../model/digest.ts";
import { invalid } from "../model/errors.ts";
import type { Ports } from "../ports/ports.ts";
import { askedOnce } from "./asked-once.ts";
import { takenFrom } from "./handed-out.ts";
import { nameOf, type Place } from "./place.ts";
import { readText, type Source } from "./source.ts";
import { storedTexts } from "./stored.ts";

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
  asking: Asking,
  ports: Ports,
): Promise<Parameters> {
  const { anew, place, target } = asking;
  const { application, environment } = place;
  const { parameters } = environment;
  if (!("from" in parameters)) {
    const written =
      "values" in parameters
        ? parameters.values
        : await fromFile(source, parameters.file, place, ports);
    return stored(written, source, asking, ports);
  }
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

/** With what Parameter Store has where they say `ssm:NAME`. */
async function stored(
  written: Parameters,
  { commit }: Source,
  { anew, place }: Asking,
  ports: Ports,
): Promise<Parameters> {
  const { environment, positionOf, registration } = place;
  const keys = ["environments", environment.name, "parameters"];
  const asking = { anew, commit, environment: nameOf(place), keys, positionOf, registration };
  const texts = await storedTexts({ ...written } as Texts, asking, ports);
  const wrong = wrongParameters(texts, asking);
  if (wrong.length > 0) throw invalid("ParametersUnknown", wrong);
  return texts;
}

/** As much as can be said of them without asking anybody. */
export const parametersUnasked = (environment: Environment): Parameters => {
  const { parameters } = withStandIns(environment);
  return "values" in parameters ? parameters.values : "from" in parameters ? standInParameters : {};
};

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
