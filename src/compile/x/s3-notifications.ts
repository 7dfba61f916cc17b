import type { Data } from "../../compose/project.ts";
import { pseudo } from "../../model/template.ts";
import { asList, asMapping } from "../read.ts";
import { propertiesIn, type Scope } from "../scope.ts";
import { refuseFifo } from "./fifo.ts";
import { allowSending } from "./receivers.ts";
import type { Definition } from "./x-resource.ts";

const notified = [
  { kind: "x-sqs", key: "Queue", reference: /^x-sqs::([^:]+)(?:::Arn)?$/ },
  { kind: "x-sns", key: "Topic", reference: /^x-sns::([^:]+)(?:::\w+)?$/ },
] as const;

/**
 * Queues and topics that a bucket notifies let S3 send, before the bucket is made: S3 tries it then.
 * Answers the ids of the policies that say so.
 */
export function allowNotifications({ given, path }: Definition, scope: Scope): readonly string[] {
  const notify = asMapping(propertiesIn(given).NotificationConfiguration);
  // The bucket's name is not known before it is made, its account is.
  const condition = { StringEquals: { "aws:SourceAccount": pseudo.account } };
  return notified.flatMap(({ key, kind, reference }) => {
    const list = `${key}Configurations` as const;
    const sender = {
      service: "s3.amazonaws.com",
      condition,
      path: [...path, "Properties", "NotificationConfiguration", list],
    };
    const names = namedIn(notify[list], key, reference);
    return names.flatMap((name) => {
      refuseFifo({ kind, name }, "S3", sender.path, scope);
      return allowSending({ kind, name }, sender, scope) ?? [];
    });
  });
}

/** Whom configurations notify: names of resources of the file, each once. */
function namedIn(
  configurations: Data | undefined,
  key: "Queue" | "Topic",
  reference: RegExp,
): readonly string[] {
  const all = asList(configurations);
  const names = all.flatMap((configuration) => {
    return reference.exec(String(asMapping(configuration)[key]))?.[1] ?? [];
  });
  return [...new Set(names)];
}
