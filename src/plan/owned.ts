import type { Resource, Template } from "../model/template.ts";

/**
 * Whether a property, by its JSON pointer, is moved by something that the template itself sets up:
 * what scales a service or a table, and the schedule that moves the bounds of what scales.
 */
export function isOwnedElsewhere(template: Template, logicalId: string, path: string): boolean {
  const property = path.split("/").at(-1) ?? "";
  const { [logicalId]: resource } = template.Resources;
  if (resource?.Type === scalable) {
    const isScheduled = resource.Properties?.ScheduledActions !== undefined;
    return isScheduled && ["MaxCapacity", "MinCapacity"].includes(property);
  }
  return Object.values(template.Resources).some(
    (target) => dimensionOf(target) === property && refersTo(target, logicalId),
  );
}

const scalable = "AWS::ApplicationAutoScaling::ScalableTarget";

/** `ecs:service:DesiredCount` scales the property `DesiredCount`. */
const dimensionOf = ({ Properties = {}, Type }: Resource): string | undefined =>
  Type === scalable ? String(Properties.ScalableDimension).split(":").at(-1) : undefined;

const refersTo = ({ Properties = {} }: Resource, logicalId: string): boolean => {
  const text = JSON.stringify(Properties.ResourceId ?? "");
  return text.includes(`{"Ref":"${logicalId}"}`) || text.includes(`{"Fn::GetAtt":["${logicalId}",`);
};
