import { getAtt, join, type Properties, ref } from "../../model/template.ts";
import { pascal } from "../ids.ts";
import {
  asIs,
  boolean,
  integer,
  list,
  notBuilt,
  number,
  object,
  type Read,
  text,
} from "../read.ts";
import { type Path, silent } from "../report.ts";
import { layerOf, type Scope } from "../scope.ts";
import { propertiesOf } from "../values.ts";
import type { Family, Member, StepScaling } from "./family.ts";
import { scalingOf } from "./scaling-key.ts";
import { sourcesIn } from "./sources.ts";

const readScaling = object({
  Range: text,
  TargetScaling: object({
    CpuTarget: number,
    MemoryTarget: number,
    // The name in ComposeX's own documentation, which it did not read.
    RamTarget: number,
    TgtTargetsCount: notBuilt,
    ScaleInCooldown: integer,
    ScaleOutCooldown: integer,
    DisableScaleIn: boolean,
  }),
  ScheduledActions: list(
    object(
      {
        ScheduledActionName: text,
        Schedule: text,
        Timezone: text,
        StartTime: text,
        EndTime: text,
        ScalableTargetAction: asIs,
        MacroParameters: notBuilt,
      },
      ["ScheduledActionName", "Schedule", "ScalableTargetAction"],
    ),
  ),
});

type Scaling = NonNullable<Read<typeof readScaling>>;

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Whether something else than the file decides how many tasks a family has. */
export const scales = ({ members }: Family): boolean =>
  members.some(({ service }) => scalingOf(service) !== undefined);

/** `x-scaling`, and scaling on the depth of queues: how many tasks a family has, and when. */
export function emitScaling(family: Family, scope: Scope): void {
  const settings = family.members.flatMap((member) => settingsOf(member, scope));
  const range = rangeOf(family, scope);
  const [first] = settings;
  if (range === undefined) {
    for (const { path } of [...settings, ...family.steps]) missingRange(path, scope);
    return;
  }
  const path = first?.path ?? family.path;
  const actions = settings.flatMap((item) => scheduled(item, scope));
  scope.add({
    id: targetId(family),
    type: "AWS::ApplicationAutoScaling::ScalableTarget",
    layer: layerOf(family),
    properties: {
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId: join([
        "service/",
        scope.cluster().name,
        "/",
        getAtt(`${family.id}Service`, "Name"),
      ]),
      MinCapacity: range.min,
      MaxCapacity: range.max,
      ...(actions.length > 0 ? { ScheduledActions: actions } : {}),
    },
    path,
    sources: sourcesIn(family, "scaling"),
  });
  addTracking(
    family,
    settings.flatMap(({ scaling }) => scaling.TargetScaling ?? []),
    path,
    scope,
  );
  for (const steps of family.steps) addSteps(family, steps, range, scope);
}

/** Between how many tasks a family has: as wide as any of its members or steps asks for. */
export function rangeOf(family: Family, scope: Scope): Range | undefined {
  const quiet = { ...scope, report: silent };
  const ranges = family.members
    .flatMap((member) => settingsOf(member, quiet))
    .flatMap(({ range }) => range ?? []);
  if (ranges.length === 0) return undefined;
  const counts = family.steps.flatMap(({ steps }) => steps.map(({ count }) => count));
  return {
    min: Math.min(...ranges.map(({ min }) => min)),
    max: Math.max(...ranges.map(({ max }) => max), ...counts),
  };
}

interface Settings {
  readonly scaling: Scaling;
  readonly range: Range | undefined;
  readonly path: Path;
}

function settingsOf({ service, path }: Member, { report }: Scope): readonly Settings[] {
  const data = scalingOf(service);
  if (data === undefined) return [];
  const at = [...path, "x-scaling"];
  const scaling = readScaling(data, at, report) ?? {};
  const match = /^(\d+)\s*-\s*(\d+)$/.exec(scaling.Range ?? "");
  if (match === null && scaling.Range !== undefined)
    report.error({
      code: "wrong-type",
      path: [...at, "Range"],
      message: `${scaling.Range} is no range`,
      help: "For example 1-4.",
    });
  const range = match === null ? undefined : { min: Number(match[1]), max: Number(match[2]) };
  return [{ scaling, range, path: at }];
}

function missingRange(path: Path, { report }: Scope): void {
  const message = "scaling needs to know between how many tasks";
  report.error({ code: "missing-key", path, message, help: "Add x-scaling: {Range: 1-4}." });
}

const targetId = (family: Family): string => `${family.id}ScalableTarget`;

function scheduled({ scaling, path }: Settings, scope: Scope): readonly Properties[] {
  return (scaling.ScheduledActions ?? []).map((action, index) => {
    const at = [...path, "ScheduledActions", index, "ScalableTargetAction"];
    const { ScheduledActionName = "", Schedule = "", Timezone, StartTime, EndTime } = action;
    return {
      ScheduledActionName,
      Schedule: Schedule.replace(/^rate\((\d+)([mhd])\)$/, (_, count: string, unit: string) =>
        rate(Number(count), unit),
      ),
      ...(Timezone === undefined ? {} : { Timezone }),
      ...(StartTime === undefined ? {} : { StartTime }),
      ...(EndTime === undefined ? {} : { EndTime }),
      ScalableTargetAction: propertiesOf(action.ScalableTargetAction, at, scope),
    };
  });
}

