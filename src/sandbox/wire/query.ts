import { AwsError, notEmulated } from "../world.ts";
import type { Protocol } from "./protocol.ts";
import { element, wrapped } from "./xml.ts";

/** AwsQuery: forms in, XML out. CloudFormation, SNS and STS speak it. */
export function query(namespace: string): Protocol {
  const root = (name: string): string => `${name} xmlns="${namespace}"`;
  return {
    decode: ({ body }) => {
      const form = new URLSearchParams(body.toString("utf8"));
      const operation = form.get("Action");
      if (operation === null) throw notEmulated("a request without an Action");
      form.delete("Action");
      form.delete("Version");
      return { operation, input: inputOf(form) };
    },

    encode: ({ operation }, output, requestId) => ({
      status: 200,
      headers: { "content-type": "text/xml" },
      body: wrapped(root(`${operation}Response`), [
        element(`${operation}Result`, output),
        element("ResponseMetadata", { RequestId: requestId }),
      ]),
    }),

    refuse: ({ code, message, status }, _request, requestId) => ({
      status,
      headers: { "content-type": "text/xml" },
      body: wrapped(root("ErrorResponse"), [
        element("Error", {
          Type: status < 500 ? "Sender" : "Receiver",
          Code: code,
          Message: message,
        }),
        element("RequestId", requestId),
      ]),
    }),
  };
}

type Tree = string | Map<string, Tree>;

function inputOf(form: URLSearchParams): Readonly<Record<string, unknown>> {
  const root = new Map<string, Tree>();
  for (const [key, value] of form) {
    const names = key.split(".");
    const last = names.pop() ?? "";
    let node = root;
    for (const name of names) {
      const next = node.get(name) ?? new Map<string, Tree>();
      if (typeof next === "string") throw malformed(`${key} is both a value and a structure`);
      node = node.set(name, next).get(name) as Map<string, Tree>;
    }
    node.set(last, value);
  }
  return members(root);
}

const members = (node: Map<string, Tree>): Record<string, unknown> =>
  Object.fromEntries([...node].map(([name, value]) => [name, leafOf(name, value)]));

/** On the wire everything is text; the name tells what it stands for. */
function leafOf(name: string, node: Tree): unknown {
  if (typeof node !== "string") return structureOf(node);
  if (lists.has(name)) return [];
  if (numbers.has(name)) {
    if (!/^-?\d+$/.test(node)) throw malformed(`${name} must be a number`);
    return Number(node);
  }
  if (booleans.has(name)) {
    if (node !== "true" && node !== "false") throw malformed(`${name} must be true or false`);
    return node === "true";
  }
  return node;
}

const itemsOf = (list: Map<string, Tree>): unknown[] =>
  [...list]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => (typeof item === "string" ? item : members(item)));

function structureOf(node: Map<string, Tree>): unknown {
  const list = node.get("member");
  if (list instanceof Map) return itemsOf(list);
  const map = node.get("entry");
  return map instanceof Map ? entriesOf(map) : members(node);
}

/** A map comes as numbered pairs. */
const entriesOf = (map: Map<string, Tree>): Record<string, unknown> =>
  Object.fromEntries(
    [...map.values()].flatMap((pair) => {
      if (typeof pair === "string") return [];
      const { Name, Value } = members(pair);
      return [[String(Name), Value]];
    }),
  );

const malformed = (message: string): AwsError => new AwsError("MalformedInput", message);

/** Only an empty list needs its name known: it looks like empty text. */
const lists: ReadonlySet<string> = new Set([
  "Capabilities",
  "LogicalResourceIds",
  "NotificationARNs",
  "Parameters",
  "PolicyArns",
  "ProvidedContexts",
  "ResourceTypes",
  "ResourcesToImport",
  "ResourcesToSkip",
  "RetainResources",
  "RollbackTriggers",
  "StackResourceDriftStatusFilters",
  "StackStatusFilter",
  "Tags",
  "TransitiveTagKeys",
]);

const numbers: ReadonlySet<string> = new Set([
  "DurationSeconds",
  "MaxResults",
  "MonitoringTimeInMinutes",
  "TimeoutInMinutes",
]);

const booleans: ReadonlySet<string> = new Set([
  "DisableRollback",
  "EnableTerminationProtection",
  "ImportExistingResources",
  "IncludeNestedStacks",
  "IncludePropertyValues",
  "RetainExceptOnCreate",
  "TreatUnrecognizedResourceTypesAsWarnings",
  "UsePreviousTemplate",
  "UsePreviousValue",
]);
