import { notEmulated } from "../../world.ts";
import { invalid } from "../errors.ts";
import { hasAttribute, isMarker, typeOf } from "../schema.ts";
import type { Properties, Template, Value } from "../state.ts";
import { checkFunctions } from "./functions.ts";
import { isObject, type Reference, referencesIn } from "./references.ts";

/** A parsed template, if it is one: structure, names, references, types, in CloudFormation's order. */
export function checkTemplate(value: Value): Template {
  if (!isObject(value)) throw invalid("Template format error: unsupported structure.");
  refuse(value);
  const strange = Object.keys(value).filter((key) => !sections.includes(key));
  if (strange.length > 0) {
    throw invalid(`Invalid template property or properties [${strange.join(", ")}]`);
  }
  const version = value.AWSTemplateFormatVersion;
  if (version !== undefined && version !== "2010-09-09") {
    throw invalid(`Template format error: Unsupported template version ${String(version)}`);
  }
  nulls(value, "");
  limits(value);
  parameters(value);
  mappings(value);
  resources(value);
  outputs(value);
  // What was checked above is one; and a template is plain JSON, whose interface has no index signature.
  const template = value as unknown as Template;
  checkFunctions(template.Conditions ?? {}, template);
  checkFunctions(template.Resources as unknown as Value, template);
  references(template);
  types(template);
  return template;
}

const sections: readonly string[] = [
  "AWSTemplateFormatVersion",
  "Conditions",
  "Description",
  "Mappings",
  "Metadata",
  "Outputs",
  "Parameters",
  "Resources",
];

function refuse(value: Properties): void {
  for (const section of ["Transform", "Rules", "Hooks"]) {
    if (section in value) throw notEmulated(`the template section ${section}`);
  }
}

function nulls(value: Value, path: string): void {
  if (value === null) throw invalid(`[${path}] 'null' values are not allowed in templates`);
  if (typeof value !== "object") return;
  for (const [key, item] of Object.entries(value)) nulls(item as Value, `${path}/${key}`);
}

function limits(value: Properties): void {
  for (const [section, most] of [
    ["Resources", 500],
    ["Parameters", 200],
    ["Outputs", 200],
    ["Mappings", 200],
  ] as const) {
    const count = Object.keys(value[section] ?? {}).length;
    if (count > most) {
      throw invalid(
        `Template format error: Number of ${section.toLowerCase()}, ${count}, is greater than maximum allowed, ${most}`,
      );
    }
  }
}

const isName = (name: string): boolean => /^[a-zA-Z0-9]{1,255}$/.test(name);

function parameters({ Parameters = {} }: Properties): void {
  for (const [name, parameter] of Object.entries(Parameters as Properties)) {
    if (!isName(name)) {
      throw invalid(`Template format error: Parameter name ${name} is non alphanumeric.`);
    }
    if (!isObject(parameter) || typeof parameter.Type !== "string") {
      throw invalid("Template format error: Every Parameters object must contain a Type member.");
    }
    if (!parameterType.test(parameter.Type)) {
      throw invalid(`Template format error: Unrecognized parameter type: ${parameter.Type}`);
    }
  }
}

const parameterType =
  /^(String|Number|CommaDelimitedList|(List<)?(String|Number|AWS::(EC2|Route53)::[A-Za-z0-9:]+)>?|AWS::SSM::Parameter::Name|AWS::SSM::Parameter::Value<.+>)$/;

function mappings({ Mappings = {} }: Properties): void {
  for (const table of Object.values(Mappings as Properties)) {
    if (!isObject(table))
      throw invalid("Template format error: Every Mappings object must be a map");
    for (const [key, row] of Object.entries(table)) {
      if (!isObject(row)) {
        throw invalid(`Template format error: Every Mappings member ${key} must be a map`);
      }
      if (Object.values(row).some(isObject)) {
        throw invalid(
          "Template format error: Every Mappings attribute must be a String or a List.",
        );
      }
    }
  }
}

const attributes: readonly string[] = [
  "Condition",
  "CreationPolicy",
  "DeletionPolicy",
  "DependsOn",
  "Metadata",
  "Properties",
  "Type",
  "UpdatePolicy",
  "UpdateReplacePolicy",
];

function resources({ Resources }: Properties): void {
  if (!isObject(Resources) || Object.keys(Resources).length === 0) {
    throw invalid("Template format error: At least one Resources member must be defined.");
  }
  for (const [name, resource] of Object.entries(Resources)) checkResource(name, resource);
}