/** `rate(1h)`, as files written for ComposeX have it, is `rate(1 hour)` to AWS. */
const rate = (count: number, unit: string): string => {
  const word = { m: "minute", h: "hour", d: "day" }[unit] ?? unit;
  return `rate(${count} ${word}${count === 1 ? "" : "s"})`;
};

type Tracking = NonNullable<Scaling["TargetScaling"]>;

/** CPU and memory, both where both are asked for; of several members the most careful counts. */
function addTracking(family: Family, all: readonly Tracking[], path: Path, scope: Scope): void {
  const lowest = (values: readonly (number | undefined)[]): number | undefined => {
    const given = values.filter((value) => value !== undefined);
    return given.length > 0 ? Math.min(...given) : undefined;
  };
  const targets = [
    ["Cpu", "ECSServiceAverageCPUUtilization", lowest(all.map(({ CpuTarget }) => CpuTarget))],
    [
      "Memory",
      "ECSServiceAverageMemoryUtilization",
      lowest(all.map(({ MemoryTarget, RamTarget }) => MemoryTarget ?? RamTarget)),
    ],
  ] as const;
  const longest = (values: readonly (number | undefined)[], usual: number): number =>
    Math.max(...values.map((value) => value ?? usual));
  for (const [name, metric, target] of targets) {
    if (target === undefined) continue;
    const id = `${family.id}${name}ScalingPolicy`;
    scope.add({
      id,
      type: "AWS::ApplicationAutoScaling::ScalingPolicy",
      layer: layerOf(family),
      properties: {
        PolicyName: id,
        PolicyType: "TargetTrackingScaling",
        ScalingTargetId: ref(targetId(family)),
        TargetTrackingScalingPolicyConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: metric },
          TargetValue: target,
          DisableScaleIn: all.some(({ DisableScaleIn }) => DisableScaleIn === true),
          ScaleInCooldown: longest(
            all.map(({ ScaleInCooldown }) => ScaleInCooldown),
            300,
          ),
          ScaleOutCooldown: longest(
            all.map(({ ScaleOutCooldown }) => ScaleOutCooldown),
            60,
          ),
        },
      },
      path,
      sources: sourcesIn(family, "scaling"),
    });
  }
}

/** As many tasks as a step says while its share of work waits, and the fewest once none does. */
function addSteps(
  family: Family,
  { name, metric, steps, threshold: given, scaleIn, scaleOut, path }: StepScaling,
  range: Range,
  scope: Scope,
): void {
  const layer = layerOf(family);
  const id = `${family.id}On${pascal(name)}`;
  // Bounds are relative to the alarm's threshold; no work at all is never a reason for more tasks.
  const threshold = given ?? Math.max(1, steps[0]?.lower ?? 1);
  const adjustments = steps.map(({ lower, count }, index) => {
    const next = steps[index + 1]?.lower;
    return {
      MetricIntervalLowerBound: index === 0 ? 0 : lower - threshold,
      ...(next === undefined ? {} : { MetricIntervalUpperBound: next - threshold }),
      ScalingAdjustment: count,
    };
  });
  const policy = (suffix: string, cooldown: number, step: readonly Properties[]): string => {
    const policyId = `${id}${suffix}Policy`;
    scope.add({
      id: policyId,
      type: "AWS::ApplicationAutoScaling::ScalingPolicy",
      layer,
      properties: {
        PolicyName: policyId,
        PolicyType: "StepScaling",
        ScalingTargetId: ref(targetId(family)),
        StepScalingPolicyConfiguration: {
          AdjustmentType: "ExactCapacity",
          Cooldown: cooldown,
          MetricAggregationType: "Maximum",
          StepAdjustments: step,
        },
      },
      path,
    });
    return policyId;
  };
  const out = policy("ScaleOut", scaleOut, adjustments);
  const back = policy("ScaleIn", scaleIn, [
    { MetricIntervalUpperBound: 0, ScalingAdjustment: range.min },
  ]);
  scope.add({
    id: `${id}Alarm`,
    type: "AWS::CloudWatch::Alarm",
    layer,
    properties: {
      AlarmDescription: `Work for ${family.name} waits in ${name}`,
      ...metric,
      Statistic: metric.Statistic ?? "Maximum",
      Period: metric.Period ?? 60,
      EvaluationPeriods: metric.EvaluationPeriods ?? 1,
      ComparisonOperator: metric.ComparisonOperator ?? "GreaterThanOrEqualToThreshold",
      Threshold: threshold,
      TreatMissingData: "notBreaching",
      AlarmActions: [ref(out)],
      OKActions: [ref(back)],
    },
    path,
  });
}

/** What a `Scaling` under `Services` of a resource says. */
export const readSteps = object(
  {
    Steps: list(
      object({ LowerBound: number, UpperBound: number, Count: integer }, ["LowerBound", "Count"]),
    ),
    ScaleInCooldown: integer,
    ScaleOutCooldown: integer,
  },
  ["Steps"],
);
