import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import type { Properties, Value } from "../../model/template.ts";
import { isMapping, list, object, oneOf, type Read, text } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { textValue } from "../values.ts";
import { refuseFifo } from "./fifo.ts";
import { receiverIn, warnOfKey } from "./receivers.ts";

const when = oneOf("alarm", "okay", "all");

const readTopic = object({
  TopicArn: text,
  "x-sns": text,
  NotifyOn: (data, path, report) => {
    if (!Array.isArray(data)) return when(data, path, report);
    const words = list(when)(data, path, report) ?? [];
    return words.length === 2 || words.includes("all") ? "all" : words[0];
  },
});

/** `Topics` of an alarm: ARNs, `x-sns::name`, or either with when to tell. */
export const readTopics = list((data: Data, path: Path, report: Report) =>
  readTopic(isMapping(data) ? data : { TopicArn: data }, path, report),
);

type Topic = Read<typeof readTopic>;

/** Topics as the actions of an alarm: by default it tells when it begins, not when it ends. */
export function actionsOf(topics: Read<typeof readTopics>, path: Path, scope: Scope): Properties {
  for (const [index, topic] of topics.entries()) checkTopic(topic, [...path, index], scope);
  const told = (...when: readonly string[]): readonly Value[] =>
    topics.flatMap((topic, index) =>
      when.includes(topic.NotifyOn ?? "alarm") ? (arnOf(topic, [...path, index], scope) ?? []) : [],
    );
  const [alarm, okay] = [told("alarm", "all"), told("okay", "all")];
  return {
    ...(alarm.length > 0 ? { AlarmActions: alarm } : {}),
    ...(okay.length > 0 ? { OKActions: okay } : {}),
  };
}

/** Undefined, and said so, where there is no such topic. */
function arnOf({ TopicArn, "x-sns": name }: Topic, path: Path, scope: Scope): Value | undefined {
  if (TopicArn !== undefined) return checked(textValue(TopicArn, path, scope), path, scope);
  if (name !== undefined)
    return scope.resolve({ kind: "x-sns", name: shortName(name), returned: "TopicArn" }, path);
  scope.report.error({ code: "missing-key", path, message: "TopicArn or x-sns is missing" });
  return undefined;
}

/** CloudWatch refuses an alarm that tells what has no ARN; what CloudFormation puts in is not known. */
function checked(topic: Value | undefined, path: Path, { report }: Scope): Value | undefined {
  if (
    typeof topic === "string" &&
    !/^arn:[\w-]+:(?:sns:[\w-]+:\d{12}:[\w-]+(?:\.fifo)?|(?!sns:|sqs:)[\w-]+:.+)$/.test(topic)
  ) {
    const message = `${shown(topic)} is no ARN of a topic`;
    const help =
      "Such as arn:aws:sns:eu-west-1:123456789012:NAME; one of this file is x-sns: NAME.";
    report.error({ code: "wrong-type", path, message, help });
  }
  return topic;
}

/** The alarms of an account may tell its topics by themselves, but for FIFO ones and those with a key. */
function checkTopic({ TopicArn, "x-sns": name = "" }: Topic, path: Path, scope: Scope): void {
  const to = receiverIn(TopicArn ?? `x-sns::${shortName(name)}`);
  if (to === undefined) return;
  refuseFifo(to, "an alarm", path, scope);
  warnOfKey(to, { service: "cloudwatch.amazonaws.com", path }, scope);
}

const shortName = (name: string): string => name.replace(/^x-sns::/, "");
