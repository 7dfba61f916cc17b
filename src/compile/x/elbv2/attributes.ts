import type { Data } from "../../../compose/project.ts";
import type { Value } from "../../../model/template.ts";
import { asIs, asMapping, isMapping, list, object, text } from "../../read.ts";
import type { Path } from "../../report.ts";
import { propertiesIn, type Scope } from "../../scope.ts";
import { dataValue } from "../../values.ts";
import { type LogTarget, logTargets, ownBucket } from "./access-logs.ts";
import type { LoadBalancer } from "./load-balancer.ts";

const readList = list(object({ Key: text, Value: asIs }, ["Key", "Value"]));

/** A list of Key and Value as CloudFormation has it, or a mapping: each with where it stands. */
function pairsOf(
  data: Data,
  path: Path,
  { report }: Scope,
): readonly (readonly [key: string, value: Data, at: Path])[] {
  if (isMapping(data))
    return Object.entries(data).map(([key, value]) => [key, value, [...path, key]]);
  return (readList(data, path, report) ?? []).map(({ Key = "", Value = "" }, index) => [
    Key,
    Value,
    [...path, index, "Value"],
  ]);
}

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
    ...ownAttributes(definition, path, scope),
    // Last, since here `x-s3::name` means a name, and elsewhere an ARN.
    ...logs.map((target) => [`${target.attribute}.bucket`, bucketOf(target, scope)] as const),
  ]);
  return [...attributes].sort().map(([Key, value]) => ({ Key, Value: value }));
}

function ownAttributes(
  definition: Data,
  path: Path,
  scope: Scope,
): readonly (readonly [string, Value])[] {
  const given = propertiesIn(definition).LoadBalancerAttributes;
  const at = [...path, "Properties", "LoadBalancerAttributes"];
  return pairsOf(given ?? [], at, scope).map(([key, data, where]) => {
    const value = dataValue(data, where, scope);
    return [key, typeof value === "object" ? value : String(value)] as const;
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
    if (attribute !== undefined) return [[attribute, String(value)] as const];
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
