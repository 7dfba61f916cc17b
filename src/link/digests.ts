import type { DesiredStack, Target } from "../model/bundle.ts";
import { digestOf } from "../model/digest.ts";
import type { Template } from "../model/template.ts";

/** The output of every stack that says at which digest it is (design-aws 1). */
export const stampOutput = "TrueupDigest";

/**
 * What would make it another stack: template, resolved parameters, tags, capabilities, role, account,
 * region, name. Never a revision, a time, or itself.
 */
export const stackDigest = (
  {
    capabilities,
    name,
    tags,
    template,
  }: Pick<DesiredStack, "capabilities" | "name" | "tags" | "template">,
  parameters: Readonly<Record<string, string>>,
  { account, cloudFormationRole, region }: Target,
): string =>
  digestOf({ template, parameters, tags, capabilities, cloudFormationRole, account, region, name });

/** The template as it is applied: an output can change alone, and is written only when the update completes. */
export const stamped = (template: Template, digest: string): Template => ({
  ...template,
  Outputs: { ...template.Outputs, [stampOutput]: { Value: digest } },
});
