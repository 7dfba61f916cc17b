import type { Diagnostic } from "../model/diagnostic.ts";
import { type Parameters, parameterNames } from "./application.ts";
import { check, type Finding } from "./check.ts";
import { choice, either, type Format, list, object, text } from "./shape.ts";
import { readShaped } from "./shaped.ts";
import { type Standing, wellNamed } from "./stored.ts";
import { childrenOf, matching, type Place } from "./tree.ts";

export type ParametersRead =
  | { readonly kind: "read"; readonly parameters: Parameters }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] };

/** Nothing that CloudFormation would take for more than text: it stands in templates as it is. */
export const valueFormat: Format = {
  what: "a value",
  pattern: new RegExp(`^${wellNamed}[^\\s,\${}]+(?:,[^\\s,\${}]+)*$`),
  help: "write one word, or several with commas between",
};
const value = text(valueFormat);

/** All that parameters cannot be, now that they say what their names stand for. */
export const wrongParameters = (
  parameters: Parameters,
  { keys, positionOf }: Standing,
): readonly Diagnostic[] =>
  Object.entries(parameters).flatMap(([name, text]): readonly Diagnostic[] => {
    if (valueFormat.pattern.test(text)) return [];
    const path = [...keys, name];
    const message = "what Parameter Store holds is no value, nor several with commas between";
    const { help } = valueFormat;
    const shown = { severity: "error", code: "wrong-value", message, help } as const;
    return [{ ...positionOf(path), path: path.join("."), ...shown }];
  });

/** The list that `aws cloudformation deploy` takes, and the template configuration of CodePipeline. */
const shape = either(
  list(
    object(
      { ParameterKey: choice(...parameterNames), ParameterValue: value },
      { required: ["ParameterKey", "ParameterValue"] },
    ),
  ),
  object(
    { Parameters: object(Object.fromEntries(parameterNames.map((name) => [name, value]))) },
    { required: ["Parameters"] },
  ),
);

/** Well-formed stand-ins for all of them, for where nobody can be asked. */
export const standInParameters: Parameters = {
  AppSubnets: "subnet-00000001,subnet-00000002",
  CertificateArn:
    "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000",
  ClusterName: "placeholder",
  HostedZoneId: "Z00000000000000000000",
  NamespaceId: "ns-0000000000000000",
  PublicSubnets: "subnet-00000003,subnet-00000004",
  StorageSubnets: "subnet-00000005,subnet-00000006",
  VpcId: "vpc-00000000",
};

/** A file of parameters, in either of CloudFormation's forms. */
export function readParameters(file: string, text: string): ParametersRead {
  const read = readShaped(file, text, {
    findingsOf: (root) => [...check(shape, root), ...doubles(root)],
    wanted: 'write {"Parameters": {}}',
  });
  if (read.kind === "failed") return read;
  const { root } = read;
  const written = root.document.toJS() as Listed | { readonly Parameters: Parameters };
  const parameters = "Parameters" in written ? written.Parameters : fromList(written);
  return { kind: "read", parameters };
}

type Listed = readonly { readonly ParameterKey: string; readonly ParameterValue: string }[];

const fromList = (listed: Listed): Parameters =>
  Object.fromEntries(
    listed.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
  );

/** A list may name a parameter twice: which of the two counts would be a guess. */
function doubles(root: Place): readonly Finding[] {
  const named = childrenOf(root).flatMap(({ place }) => matching(place, ["ParameterKey"]));
  const names = named.map(({ place: { document, node } }) => node.toJS(document));
  return named
    .filter((_, index) => names.indexOf(names[index]) < index)
    .map(({ place: { node, path } }) => ({
      node,
      path,
      code: "duplicate-key",
      message: "is there twice",
      help: "leave one",
    }));
}
