import type { Data } from "../../compose/project.ts";
import { getAtt, type Properties, ref } from "../../model/template.ts";
import { base } from "../graph.ts";
import { pascal } from "../ids.ts";
import { isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import { extension, type Scope } from "../scope.ts";

/** A service of AWS, the condition that says on whose behalf it sends, and where that is asked for. */
export interface Sender {
  readonly service: string;
  readonly condition: Properties;
  readonly path: Path;
}

/** Lets a service of AWS send to a queue, unless that was there already: it stays as it is. */
export function allowSending(queue: string, sender: Sender, scope: Scope): void {
  const { service, condition, path } = sender;
  const { queuePolicies, report } = scope;
  const definition = definitionOf("x-sqs", queue, scope);
  if (isMapping(definition) && definition.Lookup !== undefined) {
    const message = `nothing lets ${service} send to ${queue}, which is looked up and stays as it is`;
    const help = "The queue's own policy has to.";
    report.warn({ code: "by-hand", path, message, help });
    return;
  }
  warnOfKey(queue, sender, scope);
  const statements = queuePolicies.get(queue) ?? [];
  statements.push({
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sqs:SendMessage",
    Resource: getAtt(`${pascal(queue)}Queue`, "Arn"),
    Condition: condition,
  });
  queuePolicies.set(queue, statements);
}

/** A key lets a service in by its own policy, which is for its owner to write. */
function warnOfKey(queue: string, { path, service }: Sender, scope: Scope): void {
  const key = propertiesOf(definitionOf("x-sqs", queue, scope)).KmsMasterKeyId;
  if (key === undefined) return;
  const [, name = ""] = /^x-kms::([^:]+)/.exec(String(key)) ?? [];
  if (propertiesOf(definitionOf("x-kms", name, scope)).KeyPolicy !== undefined) return;
  const message = `nothing lets ${service} use the key of ${queue}: until its policy does, nothing arrives`;
  const help =
    "Let it kms:GenerateDataKey and kms:Decrypt, or leave KmsMasterKeyId out: SQS encrypts all the same.";
  scope.report.warn({ code: "by-hand", path, message, help });
}

const propertiesOf = (definition: Data | undefined) =>
  isMapping(definition) && isMapping(definition.Properties) ? definition.Properties : {};

/** What the file says of one resource of a kind; undefined: nothing. */
export function definitionOf(kind: string, name: string, { project }: Scope): Data | undefined {
  const all = extension(project, kind);
  return isMapping(all) ? all[name] : undefined;
}

export const queuePolicyId = (queue: string): string => `${pascal(queue)}QueuePolicy`;

/** One policy a queue: SQS knows only the last that it was given. */
export function emitQueuePolicies(scope: Scope): void {
  for (const [queue, statements] of scope.queuePolicies)
    scope.add({
      id: queuePolicyId(queue),
      type: "AWS::SQS::QueuePolicy",
      layer: base,
      properties: {
        Queues: [ref(`${pascal(queue)}Queue`)],
        PolicyDocument: { Version: "2012-10-17", Statement: statements },
      },
      path: ["x-sqs", queue],
    });
}
