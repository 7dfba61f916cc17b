import {
  CreateTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDriver } from "../../src/sandbox/driver.ts";
import { type SandboxServer, startServer } from "../../src/sandbox/server.ts";
import { topicsOf } from "../../src/sandbox/sns.ts";
import type { World } from "../../src/sandbox/world.ts";
import { aWorld, call, refusal } from "./world-of-services.ts";

const place = { account: "123456789012", region: "eu-west-1" };
const arn = "arn:aws:sns:eu-west-1:123456789012:news";
const phase = { DataType: "String", StringValue: "failed" };

describe("a topic", () => {
  test("is made once, and listed", () => {
    const world = aWorld();
    expect(call(world, "sns:CreateTopic", { Name: "news" })).toEqual({ TopicArn: arn });
    call(world, "sns:Publish", { TopicArn: arn, Message: "one" });
    call(world, "sns:CreateTopic", { Name: "news" });
    expect(call(world, "sns:ListTopics", {})).toEqual({ Topics: [{ TopicArn: arn }] });
    expect(topicsOf({ ...place, world })[arn]).toMatchObject([{ text: "one" }]);
  });

  test.for([
    ["that is not there", { TopicArn: `${arn}s`, Message: "m" }, "NotFound"],
    [
      "of another region",
      { TopicArn: arn.replace("eu-west-1", "eu-west-2"), Message: "m" },
      "InvalidParameter",
    ],
    [
      "of somebody else",
      { TopicArn: arn.replace("123456789012", "210987654321"), Message: "m" },
      "AuthorizationError",
    ],
    ["without a message", { TopicArn: arn, Message: "" }, "InvalidParameter"],
    [
      "of attributes without a value",
      {
        TopicArn: arn,
        Message: "m",
        MessageAttributes: { a: { DataType: "String", StringValue: "" } },
      },
      "InvalidParameter",
    ],
    [
      "of more than is emulated",
      { TopicArn: arn, Message: "m", MessageStructure: "json" },
      "NotImplemented",
    ],
  ] as const)("%s takes no message", ([, input, code]) => {
    const world = aWorld();
    call(world, "sns:CreateTopic", { Name: "news" });
    expect(refusal(world, "sns:Publish", input)).toMatch(new RegExp(`^${code}: `));
  });
});

describe("over the wire", () => {
  let world: World;
  let server: SandboxServer;
  beforeEach(async () => {
    world = aWorld();
    server = await startServer({ world, driver: () => createDriver(world, {}), port: 0 });
  });
  afterEach(() => server.close());

  test("a message arrives with its attributes", async () => {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const sns = new SNSClient({ endpoint: server.url, region: place.region, credentials });
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "news" }));
    expect(TopicArn).toMatch(/^arn:aws:sns:eu-west-1:\d{12}:news$/);
    const published = await sns.send(
      new PublishCommand({ TopicArn, Message: "a\nb", MessageAttributes: { phase } }),
    );
    const { Topics } = await sns.send(new ListTopicsCommand({}));
    expect(Topics).toEqual([{ TopicArn }]);
    const account = TopicArn.split(":")[4] ?? "";
    expect(topicsOf({ ...place, account, world })[TopicArn]).toEqual([
      { id: published.MessageId, subject: undefined, text: "a\nb", attributes: { phase } },
    ]);
    await expect(
      sns.send(new PublishCommand({ TopicArn: `${TopicArn}s`, Message: "m" })),
    ).rejects.toThrow("Topic does not exist");
  });
});
