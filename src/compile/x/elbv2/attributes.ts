import type { Properties, Value } from "../../../model/template.ts";
import type { LoadBalancer } from "./load-balancer.ts";

interface Macros {
  readonly timeout_seconds?: number;
  readonly desync_mitigation_mode?: string;
  readonly drop_invalid_header_fields?: boolean;
  readonly http2?: boolean;
  readonly cross_zone?: boolean;
  readonly S3Logs?: string;
}

/** A load balancer's attributes: the file's own, then its shorthands, then careful defaults. */
export function attributesOf(
  type: LoadBalancer["type"],
  macros: Macros,
  { LoadBalancerAttributes: given }: Properties,
): readonly Value[] {
  const attributes = new Map<string, Value>();
  const set = (key: string, value: Value | undefined): void => {
    if (value !== undefined) attributes.set(key, String(value));
  };
  if (type === "application") {
    const drops = macros.drop_invalid_header_fields ?? true;
    set("routing.http.drop_invalid_header_fields.enabled", drops);
    set("idle_timeout.timeout_seconds", macros.timeout_seconds);
    set("routing.http.desync_mitigation_mode", macros.desync_mitigation_mode);
    set("routing.http2.enabled", macros.http2);
  } else {
    // An application load balancer always crosses zones.
    set("load_balancing.cross_zone.enabled", macros.cross_zone);
  }
  const [bucket, prefix = ""] = macros.S3Logs?.split(":") ?? [];
  if (bucket !== undefined) {
    set("access_logs.s3.enabled", true);
    set("access_logs.s3.bucket", bucket);
    set("access_logs.s3.prefix", prefix.replace(/^\//, "") || undefined);
  }
  for (const attribute of (Array.isArray(given) ? given : []) as readonly Properties[])
    attributes.set(String(attribute.Key), attribute.Value ?? "");
  return [...attributes].sort().map(([Key, value]) => ({ Key, Value: value }));
}
