import { getAtt, type Properties, ref } from "../../model/template.ts";
import { base } from "../graph.ts";
import { pascal } from "../ids.ts";
import type { Scope } from "../scope.ts";

/** Lets a service of AWS send to a queue, under a condition that says on whose behalf. */
export function allowSending(
  queue: string,
  service: string,
  condition: Properties,
  { queuePolicies }: Scope,
): void {
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
