import type { Data, Service } from "../../compose/project.ts";
import { asMapping, integer, isMapping } from "../read.ts";
import { type Path, silent } from "../report.ts";
import type { Member } from "./family.ts";

/** `x-scaling`, or what Docker's retired integration called `deploy.x-aws-autoscaling`. */
export function scalingOf({ "x-scaling": own, deploy }: Service): Data | undefined {
  const alias = asMapping(deploy)[aliasKey];
  if (own !== undefined || !isMapping(alias)) return own;
  const { min = 1, max = min, cpu, memory } = alias;
  // What is no number is said to be where the keys of deploy are read.
  if ([min, max].some((count) => integer(count, [], silent) === undefined)) return undefined;
  return {
    Range: `${String(min)}-${String(max)}`,
    TargetScaling: {
      ...(cpu === undefined ? {} : { CpuTarget: cpu }),
      ...(memory === undefined ? {} : { MemoryTarget: memory }),
    },
  };
}

/** Where the file says it. */
export function scalingPath({ path, service }: Pick<Member, "path" | "service">): Path {
  const isOwn = service["x-scaling"] !== undefined;
  return isOwn ? [...path, "x-scaling"] : [...path, "deploy", aliasKey];
}

/** Where a key of it stands, whose path is `path`: the older way has others, a mapping of single values. */
export const scalingKeyPath = (path: Path, key: "Range" | "TargetScaling"): Path =>
  path.at(-1) === aliasKey ? path : [...path, key];

const aliasKey = "x-aws-autoscaling";
