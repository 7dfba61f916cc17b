import { getAtt, type Properties, pseudo, type Value } from "../../model/template.ts";
import { allowing, arn, type Statement } from "../iam.ts";

/** A plugin of the log router that writes to AWS: which service, and what says where to. */
interface Plugin {
  readonly service: "firehose" | "kinesis" | "logs";
  readonly key: "delivery_stream" | "log_group_name" | "stream";
  /** What stands before the name in an ARN. */
  readonly before: "deliverystream/" | "log-group:" | "stream/";
}

const groups: Plugin = { service: "logs", key: "log_group_name", before: "log-group:" };
const deliveries: Plugin = {
  service: "firehose",
  key: "delivery_stream",
  before: "deliverystream/",
};
const streams: Plugin = { service: "kinesis", key: "stream", before: "stream/" };

/** Those of Amazon and those of Fluent Bit itself, by `Name`. */
const plugins = new Map<Value | undefined, Plugin>([
  ["cloudwatch", groups],
  ["cloudwatch_logs", groups],
  ["firehose", deliveries],
  ["kinesis_firehose", deliveries],
  ["kinesis", streams],
  ["kinesis_streams", streams],
]);

/** Where a container's logs go when nobody says it: its family's log group. */
interface Own {
  readonly group: Value;
  readonly container: string;
}

/**
 * The options of `awsfirelens`, with what the plugin that they name cannot do without: it ends
 * where it has no region, and CloudWatch's where it has no group or no stream. A stream by its ARN
 * is a name in a region.
 */
export function destined(options: Properties, { group, container }: Own): Properties {
  const plugin = plugins.get(options.Name);
  if (plugin === undefined) return options;
  const { key } = plugin;
  const { name, region = pseudo.region } = placeOf(options[key], plugin);
  const isStreamed = ["log_stream_name", "log_stream_prefix"].some((one) => one in options);
  const usual: Properties = {
    region,
    ...(plugin === groups ? { log_group_name: group } : {}),
    ...(plugin === groups && !isStreamed ? { log_stream_prefix: `${container}/` } : {}),
  };
  const missing = Object.entries(usual).filter(([one]) => options[one] === undefined);
  return {
    ...options,
    ...(name === undefined ? {} : { [key]: name }),
    ...Object.fromEntries(missing),
  };
}

/** What an ARN says; nothing of what is no ARN. */
function placeOf(
  value: Value | undefined,
  { before }: Plugin,
): { readonly name?: string; readonly region?: string } {
  const [, region, name] =
    typeof value === "string"
      ? (/^arn:[^:]*:[^:]*:([^:]+):[^:]*:(.+?)(?::\*)?$/.exec(value) ?? [])
      : [];
  if (region === undefined || name?.startsWith(before) !== true) return {};
  return { region, name: name.slice(before.length) };
}

/** What the router, whose rights are the task's, may do to write where its options say. */
export function rightsFor(options: Properties, own: Pick<Own, "group"> & { readonly id: string }) {
  const plugin = plugins.get(options.Name);
  const { region = pseudo.region, role_arn: role } = options;
  const on = (actions: readonly string[], ...resources: readonly Value[]): readonly Statement[] => [
    allowing(actions, resources),
  ];
  if (plugin === undefined) return [];
  // Who writes is then that role, which may be another account's.
  if (role !== undefined) return on(["sts:AssumeRole"], role);
  const name = options[plugin.key] ?? "*";
  const place = (...after: readonly string[]): Value =>
    arn(plugin.service, [plugin.before, name, ...after], { region });
  switch (plugin.service) {
    case "logs": {
      const writes = ["logs:CreateLogStream", "logs:PutLogEvents"];
      if (JSON.stringify(name) === JSON.stringify(own.group))
        return on(writes, getAtt(own.id, "Arn"));
      const creates = String(options.auto_create_group) === "true" ? ["logs:CreateLogGroup"] : [];
      return on([...creates, ...writes], place(), place(":*"));
    }
    case "firehose":
      return on(["firehose:PutRecordBatch"], place());
    case "kinesis":
      return on(["kinesis:PutRecords"], place());
  }
}