function checkResource(name: string, resource: Value): void {
  if (name.startsWith("Fn::ForEach")) throw notEmulated("Fn::ForEach");
  if (!isName(name)) {
    throw invalid(`Template format error: Resource name ${name} is non alphanumeric.`);
  }
  if (!isObject(resource)) {
    throw invalid("Template format error: Any Resources member must be an object.");
  }
  if (typeof resource.Type !== "string") {
    throw invalid(
      `Template format error: [/Resources/${name}] Every Resources object must contain a Type member.`,
    );
  }
  const strange = Object.keys(resource).find((key) => !attributes.includes(key));
  if (strange !== undefined) throw invalid(`Invalid template resource property '${strange}'`);
  policies(name, resource);
}

function policies(name: string, resource: Properties): void {
  for (const attribute of ["CreationPolicy", "UpdatePolicy"]) {
    if (attribute in resource) throw notEmulated(`${attribute} (of ${name})`);
  }
  const { DeletionPolicy = "Delete", UpdateReplacePolicy = "Delete" } = resource;
  const known = ["Delete", "Retain", "Snapshot"];
  if (![...known, "RetainExceptOnCreate"].includes(String(DeletionPolicy))) {
    throw invalid(`Template error: Unrecognized DeletionPolicy ${String(DeletionPolicy)}`);
  }
  if (!known.includes(String(UpdateReplacePolicy))) {
    throw invalid(
      `Template error: Unrecognized UpdateReplacePolicy ${String(UpdateReplacePolicy)}`,
    );
  }
}

function outputs({ Outputs = {} }: Properties): void {
  for (const output of Object.values(Outputs as Properties)) {
    if (!isObject(output) || output.Value === undefined) {
      throw invalid("Template format error: Every Outputs member must contain a Value object");
    }
  }
}

function references(template: Template): void {
  const { Conditions = {}, Outputs = {}, Parameters = {}, Resources } = template;
  const isKnown = (name: string) =>
    name.startsWith("AWS::") || name in Resources || name in Parameters;
  const missing = (names: readonly string[]) =>
    [...new Set(names)].filter((name) => !isKnown(name));

  const inConditions = missing(named(referencesIn(Conditions)));
  if (
    inConditions.length > 0 ||
    named(referencesIn(Conditions)).some((name) => name in Resources)
  ) {
    throw invalid(
      `Template format error: Unresolved dependencies [${named(referencesIn(Conditions)).filter((name) => !(name in Parameters))}]. Cannot reference resources in the Conditions block of the template`,
    );
  }
  const inResources = missing(
    Object.values(Resources).flatMap(({ DependsOn = [], Metadata = {}, Properties = {} }) => [
      ...(typeof DependsOn === "string" ? [DependsOn] : DependsOn),
      ...named(referencesIn([Properties, Metadata])),
    ]),
  );
  if (inResources.length > 0) throw unresolved(inResources, "Resources");
  // Plain JSON, whose interface has no index signature.
  const inOutputs = missing(named(referencesIn(Outputs as unknown as Value)));
  if (inOutputs.length > 0) throw unresolved(inOutputs, "Outputs");
  const conditions = [...Object.values(Resources), ...Object.values(Outputs)].flatMap(
    ({ Condition }) => (Condition === undefined || Condition in Conditions ? [] : [Condition]),
  );
  if (conditions.length > 0) {
    throw invalid(
      `Template format error: Unresolved condition dependency ${conditions[0]} in the Resources block of the template`,
    );
  }
}

const named = (references: readonly Reference[]) => references.map(({ name }) => name);

const unresolved = (names: readonly string[], block: string) =>
  invalid(
    `Template format error: Unresolved resource dependencies [${names.join(", ")}] in the ${block} block of the template`,
  );

/** Registered types only; nested stacks and custom resources are not emulated. */
function types({ Resources }: Template): void {
  const all = Object.values(Resources).map(({ Type }) => Type);
  const strange = all.find(
    (type) => /^(Custom::|AWS::CloudFormation::)/.test(type) && !handles.has(type),
  );
  if (strange !== undefined) throw notEmulated(`the resource type ${strange}`);
  const unknown = all.filter((type) => !isMarker(type) && typeOf(type) === undefined);
  if (unknown.length > 0) {
    throw invalid(
      `Template format error: Unrecognized resource types: [${[...new Set(unknown)].join(", ")}]`,
    );
  }
  for (const { Properties = {} } of Object.values(Resources)) {
    for (const { attribute, name } of referencesIn(Properties)) {
      const type = Resources[name]?.Type;
      if (attribute === undefined || type === undefined || hasAttribute(type, attribute)) continue;
      throw invalid(
        `Template error: resource ${name} does not support attribute type ${attribute} in Fn::GetAtt`,
      );
    }
  }
}

const handles: ReadonlySet<string> = new Set(["AWS::CloudFormation::WaitConditionHandle"]);
