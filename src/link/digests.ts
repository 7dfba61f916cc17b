import type { DesiredStack, Target } from "../model/bundle.ts";
import { digestOf } from "../model/digest.ts";
import type { Template } from "../model/template.ts";

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
  digestOf({ name, template, parameters, tags, capabilities, account, region, cloudFormationRole });

/** The template as it is applied: with its digest as an output, which is no part of the digest. */
export const stamped = (template: Template, digest: string): Template => ({
  ...template,
  Outputs: {
    ...template.Outputs,
    [stampOutput]: { Description: "What is deployed", Value: digest },
  },
});

/** Of all stacks, with what they take from each other still symbolic: known before anything runs. */
export const bundleDigest = (stacks: readonly DesiredStack[], target: Target): string =>
  digestOf({
    target,
    stacks: stacks
      .map(({ origins: _, ...stack }) => stack)
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  });
