import type { Properties, Resource, Template, Value } from "./template.ts";

// In which zone a subnet is, is chosen once, when it is made. What `Fn::GetAZs` answers changes with the
// region, the account and its default subnets: asked again, it would move the subnet (design-aws 15). So an
// update says the zone that the subnet is in; to whoever compares, that is what it asked for.

/** The `index`th of the zones that the region has for the account, as each deployment finds them. */
export const regionZone = (index: number): Properties => ({
  "Fn::Select": [index, { "Fn::GetAZs": "" }],
});

/** Logical ids of the subnets whose zone is left to the region. */
export const leftToRegion = ({ Resources }: Template): readonly string[] =>
  Object.keys(Resources).filter((id) => indexOf(Resources[id]) !== undefined);

/** The template with subnets in the zones that they are in, by logical id; its metadata says so. */
export function inZones(template: Template, zones: ReadonlyMap<string, string>): Template {
  const chosen = leftToRegion(template).flatMap((id) => {
    const zone = zones.get(id);
    return zone === undefined ? [] : [{ id, zone, index: indexOf(template.Resources[id]) }];
  });
  if (chosen.length === 0) return template;
  const notes = Object.fromEntries(chosen.map(({ id, index, zone }) => [id, `${index} ${zone}`]));
  return {
    ...template,
    Metadata: { ...template.Metadata, Trueup: { ...notesIn(template), Zones: notes } },
    Resources: placed(
      template,
      chosen.map(({ id, zone }) => [id, zone]),
    ),
  };
}

/** The template as it was before; a zone that is not the noted one is somebody else's. */
export function asLeftToRegion(template: Template): Template {
  const { Zones = {} } = notesIn(template);
  const left = Object.entries(Zones).flatMap(([id, note]): readonly [string, Value][] => {
    const [index, zone] = String(note).split(" ");
    const isOurs = template.Resources[id]?.Properties?.AvailabilityZone === zone;
    return isOurs ? [[id, regionZone(Number(index))]] : [];
  });
  return left.length === 0 ? template : { ...template, Resources: placed(template, left) };
}

const notesIn = ({ Metadata }: Template): Properties => (Metadata?.Trueup ?? {}) as Properties;

const placed = (
  { Resources }: Template,
  zones: readonly (readonly [string, Value])[],
): Template["Resources"] => ({
  ...Resources,
  ...Object.fromEntries(
    zones.flatMap(([id, AvailabilityZone]): readonly [string, Resource][] => {
      const subnet = Resources[id];
      if (subnet === undefined) return [];
      return [[id, { ...subnet, Properties: { ...subnet.Properties, AvailabilityZone } }]];
    }),
  ),
});

/** Undefined: it is no subnet, or its zone is said. */
function indexOf(resource: Resource | undefined): number | undefined {
  if (resource?.Type !== "AWS::EC2::Subnet") return undefined;
  const text = JSON.stringify(resource.Properties?.AvailabilityZone);
  const index = /^\{"Fn::Select":\[(\d+),\{"Fn::GetAZs":""\}\]\}$/.exec(text ?? "")?.[1];
  return index === undefined ? undefined : Number(index);
}
