import type { DesiredStack, Origin, Target } from "../model/bundle.ts";
import { canonicalJson, canonicalObject, sha256, sha256Of } from "../model/digest.ts";
import type { Properties, Template, Value } from "../model/template.ts";

/** The output of every stack that says at which digest it is (design-aws 1). */
export const stampOutput = "TrueupDigest";

type Deployable = Pick<DesiredStack, "name" | "template" | "tags" | "capabilities">;

/**
 * What one stack is, wholly: template, resolved parameters, tags, capabilities, as whom, where, and
 * its name. Never a revision, a time or itself.
 */
export const stackDigest = (
  { name, template, tags, capabilities }: Deployable,
  parameters: Readonly<Record<string, string>>,
  { account, region, cloudFormationRole }: Target,
): string =>
  sha256(
    canonicalObject(
      textsOf({ name, parameters, tags, capabilities, account, region, cloudFormationRole }).set(
        "template",
        templateText(template),
      ),
    ),
  );

/** Canonical text, as it is counted and hashed: templates are big, and never changed in place. */
export function templateText(template: Template): string {
  const known = texts.get(template);
  if (known !== undefined) return known;
  const text = canonicalJson(template);
  // Stryker disable next-line CallExpression: it saves the work, and changes nothing
  texts.set(template, text);
  return text;
}

/** Keeps the text of a template whose resources need not have been made yet, from theirs. */
export function rememberText(template: Template, resources: ReadonlyMap<string, string>): void {
  const { AWSTemplateFormatVersion, Description, Outputs, Parameters } = template;
  const parts = textsOf({ AWSTemplateFormatVersion, Description, Outputs, Parameters });
  texts.set(template, canonicalObject(parts.set("Resources", canonicalObject(resources))));
}

const texts = new WeakMap<Template, string>();

/** What is not there has no text. */
function textsOf(values: Readonly<Record<string, unknown>>): Map<string, string> {
  const all = new Map<string, string>();
  for (const key of Object.keys(values))
    if (values[key] !== undefined) all.set(key, canonicalJson(values[key]));
  return all;
}

/**
 * The template as it is applied: with its digest as an output, and in its metadata what asks for
 * each resource, for the day when the compose files no longer do. Neither is part of the digest.
 */
export const stamped = (
  { origins, template }: Pick<DesiredStack, "origins" | "template">,
  digest: string,
): Template => ({
  ...template,
  Metadata: {
    Trueup: {
      Origins: Object.fromEntries(
        Object.entries(origins).map(([id, { column, file, line, path }]) => [
          id,
          `${file}:${line}:${column} ${path}`,
        ]),
      ),
    },
  },
  Outputs: {
    ...template.Outputs,
    [stampOutput]: { Description: "What is deployed", Value: digest },
  },
});

/** The template as `link` made it: the same object for the same template. */
export function unstamped(template: Template): Template {
  const known = unstampedOnce.get(template);
  if (known !== undefined) return known;
  const { Metadata: _, Outputs = {}, ...rest } = template;
  const { [stampOutput]: __, ...outputs } = Outputs;
  const made = Object.keys(outputs).length === 0 ? rest : { ...rest, Outputs: outputs };
  unstampedOnce.set(template, made);
  return made;
}

const unstampedOnce = new WeakMap<Template, Template>();

/** What asked for the resources of a deployed template, as far as its metadata tells. */
export function originsIn({ Metadata }: Template): Readonly<Record<string, Origin>> {
  const { Trueup } = Metadata ?? {};
  const { Origins } = isProperties(Trueup) ? Trueup : {};
  const found = Object.entries(isProperties(Origins) ? Origins : {}).flatMap(([id, text]) => {
    const told = /^(.*):(\d+):(\d+) (.*)$/.exec(String(text));
    if (told === null) return [];
    // Stryker disable next-line StringLiteral: what was told has both
    const [, file = "", line, column, path = ""] = told;
    return [[id, { file, line: Number(line), column: Number(column), path }]];
  });
  return Object.fromEntries(found);
}

const isProperties = (value: Value | undefined): value is Properties =>
  typeof value === "object" && !Array.isArray(value);

/** Of all stacks, with what they take from each other still symbolic: known before anything runs. */
export const bundleDigest = (stacks: readonly DesiredStack[], target: Target): string =>
  sha256Of(bundleText(stacks, target));

/** `{"stacks":[…],"target":{…}}`, piece by piece: joined it would be copied many times over. */
function* bundleText(stacks: readonly DesiredStack[], target: Target): Iterable<string> {
  let before = '{"stacks":[';
  // Stryker disable next-line EqualityOperator: no two stacks have the same name
  for (const stack of stacks.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    yield before;
    yield stackText(stack);
    before = ",";
  }
  yield `],"target":${canonicalJson(target)}}`;
}

/** What a stack is in the end, with what it takes from others still symbolic. */
export const goalDigest = (stack: DesiredStack): string => sha256(stackText(stack));

const stackText = ({
  capabilities,
  dependsOn,
  name,
  parameters,
  tags,
  template,
  unit,
}: DesiredStack): string =>
  canonicalObject(
    textsOf({ capabilities, dependsOn, name, parameters, tags, unit }).set(
      "template",
      templateText(template),
    ),
  );
