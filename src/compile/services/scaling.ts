import { shown } from "../../compose/shown.ts";
import { getAtt, join, type Properties, ref } from "../../model/template.ts";
import { pascal } from "../ids.ts";
import { asMapping, object, type Read, text } from "../read.ts";
import { type Path, type Report, silent } from "../report.ts";
import { layerOf, type Scope } from "../scope.ts";
import type { Family, Member, StepScaling } from "./family.ts";
import { scalingKeyPath, scalingOf, scalingPath } from "./scaling-key.ts";
import { checkAction, readActions, scheduleOf } from "./scheduled.ts";
import { sourcesIn } from "./sources.ts";
import { addTracking, readTracking } from "./target-tracking.ts";

const readScaling = object({
  Range: text,
  TargetScaling: readTracking,
  ScheduledActions: readActions,
});

type Scaling = Read<typeof readScaling>;

interface Range {
  readonly min: number;
  readonly max: number;
}

/** `x-scaling`, and scaling on the depth of queues: how many tasks a family has, and when. */
export function emitScaling(family: Family, scope: Scope): void {
  const settings = family.members.flatMap((member) => settingsOf(member, scope.report));
  const range = rangeOf(family);
  const [first] = settings;
  if (range === undefined) {
    for (const { path } of [...settings, ...family.steps]) missingRange(path, scope);
    return;
  }
  const path = first?.path ?? family.path;
  for (const member of family.members) warnOfReplicas(member, range, scope);
  const actions = actionsOf(settings, family, scope);
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
  const tracked = settings.flatMap(({ scaling }) => scaling.TargetScaling ?? []);
  if (tracked.length > 0) addTracking(family, tracked, { path, targetId: targetId(family) }, scope);
  for (const steps of family.steps) addSteps(family, steps, range, scope);
  warnOfSeveral(family, scope);
}

/** Alarms set a number each, and know nothing of each other's. */
function warnOfSeveral({ name, steps: [first, ...others] }: Family, { report }: Scope): void {
  for (const other of others) {
    const message = `${name} scales on ${first?.name}, too: each says by itself how many tasks there are, the fewest while nothing waits there`;
    const help = "What waits in the other may stay: have a service of its own for each.";
    report.warn({ code: "disagree", path: other.path, message, help });
  }
}

/** Who scales says how many: what is deployed would undo it every time. */
function warnOfReplicas({ service, path }: Member, { min, max }: Range, { report }: Scope): void {
  const replicas = asMapping(service.deploy).replicas;
  if (typeof replicas !== "number" || replicas === min) return;
  const message = `there are ${min} to ${max} tasks, as x-scaling has it: replicas is not used`;
  const at = [...path, "deploy", "replicas"];
  report.warn({ code: "no-effect", path: at, message, help: "The lower end of Range says it." });
}

/** Between how many tasks a family has: as wide as any of its members or steps asks for. */
export function rangeOf(family: Family): Range | undefined {
  const ranges = family.members
    .flatMap((member) => settingsOf(member, silent))
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

function settingsOf(member: Member, report: Report): readonly Settings[] {
  const data = scalingOf(member.service);
  if (data === undefined) return [];
  const at = scalingPath(member);
  const scaling = readScaling(data, at, report) ?? {};
  const match = /^(\d+)\s*-\s*(\d+)$/.exec(scaling.Range ?? "");
  if (match === null && scaling.Range !== undefined)
    report.error({
      code: "wrong-type",
      path: scalingKeyPath(at, "Range"),
      message: `${shown(scaling.Range)} is no range`,
      help: "For example 1-4.",
    });
  const range = match === null ? undefined : { min: Number(match[1]), max: Number(match[2]) };
  checkBounds(scaling, range, at, report);
  return [{ scaling, range, path: at }];
}

/** What Application Auto Scaling would refuse. */
function checkBounds(
  { ScheduledActions = [] }: Scaling,
  range: Range | undefined,
  path: Path,
  report: Report,
): void {
  if (range !== undefined && range.min > range.max) {
    const message = `from ${range.min} to ${range.max} there is nothing`;
    report.error({ code: "out-of-bounds", path: scalingKeyPath(path, "Range"), message });
  }
  for (const [index, action] of ScheduledActions.entries())
    checkAction(action, [...path, "ScheduledActions", index], report);
}

/** As ComposeX has it: then there are as many tasks as `deploy.replicas` says. */
function missingRange(path: Path, { report }: Scope): void {
  const message = "nothing scales: nobody says between how many tasks";
  report.warn({ code: "no-effect", path, message, help: "Add x-scaling: {Range: 1-4}." });
}

const targetId = (family: Family): string => `${family.id}ScalableTarget`;

/** What several files or services of a task say alike is one action. */
function actionsOf(
  settings: readonly Settings[],
  family: Family,
  { report }: Scope,
): readonly Properties[] {
  const actions = new Map<string, Properties>();
  for (const item of settings) {
    for (const action of scheduled(item, family)) {
      const name = String(action.ScheduledActionName);
      const other = actions.get(name);
      if (other === undefined) actions.set(name, action);
      else if (JSON.stringify(other) !== JSON.stringify(action)) {
        const message = `another scheduled action of ${family.name} is called ${name}`;
        report.error({ code: "same-name", path: [...item.path, "ScheduledActions"], message });
      }
    }
  }
  return [...actions.values()];
}

function scheduled({ scaling }: Settings, { name }: Family): readonly Properties[] {
  return (scaling.ScheduledActions ?? []).map((action) => {
    const { MacroParameters: macros, Schedule = "", Timezone, StartTime, EndTime } = action;
    const own = action.ScheduledActionName ?? "";
    return {
      // A random id would be another in every template, and names are the target's own anyway.
      ScheduledActionName: macros?.AddServiceName === true ? `${own}-${name}` : own,
      Schedule: scheduleOf(Schedule),
      ...(Timezone === undefined ? {} : { Timezone }),
      ...(StartTime === undefined ? {} : { StartTime }),
      ...(EndTime === undefined ? {} : { EndTime }),
      ScalableTargetAction: action.ScalableTargetAction ?? {},
    };
  });
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
