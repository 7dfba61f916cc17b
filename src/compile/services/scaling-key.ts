import type { Data, Service } from "../../compose/project.ts";
import { asMapping, integer, isMapping } from "../read.ts";
import { silent } from "../report.ts";

/** `x-scaling`, or what Docker's retired integration called `deploy.x-aws-autoscaling`. */
export function scalingOf({ "x-scaling": own, deploy }: Service): Data | undefined {
  const alias = asMapping(deploy)["x-aws-autoscaling"];
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
