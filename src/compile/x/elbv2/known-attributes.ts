import type { Data } from "../../../compose/project.ts";
import { shown } from "../../../compose/shown.ts";
import { nearest } from "../../../model/nearest.ts";
import type { Value } from "../../../model/template.ts";
import { asIs, isMapping, list, object, text } from "../../read.ts";
import type { Path, Report } from "../../report.ts";
import type { LoadBalancer } from "./load-balancer.ts";

type Type = LoadBalancer["type"];

/** An attribute as a file gives it, and where. */
export interface GivenAttribute {
  readonly key: string;
  readonly value: Data;
  readonly keyPath: Path;
  readonly valuePath: Path;
}

const readList = list(object({ Key: text, Value: asIs }, ["Key", "Value"]));

/** Attributes: a list of Key and Value as CloudFormation has it, or a mapping. */
export function attributesIn(data: Data, path: Path, report: Report): readonly GivenAttribute[] {
  if (isMapping(data))
    return Object.entries(data).map(([key, value]) => {
      const at = [...path, key];
      return { key, value, keyPath: at, valuePath: at };
    });
  return (readList(data, path, report) ?? []).map(({ Key: key = "", Value: value = "" }, index) => {
    const at = [...path, index];
    return { key, value, keyPath: [...at, "Key"], valuePath: [...at, "Value"] };
  });
}

/** What an attribute takes, in words too. */
interface Attribute {
  /** The one type of load balancer that has it; undefined: both have. */
  readonly of?: Type;
  readonly form: (value: string) => boolean;
  readonly takes: string;
}

const anyText: Attribute = { form: () => true, takes: "text" };

const words = (...all: readonly string[]): Attribute => ({
  form: (value) => all.includes(value.toLowerCase()),
  takes: all.join(", "),
});

const flag = words("true", "false");

/** A whole number within bounds, or one of a few words beside these. */
const within = (least: number, most: number, ...others: readonly string[]): Attribute => ({
  form: (value) =>
    others.includes(value) ||
    (/^\d+$/.test(value) && Number(value) >= least && Number(value) <= most),
  takes: [`${least} to ${most}`, ...others].join(", or "),
});

const only = (type: Type, all: Readonly<Record<string, Attribute>>) =>
  Object.fromEntries(
    Object.entries(all).map(([key, attribute]) => [key, { ...attribute, of: type }]),
  );

const logs = (kind: string): Readonly<Record<string, Attribute>> => ({
  [`${kind}.s3.enabled`]: flag,
  [`${kind}.s3.bucket`]: anyText,
  [`${kind}.s3.prefix`]: anyText,
});

const week = 604_800;

type Known = Readonly<Record<string, Attribute>>;

/** Of load balancers: ELB's API reference, LoadBalancerAttribute. */
export const ofLoadBalancers: Known = {
  "deletion_protection.enabled": flag,
  "load_balancing.cross_zone.enabled": flag,
  ...logs("access_logs"),
  "ipv6.deny_all_igw_traffic": flag,
  "zonal_shift.config.enabled": flag,
  ...only("application", {
    "idle_timeout.timeout_seconds": within(1, 4000),
    "client_keep_alive.seconds": within(60, week),
    ...logs("connection_logs"),
    ...logs("health_check_logs"),
    "routing.http.desync_mitigation_mode": words("monitor", "defensive", "strictest"),
    "routing.http.drop_invalid_header_fields.enabled": flag,
    "routing.http.preserve_host_header.enabled": flag,
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": flag,
    "routing.http.xff_client_port.enabled": flag,
    "routing.http.xff_header_processing.mode": words("append", "preserve", "remove"),
    "routing.http2.enabled": flag,
    "waf.fail_open.enabled": flag,
  }),
  ...only("network", {
    "dns_record.client_routing_policy": words(
      "availability_zone_affinity",
      "partial_availability_zone_affinity",
      "any_availability_zone",
    ),
    "secondary_ips.auto_assigned.per_subnet": within(0, 7),
  }),
};

/** More targets than a load balancer can have. */
const manyTargets = 100_000;
const failover = "target_group_health.dns_failover.minimum_healthy_targets";
const routing = "target_group_health.unhealthy_state_routing.minimum_healthy_targets";

/** Of target groups with tasks in them: ELB's API reference, TargetGroupAttribute. */
export const ofTargetGroups: Known = {
  "deregistration_delay.timeout_seconds": within(0, 3600),
  "stickiness.enabled": flag,
  "stickiness.type": words("lb_cookie", "app_cookie", "source_ip"),
  "load_balancing.cross_zone.enabled": words("true", "false", "use_load_balancer_configuration"),
  [`${failover}.count`]: within(1, manyTargets, "off"),
  [`${failover}.percentage`]: within(1, 100, "off"),
  [`${routing}.count`]: within(1, manyTargets),
  [`${routing}.percentage`]: within(1, 100, "off"),
  ...only("application", {
    "load_balancing.algorithm.type": words(
      "round_robin",
      "least_outstanding_requests",
      "weighted_random",
    ),
    "load_balancing.algorithm.anomaly_mitigation": words("on", "off"),
    "slow_start.duration_seconds": within(30, 900, "0"),
    "stickiness.app_cookie.cookie_name": anyText,
    "stickiness.app_cookie.duration_seconds": within(1, week),
    "stickiness.lb_cookie.duration_seconds": within(1, week),
  }),
  ...only("network", {
    "deregistration_delay.connection_termination.enabled": flag,
    "preserve_client_ip.enabled": flag,
    "proxy_protocol_v2.enabled": flag,
    "target_health_state.unhealthy.connection_termination.enabled": flag,
    "target_health_state.unhealthy.draining_interval_seconds": within(0, 360_000),
  }),
};

/** Says of an attribute what ELB would, with the stack half-way. */
export function checkAttribute(
  known: Known,
  type: Type,
  { key, value, keyPath, valuePath }: Omit<GivenAttribute, "value"> & { readonly value: Value },
  report: Report,
): void {
  const attribute = Object.hasOwn(known, key) ? known[key] : undefined;
  if (attribute === undefined) {
    refuseMisspelt(key, keysOf(known, type), keyPath, report);
    return;
  }
  if ((attribute.of ?? type) !== type) {
    const message = `${key} is for load balancers of the type ${attribute.of}`;
    report.error({ code: "unknown-key", path: keyPath, message, help: "Remove it." });
    return;
  }
  // What CloudFormation works out is known to nobody before.
  if (typeof value === "object" || attribute.form(String(value))) return;
  const message = `${key} cannot be ${JSON.stringify(value)}`;
  const help = `It takes ${attribute.takes}.`;
  report.error({ code: "unknown-value", path: valuePath, message, help });
}

const keysOf = (known: Known, type: Type): readonly string[] =>
  Object.keys(known).filter((name) => (known[name]?.of ?? type) === type);

/** ELB gets new attributes now and then: only what is nearly a known one is taken for a slip. */
function refuseMisspelt(key: string, names: readonly string[], path: Path, report: Report): void {
  const near = nearest(key, names);
  const message = `unknown attribute ${shown(key)}`;
  if (near !== undefined)
    report.error({ code: "unknown-key", path, message, help: `Did you mean ${near}?` });
  else
    report.warn({ code: "unknown-key", path, message, help: "ELB refuses what it does not know." });
}
