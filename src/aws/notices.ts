import type { Channel, Notice } from "../model/notice.ts";
import type { Refused } from "../model/refused.ts";
import type { Notices } from "../ports/notices.ts";
import { isNamed } from "./answers.ts";
import type { Call, Caller } from "./call.ts";

/** Markers in the installation's bucket; messages on topics and buses of the controller's account. */
export const noticesOf = (bucket: string, region: string, caller: Caller): Notices => {
  const inRegion = (name: string): Call => caller({ region: name });
  const call = inRegion(region);
  return {
    async claim(notice, again) {
      const at = { Bucket: bucket, Key: pathOf(notice, again) };
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

    async withdraw(notice, again) {
      await call("s3:DeleteObject", { Bucket: bucket, Key: pathOf(notice, again) });
    },

    publish(notice, topic) {
      const { application, environment, phase, revision, text } = notice;
      const attributes = Object.entries({ application, environment, phase, revision });
      const call = inRegion(topic.split(":")[3] ?? region);
      return refusalOf(async () => {
        await call("sns:Publish", {
          TopicArn: topic,
          Message: text,
          MessageAttributes: Object.fromEntries(
            attributes.map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
          ),
        });
      });
    },

    put: (notice, bus) =>
      refusalOf(async () => {
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
        const { ErrorCode: name, ErrorMessage } = entry ?? {};
        if (name !== undefined) throw Object.assign(new Error(ErrorMessage ?? ""), { name });
      }),
  };
};

/** Only what the service itself says no to was surely not sent; what nobody answers may have been. */
async function refusalOf(send: () => Promise<void>): Promise<Refused | undefined> {
  try {
    await send();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || !refusals.test(error.name)) throw error;
    return { refused: `${error.name}: ${error.message}` };
  }
}

const refusals =
  /^(?:AccessDenied|Authorization|EndpointDisabled|ExpiredToken|Invalid|KMS|NotAuthorized|NotFound|ResourceNotFound|Throttl|UnrecognizedClient)/;

/** Somebody else's marker is there, or is being written. */
const taken = ["PreconditionFailed", "ConditionalRequestConflict"];

const pathOf = (
  { application, environment, phase, revision }: Notice,
  again: Channel | undefined,
): string => {
  const name = again === undefined ? phase : `${phase}.${again}`;
  return `notices/${application}/${environment}/${revision}-${name}.json`;
};
