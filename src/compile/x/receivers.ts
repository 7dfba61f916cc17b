import type { Data } from "../../compose/project.ts";
import { distinct } from "../../model/same.ts";
import { getAtt, type Properties, pseudo, ref, type Value } from "../../model/template.ts";
import { base } from "../graph.ts";
import { policyDocument } from "../iam.ts";
import { pascal } from "../ids.ts";
import { asMapping } from "../read.ts";
import type { Path } from "../report.ts";
import { definitionOf, propertiesIn, type Receiver, type Scope } from "../scope.ts";
import { nouns } from "./fifo.ts";

// Queues and topics that services of AWS send to: each lets them by a policy of its own.

/** A service of AWS, the condition that says on whose behalf it sends, and where that is asked for. */
export interface Sender {
  readonly service: string;
  readonly condition: Properties;
  readonly path: Path;
}

interface Kind {
  readonly suffix: "Queue" | "Topic";
  readonly action: string;
  readonly arn: (id: string) => Value;
  readonly policy: { readonly type: string; readonly of: string };
  /** What the policy that AWS gives it allows, and one of ours takes away. */
  readonly before: readonly Properties[];
}

/**
 * A topic's own policy is for its account, services that act for it among them (docs: "Amazon SNS
 * policy language", default policy); a queue has none.
 */
const kinds: Readonly<Record<Receiver["kind"], Kind>> = {
  "x-sqs": {
    suffix: "Queue",
    action: "sqs:SendMessage",
    arn: (id) => getAtt(id, "Arn"),
    policy: { type: "AWS::SQS::QueuePolicy", of: "Queues" },
    before: [],
  },
  "x-sns": {
    suffix: "Topic",
    action: "sns:Publish",
    arn: ref,
    policy: { type: "AWS::SNS::TopicPolicy", of: "Topics" },
    before: [
      {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "sns:AddPermission",
          "sns:DeleteTopic",
          "sns:GetTopicAttributes",
          "sns:ListSubscriptionsByTopic",
          "sns:Publish",
          "sns:RemovePermission",
          "sns:SetTopicAttributes",
          "sns:Subscribe",
        ],
        Condition: { StringEquals: { "AWS:SourceOwner": pseudo.account } },
      },
    ],
  },
};

/**
 * Lets a service of AWS send to a queue or a topic, unless that was there already: it stays as it is.
 * Answers the id of the policy that says so.
 */
export function allowSending(to: Receiver, sender: Sender, scope: Scope): string | undefined {
  const { service, condition, path } = sender;
  const { action, arn, before } = kinds[to.kind];
  const definition = definitionOf(to.kind, to.name, scope);
  if (asMapping(definition).Lookup !== undefined) {
    const message = `nothing lets ${service} send to ${to.name}, which is looked up and stays as it is`;
    const help = `The ${nouns[to.kind]}'s own policy has to.`;
    scope.report.warn({ code: "by-hand", path, message, help });
    return undefined;
  }
  warnOfKey(to, sender, scope);
  const policyId = `${idOf(to)}Policy`;
  const Resource = arn(idOf(to));
  const first = before.map((one): Properties => ({ ...one, Resource }));
  const { statements } = scope.receivers.get(policyId) ?? { statements: first };
  scope.receivers.set(policyId, { to, statements });
  statements.push({
    Effect: "Allow",
    Principal: { Service: service },
    Action: action,
    Resource,
    Condition: condition,
  });
  return policyId;
}

const idOf = ({ kind, name }: Receiver): string => `${pascal(name)}${kinds[kind].suffix}`;

/** What of the file a text means that services send to: `x-sqs::jobs`, `x-sns::news::TopicArn`. */
export function receiverIn(text: Data | undefined): Receiver | undefined {
  const [, kind, name] = /^(x-sqs|x-sns)::([^:]+)(?:::(?:Arn|TopicArn))?$/.exec(String(text)) ?? [];
  return kind === undefined || name === undefined
    ? undefined
    : { kind: kind === "x-sqs" ? "x-sqs" : "x-sns", name };
}

/** A key lets a service in by its own policy, which is for its owner to write. */
export function warnOfKey(
  { kind, name }: Receiver,
  { path, service }: Pick<Sender, "path" | "service">,
  scope: Scope,
): void {
  const key = propertiesIn(definitionOf(kind, name, scope)).KmsMasterKeyId;
  if (key === undefined) return;
  const [, own = ""] = /^x-kms::([^:]+)/.exec(String(key)) ?? [];
  if (propertiesIn(definitionOf("x-kms", own, scope)).KeyPolicy !== undefined) return;
  const message = `nothing lets ${service} use the key of ${name}: until its policy does, nothing arrives`;
  const instead =
    kind === "x-sqs" ? ", or leave KmsMasterKeyId out: SQS encrypts all the same." : ".";
  const help = `Let it kms:GenerateDataKey and kms:Decrypt${instead}`;
  scope.report.warn({ code: "by-hand", path, message, help });
}

/** One policy each: of a queue and of a topic only the last that it was given holds. */
export function emitReceiverPolicies(scope: Scope): void {
  for (const [id, { statements, to }] of scope.receivers) {
    const { policy } = kinds[to.kind];
    scope.add({
      id,
      type: policy.type,
      layer: base,
      properties: {
        [policy.of]: [ref(idOf(to))],
        // Buckets of one account, and subscriptions of one topic, ask alike.
        PolicyDocument: policyDocument(distinct(statements)),
      },
      path: [to.kind, to.name],
    });
  }
}
