import type { Notice } from "../model/notice.ts";
import type { Notices } from "../ports/notices.ts";
import { isNamed } from "./answers.ts";
import type { Call, Caller } from "./call.ts";

/** Markers in the installation's bucket; messages on topics and buses of the controller's account. */
export const noticesOf = (bucket: string, region: string, caller: Caller): Notices => {
  const inRegion = (name: string): Call => caller({ region: name });
  const call = inRegion(region);
  return {
    async claim(notice) {
      const at = { Bucket: bucket, Key: pathOf(notice) };
      const Body = JSON.stringify(notice);
      try {
        const ContentType = "application/json";
        await call("s3:PutObject", { ...at, Body, ContentType, IfNoneMatch: "*" });
        return true;
      } catch (error) {
        if (isNamed(error, ...taken)) return false;
        // It may have been written all the same, and then nobody else will send the message.
        const text = await call("s3:GetObject", at).then(
          (found) => found.text,
          () => undefined,
        );
        if (text === Body) return true;
        throw error;
      }
    },

    async publish(notice, topic) {
      const { application, environment, phase, revision, text } = notice;
      const attributes = Object.entries({ application, environment, phase, revision });
      const call = inRegion(topic.split(":")[3] ?? region);
      await call("sns:Publish", {
        TopicArn: topic,
        Message: text,
        MessageAttributes: Object.fromEntries(
          attributes.map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
        ),
      });
    },

    async put(notice, bus) {
      const { Entries: [entry] = [] } = await call("events:PutEvents", {
        Entries: [
          {
            EventBusName: bus,
            Source: "trueup",
            DetailType: "Trueup Notice",
            Detail: JSON.stringify(notice),
          },
        ],
      });
      if (entry?.ErrorCode !== undefined) {
        throw new Error(`${entry.ErrorCode}: ${entry.ErrorMessage ?? ""}`);
      }
    },
  };
};

/** Somebody else's marker is there, or is being written. */
const taken = ["PreconditionFailed", "ConditionalRequestConflict"];

const pathOf = ({ application, environment, phase, revision }: Notice): string =>
  `notices/${application}/${environment}/${revision}-${phase}.json`;
