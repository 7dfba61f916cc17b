import type { Data } from "../../compose/project.ts";
import type { Properties, Value } from "../../model/template.ts";
import { isMapping, list, object, oneOf, type Read, text } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import { textValue } from "../values.ts";

const when = oneOf("alarm", "okay", "all");

const readTopic = object({
  TopicArn: text,
  "x-sns": text,
  NotifyOn: (data, path, report) => {
    const words = list(when)(Array.isArray(data) ? data : [data], path, report) ?? [];
    return words.length === 2 || words.includes("all") ? "all" : words[0];
  },
});

/** `Topics` of an alarm: ARNs, `x-sns::name`, or either with when to tell. */
export const readTopics = list((data: Data, path: Path, report: Report) =>
  readTopic(isMapping(data) ? data : { TopicArn: data }, path, report),
);

/** Topics as the actions of an alarm: by default it tells when it begins, not when it ends. */
export function actionsOf(topics: Read<typeof readTopics>, path: Path, scope: Scope): Properties {
  const told = (...when: readonly string[]): readonly Value[] =>
    topics.flatMap(({ TopicArn, "x-sns": name, NotifyOn = "alarm" }, index) => {
      if (!when.includes(NotifyOn)) return [];
      const at = [...path, index];
      if (name === undefined && TopicArn === undefined) {
        scope.report.error({
          code: "missing-key",
          path: at,
          message: "TopicArn or x-sns is missing",
        });
        return [];
      }
      if (TopicArn !== undefined) return [textValue(TopicArn, at, scope)];
      const kind = "x-sns";
      const short = String(name).replace(/^x-sns::/, "");
      return scope.resolve({ kind, name: short, returned: "TopicArn" }, at) ?? [];
    });
  const [alarm, okay] = [told("alarm", "all"), told("okay", "all")];
  return {
    ...(alarm.length > 0 ? { AlarmActions: alarm } : {}),
    ...(okay.length > 0 ? { OKActions: okay } : {}),
  };
}
