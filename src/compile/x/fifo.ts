import type { Properties } from "../../model/template.ts";
import type { Path } from "../report.ts";
import { definitionOf, propertiesIn, type Receiver, type Scope } from "../scope.ts";

// FIFO queues and topics take messages with a group only, which few services of AWS can give.

const keys = { "x-sqs": "FifoQueue", "x-sns": "FifoTopic" } as const;
/** What messages call them. */
export const nouns = { "x-sqs": "queue", "x-sns": "topic" } as const;

/** Whether the file says of one of its queues or topics that it is FIFO. */
export function isFifo({ kind, name }: Receiver, scope: Scope): boolean {
  return isTrue(propertiesIn(definitionOf(kind, name, scope))[keys[kind]]);
}

/** CloudFormation takes text for it, too. */
const isTrue = (value: unknown): boolean => /^true$/i.test(String(value));

/** The name of a FIFO queue or topic ends in .fifo, if it has one of its own. */
export function fifoName(kind: Receiver["kind"], properties: Properties): Properties {
  const key = kind === "x-sqs" ? "QueueName" : "TopicName";
  const name = properties[key];
  return isTrue(properties[keys[kind]]) && typeof name === "string" && !name.endsWith(".fifo")
    ? { [key]: `${name}.fifo` }
    : {};
}

/** Says of a FIFO queue or topic that `who`, a service of AWS, cannot send to it. */
export function refuseFifo(to: Receiver, who: string, path: Path, scope: Scope): void {
  if (!isFifo(to, scope)) return;
  const message = `${to.name} is a FIFO ${nouns[to.kind]}, to which ${who} cannot send`;
  const help = `Take a ${nouns[to.kind]} without ${keys[to.kind]}.`;
  scope.report.error({ code: "cannot-honour", path, message, help });
}
