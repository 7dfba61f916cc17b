import { distinct } from "../../model/same.ts";
import { getAtt, join, type Properties, ref, type Value } from "../../model/template.ts";
import { integer, number, object, type Read } from "../read.ts";
import type { Path } from "../report.ts";
import { layerOf, type Scope } from "../scope.ts";
import { actionsOf, readTopics } from "../x/topics.ts";
import { isDaemon } from "./daemon.ts";
import { replicasOf } from "./deployment.ts";
import type { Family } from "./family.ts";
import { rangeOf } from "./scaling.ts";

const common = {
  RunningTaskCount: integer,
  Period: integer,
  EvaluationPeriods: integer,
  DatapointsToAlarm: integer,
};

const readAlarms = object({
  Predefined: object({
    HighCpuUsageAndMaxScaledOut: object({
      Topics: readTopics,
      Settings: object({ ...common, CPUUtilization: number }),
    }),
    HighRamUsageAndMaxScaledOut: object({
      Topics: readTopics,
      Settings: object({ ...common, MemoryUtilization: number }),
    }),
  }),
});

type Predefined = NonNullable<Read<typeof readAlarms>["Predefined"]>;
type Name = keyof Predefined;

const metrics: Readonly<Record<Name, "CPUUtilization" | "MemoryUtilization">> = {
  HighCpuUsageAndMaxScaledOut: "CPUUtilization",
  HighRamUsageAndMaxScaledOut: "MemoryUtilization",
};

/** `x-alarms.Predefined`: a family is busy, and has all the tasks it may have. */
export function emitAlarms(family: Family, scope: Scope): void {
  const read = family.members.flatMap(({ service, path }) => {
    const data = service["x-alarms"];
    if (data === undefined) return [];
    const at = [...path, "x-alarms"];
    const given = readAlarms(data, at, scope.report) ?? {};
    return [{ at: [...at, "Predefined"], predefined: given.Predefined ?? {} }];
  });
  for (const name of Object.keys(metrics) as Name[]) {
    // The most careful of several members counts, and all of them are told.
    const wishes = read.flatMap(({ at, predefined }) => {
      const wish: Wish | undefined = predefined[name];
      return wish === undefined ? [] : [{ wish, path: [...at, name] }];
    });
    const [first] = wishes;
    if (first !== undefined) emitOne(name, wishes, first.path, family, scope);
  }
}

interface Wish {
  readonly Topics?: Read<typeof readTopics>;
  readonly Settings?: Readonly<Partial<Record<keyof typeof common, number>>> & {
    readonly CPUUtilization?: number;
    readonly MemoryUtilization?: number;
  };
}

/** How many tasks a family without a range can have: only the file knows where that is one an instance. */
function mostOf(
  family: Family,
  path: Path,
  settings: readonly NonNullable<Wish["Settings"]>[],
  { report }: Scope,
): number {
  if (!isDaemon(family) || settings.some((one) => one.RunningTaskCount !== undefined))
    return replicasOf(family);
  const message = "nothing says how many tasks there can be in mode global";
  const help = "Add RunningTaskCount to Settings.";
  report.error({ code: "missing-key", path, message, help });
  return 1;
}

interface Wished {
  readonly wish: Wish;
  readonly path: Path;
}

function emitOne(
  name: Name,
  wishes: readonly Wished[],
  path: Path,
  family: Family,
  scope: Scope,
): void {
  const metric = metrics[name];
  const all = wishes.map(({ wish }) => wish.Settings ?? {});
  const least = (key: keyof NonNullable<Wish["Settings"]>): number | undefined => {
    const given = all.flatMap((settings) => settings[key] ?? []);
    return given.length > 0 ? Math.min(...given) : undefined;
  };
  const most = rangeOf(family)?.max ?? mostOf(family, path, all, scope);
  const periods = least("EvaluationPeriods") ?? 10;
  const points = least("DatapointsToAlarm") ?? Math.ceil(periods / 2);
  if (points > periods) {
    const message = `${points} of ${periods} periods cannot be in alarm`;
    scope.report.error({ code: "contradiction", path, message });
  }
  const add = (suffix: string, properties: Properties): string =>
    addAlarm(`${family.id}${name}${suffix}`, properties, path, family, scope);
  const busy = add("Usage", {
    AlarmDescription: `${metric} of ${family.name}`,
    MetricName: metric,
    Statistic: "Average",
    Period: least("Period") ?? 60,
    EvaluationPeriods: periods,
    DatapointsToAlarm: points,
    Threshold: least(metric) ?? 75,
  });
  // Every task reports once a minute, so the number of reports is the number of tasks.
  const full = add("Tasks", {
    AlarmDescription: `Tasks of ${family.name}`,
    MetricName: metric,
    Statistic: "SampleCount",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: least("RunningTaskCount") ?? most,
  });
  const actions = wishes.map(({ wish, path: at }) =>
    actionsOf(wish.Topics ?? [], [...at, "Topics"], scope),
  );
  scope.add({
    id: `${family.id}${name}`,
    type: "AWS::CloudWatch::CompositeAlarm",
    layer: layerOf(family),
    properties: {
      AlarmDescription: `${family.name} is busy, and cannot have more tasks`,
      AlarmRule: join(['ALARM("', ref(busy), '") AND ALARM("', ref(full), '")']),
      ...together(actions),
    },
    path,
  });
}

function addAlarm(
  id: string,
  properties: Properties,
  path: Path,
  family: Family,
  scope: Scope,
): string {
  scope.add({
    id,
    type: "AWS::CloudWatch::Alarm",
    layer: layerOf(family),
    properties: {
      Namespace: "AWS/ECS",
      Dimensions: dimensionsOf(family, scope),
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
      ...properties,
    },
    path,
  });
  return id;
}

/** What metrics call a family's service. */
export const dimensionsOf = ({ id }: Family, scope: Scope): readonly Properties[] => [
  { Name: "ClusterName", Value: scope.cluster().name },
  { Name: "ServiceName", Value: getAtt(`${id}Service`, "Name") },
];

/** Every topic that any of them names, once. */
function together(actions: readonly Properties[]): Properties {
  const keys = ["AlarmActions", "OKActions"] as const;
  return Object.fromEntries(
    keys.flatMap((key) => {
      const topics = actions.flatMap((one) => (one[key] ?? []) as readonly Value[]);
      const unique = distinct(topics);
      return unique.length > 0 ? [[key, unique]] : [];
    }),
  );
}
