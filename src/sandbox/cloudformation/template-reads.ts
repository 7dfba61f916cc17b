import type { Context } from "../world.ts";
import { findChangeSet } from "./change-sets.ts";
import { readTemplate, requiredCapabilities } from "./configuration.ts";
import { findStack } from "./directory.ts";
import { invalid, noStack } from "./errors.ts";
import { checkStage, stackForTemplate } from "./reads.ts";
import { typeOf } from "./schema.ts";
import type { ParameterDeclaration, Template } from "./state.ts";

interface TemplateReference {
  readonly StackName?: string;
  readonly ChangeSetName?: string;
  readonly TemplateStage?: string;
}

/** A template as it was submitted; without macros the processed one is the same. */
export function getTemplate(input: TemplateReference, context: Context) {
  const { ChangeSetName, StackName, TemplateStage = "Original" } = input;
  checkStage(TemplateStage);
  const found = { StagesAvailable: ["Original", "Processed"] };
  if (ChangeSetName !== undefined) {
    if (!ChangeSetName.startsWith("arn:") && StackName === undefined) {
      throw invalid("StackName is a required parameter.");
    }
    return { ...found, TemplateBody: findChangeSet(input, context).configuration.text };
  }
  if (StackName === undefined) {
    throw invalid("StackName is required if ChangeSetName is not specified.");
  }
  const { configuration } = stackForTemplate(StackName, context);
  return { ...found, TemplateBody: configuration?.text ?? "" };
}

interface SummaryInput {
  readonly StackName?: string;
  readonly TemplateBody?: string;
  readonly TemplateURL?: string;
}

/** What a template takes and needs. */
export function getTemplateSummary(input: SummaryInput, context: Context) {
  const { StackName } = input;
  if (StackName === undefined) return summaryOf(readTemplate(input, undefined, context).template);
  const stack = findStack(context, StackName);
  if (stack === undefined) throw noStack(StackName);
  if (stack.status === "REVIEW_IN_PROGRESS" || stack.configuration === undefined) {
    throw invalid("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.");
  }
  return summaryOf(stack.configuration.template);
}

function summaryOf(template: Template) {
  const { Description, Metadata, Resources } = template;
  const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))];
  return {
    Parameters: parametersOf(template, true),
    ...(Description === undefined ? {} : { Description }),
    ...needed(template),
    ResourceTypes: types,
    Version: "2010-09-09",
    ...(Metadata === undefined ? {} : { Metadata: JSON.stringify(Metadata) }),
    ResourceIdentifierSummaries: types.map((type) => ({
      ResourceType: type,
      LogicalResourceIds: Object.keys(Resources).filter((id) => Resources[id]?.Type === type),
      ResourceIdentifiers: typeOf(type)?.primaryIdentifier ?? [],
    })),
  };
}

function parametersOf({ Parameters = {} }: Template, summarizes: boolean) {
  return Object.entries(Parameters).map(([ParameterKey, parameter]) => ({
    ParameterKey,
    ...(parameter.Default === undefined ? {} : { DefaultValue: String(parameter.Default) }),
    ...(summarizes ? { ParameterType: parameter.Type } : {}),
    NoEcho: String(parameter.NoEcho) === "true",
    ...(parameter.Description === undefined ? {} : { Description: parameter.Description }),
    ...(summarizes ? { ParameterConstraints: constraintsOf(parameter) } : {}),
  }));
}

const constraintsOf = ({ AllowedValues }: ParameterDeclaration) =>
  AllowedValues === undefined ? {} : { AllowedValues: AllowedValues.map(String) };

function needed(template: Template) {
  const capabilities = requiredCapabilities(template);
  if (capabilities.length === 0) return {};
  const resources = Object.values(template.Resources)
    .map(({ Type }) => Type)
    .filter((type) => type.startsWith("AWS::IAM::"));
  return {
    Capabilities: capabilities,
    CapabilitiesReason: `The following resource(s) require capabilities: [${[...new Set(resources)].join(", ")}]`,
  };
}

/** Whether a template is one: structure, names, functions, types. */
export function validateTemplate(input: SummaryInput, context: Context) {
  const { template } = readTemplate(input, undefined, context);
  return {
    Parameters: parametersOf(template, false),
    ...(template.Description === undefined ? {} : { Description: template.Description }),
    ...needed(template),
  };
}
