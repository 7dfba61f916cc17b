import type { Call } from "./call.ts";

/** One ECS service by its ARN; undefined: there is none. */
export async function describe(arn: string, call: Call) {
  // `arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/NAME`
  const cluster = arn.split("/").at(-2) ?? "";
  const { services: [service] = [] } = await call("ecs:DescribeServices", {
    cluster,
    services: [arn],
  });
  return service;
}
