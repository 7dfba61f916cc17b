import type { Properties, Template } from "../model/template.ts";

/**
 * Whether a property, by its JSON pointer, is moved by something that the template itself sets up:
 * what scales a service or a table, and the schedule that moves the bounds of what scales.
 */
export function isOwnedElsewhere(template: Template, logicalId: string, path: string): boolean {
  const property = path.slice(path.lastIndexOf("/") + 1);
  return Object.entries(template.Resources).some(([id, { Properties = {} }]) =>
    id === logicalId
      ? Properties.ScheduledActions !== undefined && bounds.includes(property)
      : scales(Properties, property) && refersTo(Properties, logicalId),
  );
}

const bounds: readonly string[] = ["MaxCapacity", "MinCapacity"];

/** `ecs:service:DesiredCount` scales the property `DesiredCount`. */
const scales = ({ ScalableDimension }: Properties, property: string): boolean =>
  String(ScalableDimension).endsWith(`:${property}`);

const refersTo = ({ ResourceId }: Properties, logicalId: string): boolean => {
  const text = JSON.stringify([ResourceId]);
  return text.includes(`{"Ref":"${logicalId}"}`) || text.includes(`{"Fn::GetAtt":["${logicalId}",`);
};
