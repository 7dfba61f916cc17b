import type { Data } from "../../compose/project.ts";
import { pseudo } from "../../model/template.ts";
import { isMapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { allowSending, definitionOf, queuePolicyId } from "./queue-policies.ts";
import type { Definition } from "./x-resource.ts";

/**
 * Queues that a bucket notifies let S3 send, before the bucket is made. Answers the ids of the
 * policies that say so; a queue that is looked up gets none.
 */
export function allowNotifications({ given, path }: Definition, scope: Scope): readonly string[] {
  const properties = isMapping(given.Properties) ? given.Properties : {};
  const { NotificationConfiguration } = properties;
  const notify = isMapping(NotificationConfiguration) ? NotificationConfiguration : {};
  const at = [...path, "Properties", "NotificationConfiguration"];
  warnOfTopics(notify.TopicConfigurations, [...at, "TopicConfigurations"], scope);
  const queues = namedIn(notify.QueueConfigurations, "Queue", /^x-sqs::([^:]+)(?:::Arn)?$/);
  // The bucket's name is not known before it is made, its account is.
  const condition = { StringEquals: { "aws:SourceAccount": pseudo.account } };
  const sender = { service: "s3.amazonaws.com", condition, path: [...at, "QueueConfigurations"] };
  for (const queue of queues) allowSending(queue, sender, scope);
  return queues.filter((queue) => scope.queuePolicies.has(queue)).map(queuePolicyId);
}

/** A topic of one's own has the policy that SNS gives it: for the account, and not for S3. */
function warnOfTopics(configurations: Data | undefined, path: Path, scope: Scope): void {
  for (const name of namedIn(configurations, "Topic", /^x-sns::([^:]+)(?:::\w+)?$/)) {
    const topic = definitionOf("x-sns", name, scope);
    if (isMapping(topic) && topic.Lookup !== undefined) continue;
    const message = `nothing lets S3 publish to ${name}, and S3 makes no bucket that notifies such a topic`;
    const help = "Notify a queue, or a topic that is looked up and whose policy lets S3 publish.";
    scope.report.warn({ code: "by-hand", path, message, help });
  }
}

/** Whom configurations notify: names of resources of the file, each once. */
function namedIn(
  configurations: Data | undefined,
  key: "Queue" | "Topic",
  reference: RegExp,
): readonly string[] {
  const all = Array.isArray(configurations) ? configurations : [];
  const names = all.flatMap((configuration) => {
    const told = isMapping(configuration) ? configuration[key] : undefined;
    return reference.exec(String(told))?.[1] ?? [];
  });
  return [...new Set(names)];
}
