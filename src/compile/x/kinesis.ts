import { getAtt, join, type Properties, ref } from "../../model/template.ts";
import { allowConsumers } from "./kinesis-consumers.ts";
import { type Grant, kept, on, type XResource } from "./x-resource.ts";

const look = [
  "kinesis:DescribeStream",
  "kinesis:DescribeStreamSummary",
  "kinesis:ListShards",
  "kinesis:ListStreamConsumers",
];
const read = ["kinesis:GetRecords", "kinesis:GetShardIterator"];
const write = ["kinesis:PutRecord", "kinesis:PutRecords"];

/** Who has a shard's records sent to it is a consumer, and IAM asks for that one's ARN. */
const subscribe: Grant = {
  actions: ["kinesis:SubscribeToShard"],
  on: (arn) => [join([arn, "/consumer/*"])],
};

/** `x-kinesis`: data streams, encrypted with Kinesis's own key unless the file names another. */
export const kinesis: XResource = {
  key: "x-kinesis",
  suffix: "Stream",
  reads: ["MacroParameters"],

  returnValues: {
    StreamId: (id) => ref(id),
    Arn: (id) => getAtt(id, "Arn"),
  },

  access: {
    Producer: on(...look, ...write),
    Consumer: [...on(...look, ...read), subscribe],
    PowerUser: [...on(...look, ...read, ...write), subscribe],
    KinesisCrudPolicy: [...on(...look, ...read, ...write), subscribe],
    KinesisStreamReadPolicy: [...on(...look, ...read), subscribe],
  },

  encryptedWith: ({ StreamEncryption }) => ((StreamEncryption ?? {}) as Properties).KeyId,

  lookup: {
    type: "AWS::Kinesis::Stream",
    standIn: (name, { account, region }) => ({
      StreamId: name,
      Arn: `arn:aws:kinesis:${region}:${account}:stream/${name}`,
    }),
  },

  resources: (stream, scope) => {
    const { id, properties } = stream;
    allowConsumers(stream, scope);
    const onDemand = properties.StreamModeDetails !== undefined;
    const size = onDemand || properties.ShardCount !== undefined ? {} : { ShardCount: 1 };
    const StreamEncryption = { EncryptionType: "KMS", KeyId: "alias/aws/kinesis" };
    return [
      {
        id,
        type: "AWS::Kinesis::Stream",
        properties: { ...size, StreamEncryption, ...properties },
        ...kept,
      },
    ];
  },
};
