import { getAtt, join, type Properties, ref } from "../../model/template.ts";
import { pascal } from "../ids.ts";
import { boolean, integer, number, object, type Read } from "../read.ts";
import type { Path, Report } from "../report.ts";
import { layerOf, type Scope } from "../scope.ts";
import type { Family, TargetGroup } from "./family.ts";
import { scalingKeyPath } from "./scaling-key.ts";
import { sourcesIn } from "./sources.ts";

/** `x-scaling.TargetScaling`. */
export const readTracking = object({
  CpuTarget: number,
  MemoryTarget: number,
  // The name in ComposeX's own documentation, which it did not read.
  RamTarget: number,
  TgtTargetsCount: number,
  ScaleInCooldown: integer,
  ScaleOutCooldown: integer,
  DisableScaleIn: boolean,
});

export type Tracking = Read<typeof readTracking>;

/** What is kept at a level by more or fewer tasks, and at which. */
interface Goal {
  readonly name: string;
  readonly metric: Properties;
  readonly value: number;
}

/**
 * CPU, memory and requests for each task, all of them where all are asked for; of several members
 * the most careful counts.
 */
export function addTracking(
  family: Family,
  all: readonly Tracking[],
  { path, targetId }: { readonly path: Path; readonly targetId: string },
  scope: Scope,
): void {
  const longest = (key: "ScaleInCooldown" | "ScaleOutCooldown", usual: number): number =>
    Math.max(...all.map((one) => one[key] ?? usual));
  const goals = goalsOf(family, all, path, scope);
  if (all.length > 0 && all.every(isAimless)) {
    const message = "TargetScaling does nothing: it has no target";
    const help = "Add CpuTarget, MemoryTarget or TgtTargetsCount.";
    scope.report.warn({
      code: "no-effect",
      path: scalingKeyPath(path, "TargetScaling"),
      message,
      help,
    });
  }
  for (const { metric, name, value } of goals) {
    const id = `${family.id}${name}ScalingPolicy`;
    scope.add({
      id,
      type: "AWS::ApplicationAutoScaling::ScalingPolicy",
      layer: layerOf(family),
      properties: {
        PolicyName: id,
        PolicyType: "TargetTrackingScaling",
        ScalingTargetId: ref(targetId),
        TargetTrackingScalingPolicyConfiguration: {
          PredefinedMetricSpecification: metric,
          TargetValue: value,
          DisableScaleIn: all.some(({ DisableScaleIn }) => DisableScaleIn === true),
          ScaleInCooldown: longest("ScaleInCooldown", 300),
          ScaleOutCooldown: longest("ScaleOutCooldown", 60),
        },
      },
      path,
      sources: sourcesIn(family, "scaling"),
    });
  }
}

const isAimless = ({ CpuTarget, MemoryTarget, RamTarget, TgtTargetsCount }: Tracking): boolean =>
  (CpuTarget ?? MemoryTarget ?? RamTarget ?? TgtTargetsCount) === undefined;

function goalsOf(
  family: Family,
  all: readonly Tracking[],
  path: Path,
  { report }: Scope,
): readonly Goal[] {
  const cpu = lowest(all.map(({ CpuTarget }) => CpuTarget));
  const memory = lowest(all.map(({ MemoryTarget, RamTarget }) => MemoryTarget ?? RamTarget));
  if (all.some((one) => one.MemoryTarget !== undefined && one.RamTarget !== undefined)) {
    const message = "RamTarget does nothing beside MemoryTarget, which is its other name";
    report.warn({ code: "no-effect", path: [...path, "TargetScaling", "RamTarget"], message });
  }
  const requests = lowest(all.map(({ TgtTargetsCount }) => TgtTargetsCount));
  const groups = family.targetGroups.filter(
    ({ loadBalancer }) => loadBalancer.type === "application",
  );
  if (requests !== undefined && groups.length === 0) {
    const message = `TgtTargetsCount does nothing: no application load balancer sends to ${family.name}`;
    report.warn({ code: "no-effect", path: scalingKeyPath(path, "TargetScaling"), message });
  }
  checkShare("CpuTarget", cpu, path, report);
  checkShare("MemoryTarget", memory, path, report);
  const average = (what: string) => ({
    PredefinedMetricType: `ECSServiceAverage${what}Utilization`,
  });
  return [
    ...(cpu === undefined ? [] : [{ name: "Cpu", metric: average("CPU"), value: cpu }]),
    ...(memory === undefined ? [] : [{ name: "Memory", metric: average("Memory"), value: memory }]),
    ...(requests === undefined ? [] : groups).map((group) => ({
      name: `${requestsName(group, groups)}Requests`,
      metric: {
        PredefinedMetricType: "ALBRequestCountPerTarget",
        ResourceLabel: join([
          group.loadBalancer.fullName,
          "/",
          getAtt(group.id, "TargetGroupFullName"),
        ]),
      },
      value: requests ?? 0,
    })),
  ];
}

/** Of more than all AWS takes a target, too: where others leave room containers use more than they ask for. */
function checkShare(key: string, share: number | undefined, path: Path, report: Report): void {
  if (share === undefined || (share > 0 && share <= 100)) return;
  const at = scalingKeyPath(path, "TargetScaling");
  const message = `${key} is a share in percent, of 100 at most, not ${share}`;
  if (share > 100) report.warn({ code: "out-of-bounds", path: at, message });
  else report.error({ code: "out-of-bounds", path: at, message });
}

/** `Public80`; where several of its groups send to such a port, all but one by their own names. */
function requestsName(
  { id, loadBalancer, port }: TargetGroup,
  all: readonly TargetGroup[],
): string {
  const alike = all.filter(
    (one) => one.loadBalancer.name === loadBalancer.name && one.port === port,
  );
  const isFirst = alike.every((one) => id <= one.id);
  return isFirst ? `${pascal(loadBalancer.name)}${port}` : id;
}

function lowest(values: readonly (number | undefined)[]): number | undefined {
  const given = values.filter((value) => value !== undefined);
  return given.length > 0 ? Math.min(...given) : undefined;
}
