import { attempt, steady } from "./ecs/deployments.ts";
import type { Service } from "./world.ts";

/** ECS, as far as its reads: what CloudFormation deploys runs here. */
export const ecs: Service = {
  name: "ecs",
  operations: {},
  tasks: { attempt, steady },
};
