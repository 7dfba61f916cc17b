import type { Data, Service } from "../../compose/project.ts";
import { asMapping, isMapping } from "../read.ts";

/** `x-scaling`, or what Docker's retired integration called `deploy.x-aws-autoscaling`. */
export function scalingOf({ "x-scaling": own, deploy }: Service): Data | undefined {
  const alias = asMapping(deploy)["x-aws-autoscaling"];
  if (own !== undefined || !isMapping(alias)) return own;
  const { min = 1, max = min, cpu, memory } = alias;
  return {
    Range: `${String(min)}-${String(max)}`,
    TargetScaling: {
      ...(cpu === undefined ? {} : { CpuTarget: cpu }),
      ...(memory === undefined ? {} : { MemoryTarget: memory }),
    },
  };
}
