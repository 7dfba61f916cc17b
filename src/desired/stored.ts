import type { Environment } from "../application/application.ts";
import {
  deniedNames,
  filledIn,
  lackingNames,
  namesIn,
  refusedNames,
  type Standing,
  type Texts,
} from "../application/stored.ts";
import { fromTarget, toTarget, wrongTarget } from "../application/target.ts";
import { digestOf } from "../model/digest.ts";
import { invalid, TerminalError } from "../model/errors.ts";
import type { Registration } from "../model/registration.ts";
import type { Ports } from "../ports/ports.ts";
import { askedOnce } from "./asked-once.ts";

/** Whose texts they are, and of which commit. */
interface Asking extends Standing {
  /** The environment, or the instance of it. */
  readonly environment: string;
  readonly commit: string;
  readonly registration: Registration;
  /** The token of a person who has it asked again. */
  readonly anew?: string | undefined;
}

type Means = Pick<Ports, "artifacts" | "stored">;

/**
 * What Parameter Store has for `ssm:NAME`, taken once for a commit and kept, as what is looked up is.
 * Throws a TerminalError where a name may not be read, is not there, or is a secret.
 */
export async function storedTexts<T extends Texts>(
  texts: T,
  asking: Asking,
  { artifacts, stored }: Means,
): Promise<T> {
  const { anew, commit, environment, registration } = asking;
  const names = namesIn(texts);
  if (names.length === 0) return texts;
  const refused = refusedNames(texts, asking, registration);
  if (refused.length > 0) throw invalid("NotPermitted", refused);

  const now = async (): Promise<Texts> => {
    const found = await stored.read(names);
    const denied = deniedNames(texts, asking, found);
    if (denied.length > 0) throw invalid("NotPermitted", denied);
    const lacking = lackingNames(texts, asking, found);
    if (lacking.length > 0) throw invalid("ParametersUnknown", lacking);
    return Object.fromEntries(
      [...found].flatMap(([name, value]) => ("text" in value ? [[name, value.text]] : [])),
    );
  };
  const question = digestOf(names).slice(0, 12);
  const path = `inputs/${registration.application}/${environment}/${commit}-${question}`;
  const { answer } = await askedOnce(path, now, artifacts, anew);
  return filledIn(texts, new Map(Object.entries(answer)));
}

/** An environment with a target that is all said: it is of a commit for good. */
export async function withTarget(
  environment: Environment,
  { commit, positionOf, registration }: Pick<Asking, "commit" | "positionOf" | "registration">,
  means: Means,
): Promise<Environment> {
  const { name } = environment;
  const keys = ["environments", name, "target"];
  const asking = { environment: name, commit, registration, keys, positionOf };
  const written = fromTarget(environment.target) as Texts;
  const target = await storedTexts(written, asking, means);
  const wrong = wrongTarget(target, asking);
  if (wrong.length > 0) throw invalid("ParametersUnknown", wrong);
  return { ...environment, target: toTarget(target) };
}

/** The same, or without a target where that cannot be told: what is wrong is told of itself. */
export const placedIfKnown = (
  environment: Environment,
  of: Parameters<typeof withTarget>[1],
  means: Means,
): Promise<Environment> =>
  withTarget(environment, of, means).catch((error: unknown) => {
    if (error instanceof TerminalError) return { ...environment, target: {} };
    throw error;
  });

/**
 * An environment, or the instance of it called `name`, with variables that are all said. `common`:
 * those of the application, which it may have as they are.
 */
export async function withVariables(
  environment: Environment,
  { common, name, ...of }: Whose,
  means: Means,
): Promise<Environment> {
  const ofAll = ([key, text]: readonly [string, string]) => common[key] === text;
  const all = Object.entries(environment.variables);
  const inherited = Object.fromEntries(all.filter(ofAll));
  const own = Object.fromEntries(all.filter((one) => !ofAll(one)));
  const asking = { ...of, environment: name };
  const ownKeys = ["environments", environment.name, "variables"];
  const variables = {
    ...(await storedTexts(inherited, { ...asking, keys: ["variables"] }, means)),
    ...(await storedTexts(own, { ...asking, keys: ownKeys }, means)),
  };
  return { ...environment, variables };
}

interface Whose extends Omit<Asking, "environment" | "keys"> {
  readonly name: string;
  readonly common: Texts;
}
