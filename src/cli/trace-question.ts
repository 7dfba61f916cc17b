import { type ImageAsked, readImage } from "./trace-image.ts";
import { type Place, UsageError } from "./usage.ts";

/** What somebody wants to know the origin of. */
export type Question =
  /** By its name, or by what its name begins with. */
  | { readonly kind: "stack"; readonly stack: string }
  | { readonly kind: "resource"; readonly stack: string; readonly logicalId: string }
  /** A place in a compose file: `services.web`. */
  | { readonly kind: "path"; readonly place: Place; readonly path: string }
  | { readonly kind: "image"; readonly image: ImageAsked }
  /** By its first digits. */
  | { readonly kind: "commit"; readonly digits: string };

/** Tells by its form what a word is about. Throws a UsageError where it has none of these forms. */
export function readQuestion(word: string): Question {
  if (word.startsWith("arn:")) return { kind: "stack", stack: stackIn(word) };
  if (/^[0-9a-f]{7,40}$/.test(word)) return { kind: "commit", digits: word };
  const [, application = "", environment = "", path] =
    /^([^/]+)\/([^/]+)\/((?:services|networks|volumes|secrets|configs|x-[\w-]+)(?:[.[].*)?)$/.exec(
      word,
    ) ?? [];
  if (path !== undefined) return { kind: "path", place: { application, environment }, path };
  const image = readImage(word);
  if (image !== undefined) return { kind: "image", image };
  const [stack = "", logicalId, ...more] = word.split("/");
  if (logicalId === undefined && /^[A-Za-z][A-Za-z0-9-]*$/.test(stack))
    return { kind: "stack", stack };
  // Names of environments have no capitals, and logical ids begin with one.
  if (logicalId !== undefined && more.length === 0 && /^[A-Z][A-Za-z0-9]*$/.test(logicalId))
    return { kind: "resource", stack, logicalId };
  throw new UsageError(
    `"${word}" is nothing that can be traced: name a stack, STACK/LogicalId, APP/ENV/services.NAME, REPOSITORY:TAG or at least 7 digits of a commit. trueup tree shows what there is.`,
  );
}

function stackIn(arn: string): string {
  const [, stack] =
    /^arn:[\w-]+:cloudformation:[\w-]*:\d{12}:stack\/([^/]+)(?:\/.*)?$/.exec(arn) ?? [];
  if (stack === undefined) throw new UsageError(`${arn} is the ARN of no stack.`);
  return stack;
}
