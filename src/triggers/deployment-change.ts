import { detailOf, type Trigger, textOf } from "./trigger.ts";

/**
 * ECS says how a service's deployment fares: look at the environment of its stack. CloudFormation
 * names a service `<stack>-<logical id>-<random>`, and neither of the last two has a hyphen.
 */
export const deploymentChange: Trigger = (event) => {
  if (detailOf(event, "ECS Deployment State Change") === undefined) return undefined;
  const [arn] = Array.isArray(event.resources) ? event.resources : [];
  const [, name] =
    /:service\/(?:.+\/)?(.+)-[A-Za-z0-9]+-[A-Za-z0-9]+$/.exec(textOf(arn) ?? "") ?? [];
  return name === undefined ? undefined : { look: "stack", name };
};
