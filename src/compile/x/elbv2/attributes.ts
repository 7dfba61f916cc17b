import type { Data } from "../../../compose/project.ts";
import type { Value } from "../../../model/template.ts";
import { asMapping } from "../../read.ts";
import { propertiesIn, type Scope } from "../../scope.ts";
import { dataValue } from "../../values.ts";
import { type LogTarget, logTargets, ownBucket } from "./access-logs.ts";
import { attributesIn, checkAttribute, ofLoadBalancers } from "./known-attributes.ts";
import type { LoadBalancer } from "./load-balancer.ts";

/** ComposeX's shorthands, and the attributes they stand for. */
const shorthands = {
  application: {
    timeout_seconds: "idle_timeout.timeout_seconds",
    desync_mitigation_mode: "routing.http.desync_mitigation_mode",
    drop_invalid_header_fields: "routing.http.drop_invalid_header_fields.enabled",
    http2: "routing.http2.enabled",
  },
  network: { cross_zone: "load_balancing.cross_zone.enabled" },
} as const satisfies Record<LoadBalancer["type"], Readonly<Record<string, string>>>;

/** A load balancer's attributes: the file's own, then its shorthands, then careful defaults. */
export function attributesOf(
  loadBalancer: LoadBalancer,
  definition: Data,
  scope: Scope,
): readonly Value[] {
  const { type, path } = loadBalancer;
  const given = asMapping(definition);
  const logs = logTargets(definition, path);
  const attributes = new Map<string, Value>([
    ...(type === "application"
      ? [[shorthands[type].drop_invalid_header_fields, "true"] as const]
      : []),
    ...fromShorthands(loadBalancer, given.Settings, "Settings", scope),
    ...fromShorthands(loadBalancer, given.MacroParameters, "MacroParameters", scope),
    ...logs.flatMap(({ attribute, prefix }) => [
      [`${attribute}.enabled`, "true"] as const,
      ...(prefix === "" ? [] : [[`${attribute}.prefix`, prefix] as const]),
    ]),
    ...ownAttributes(loadBalancer, definition, scope),
    // Last, since here `x-s3::name` means a name, and elsewhere an ARN.
    ...logs.map((target) => [`${target.attribute}.bucket`, bucketOf(target, scope)] as const),
  ]);
  return [...attributes].sort().map(([Key, value]) => ({ Key, Value: value }));
}

function ownAttributes(
  { type, path }: LoadBalancer,
  definition: Data,
  scope: Scope,
): readonly (readonly [string, Value])[] {
  const given = propertiesIn(definition).LoadBalancerAttributes;
  const at = [...path, "Properties", "LoadBalancerAttributes"];
  return attributesIn(given ?? [], at, scope.report).map((attribute) => {
    const value = dataValue(attribute.value, attribute.valuePath, scope);
    // What is nothing is said to be.
    if (attribute.value !== null)
      checkAttribute(ofLoadBalancers, type, { ...attribute, value }, scope.report);
    return [attribute.key, typeof value === "object" ? value : String(value)] as const;
  });
}

function fromShorthands(
  { type, path }: LoadBalancer,
  macros: Data | undefined,
  section: string,
  { report }: Scope,
): readonly (readonly [string, string])[] {
  const own: Readonly<Record<string, string>> = shorthands[type];
  const other = type === "application" ? "network" : "application";
  return Object.entries(asMapping(macros)).flatMap(([key, value]) => {
    const attribute = Object.hasOwn(own, key) ? own[key] : undefined;
    if (attribute !== undefined) {
      const at = [...path, section, key];
      const given = { key: attribute, value: String(value), keyPath: at, valuePath: at };
      checkAttribute(ofLoadBalancers, type, given, report);
      return [[attribute, given.value] as const];
    }
    if (!Object.hasOwn(shorthands[other], key)) return [];
    const message = `${key} is for load balancers of the type ${other}`;
    report.warn({ code: "no-effect", path: [...path, section, key], message });
    return [];
  });
}

function bucketOf({ bucket, path }: LogTarget, scope: Scope): Value {
  const name = ownBucket(bucket);
  if (name === undefined) return bucket;
  return scope.resolve({ kind: "x-s3", name, returned: "BucketName" }, path) ?? bucket;
}
