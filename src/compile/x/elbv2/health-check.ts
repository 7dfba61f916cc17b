import type { Data } from "../../../compose/project.ts";
import { shown } from "../../../compose/shown.ts";
import type { Properties } from "../../../model/template.ts";
import { boolean, integer, isMapping, object, type Read, text } from "../../read.ts";
import type { Path, Report } from "../../report.ts";
import type { LoadBalancer } from "./load-balancer.ts";

/** Twenty seconds to be found healthy, thirty to be found dead. */
const usual = {
  HealthCheckIntervalSeconds: 10,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: 2,
  UnhealthyThresholdCount: 3,
};

const bounds: Readonly<Record<keyof typeof usual, readonly [number, number]>> = {
  HealthCheckIntervalSeconds: [5, 300],
  HealthCheckTimeoutSeconds: [2, 120],
  HealthyThresholdCount: [2, 10],
  UnhealthyThresholdCount: [2, 10],
};

const readProperties = object({
  HealthCheckEnabled: boolean,
  HealthCheckIntervalSeconds: integer,
  HealthCheckTimeoutSeconds: integer,
  HealthyThresholdCount: integer,
  UnhealthyThresholdCount: integer,
  HealthCheckPort: text,
  HealthCheckProtocol: text,
  HealthCheckPath: text,
  Matcher: object({ HttpCode: text, GrpcCode: text }),
});

type Given = Read<typeof readProperties>;

/** What is checked, as the target group has it. */
export interface Checked {
  readonly port: number;
  readonly protocol: string;
  readonly version: string | undefined;
  /** Whether targets listen on whatever port of their instance is free. */
  readonly isDynamic: boolean;
}

/**
 * `healthcheck` of a target: `port:protocol[:healthy:unhealthy:interval:timeout][:/path][:codes]`,
 * or CloudFormation's own properties.
 */
export function healthCheckOf(
  data: Data | undefined,
  { port, protocol, version, isDynamic }: Checked,
  { type }: LoadBalancer,
  { path, report }: { readonly path: Path; readonly report: Report },
): Properties {
  const given: Given = givenOf(data, version, path, report) ?? {};
  const interval = given.HealthCheckIntervalSeconds ?? usual.HealthCheckIntervalSeconds;
  const check = {
    ...usual,
    HealthCheckTimeoutSeconds: Math.min(usual.HealthCheckTimeoutSeconds, Math.max(2, interval - 1)),
    HealthCheckPort: String(port),
    ...given,
    ...(isDynamic && (given.HealthCheckPort ?? String(port)) === String(port)
      ? { HealthCheckPort: "traffic-port" }
      : {}),
    HealthCheckProtocol: (given.HealthCheckProtocol ?? spokenBy(type, protocol)).toUpperCase(),
  };
  const wrong = faultOf(check, type);
  if (wrong !== undefined) report.error({ code: "out-of-bounds", path, message: wrong });
  return check as Properties;
}

/** A network load balancer knocks; an application load balancer asks as it forwards. */
const spokenBy = (type: LoadBalancer["type"], protocol: string): string =>
  type === "network" ? "TCP" : protocol;

function givenOf(
  data: Data | undefined,
  version: string | undefined,
  path: Path,
  report: Report,
): Given | undefined {
  if (data === undefined || data === null) return {};
  if (isMapping(data)) return readProperties(data, path, report);
  const written = text(data, path, report);
  if (written === undefined) return {};
  const match =
    /^(\d+|traffic-port):([A-Za-z]+)(?::(\d+):(\d+):(\d+):(\d+))?(?::(\/[^:]*))?(?::([\d,-]+))?:?$/.exec(
      written,
    );
  if (match === null) {
    const message = `${shown(written)} is no health check`;
    const help =
      "port:protocol[:healthy:unhealthy:interval:timeout][:/path][:codes], such as 80:HTTP:2:3:10:5:/health:200.";
    report.error({ code: "wrong-type", path, message, help });
    return {};
  }
  const [, port = "", protocol = "", healthy, unhealthy, interval, timeout, target, codes] = match;
  return {
    HealthCheckPort: port,
    HealthCheckProtocol: protocol,
    ...(healthy === undefined
      ? {}
      : {
          HealthyThresholdCount: Number(healthy),
          UnhealthyThresholdCount: Number(unhealthy),
          HealthCheckIntervalSeconds: Number(interval),
          HealthCheckTimeoutSeconds: Number(timeout),
        }),
    ...(target === undefined ? {} : { HealthCheckPath: target }),
    ...(codes === undefined
      ? {}
      : { Matcher: version === "GRPC" ? { GrpcCode: codes } : { HttpCode: codes } }),
  };
}

/** What Elastic Load Balancing would refuse, as a sentence. */
function faultOf(
  check: Given & typeof usual & { readonly HealthCheckProtocol: string },
  type: LoadBalancer["type"],
): string | undefined {
  const keys = Object.keys(bounds) as (keyof typeof usual)[];
  const outside = keys.find((key) => check[key] < bounds[key][0] || check[key] > bounds[key][1]);
  if (outside !== undefined)
    return `${outside} is ${bounds[outside].join(" to ")}, not ${check[outside]}`;
  const { HealthCheckPort: port = "" } = check;
  if (
    port !== "traffic-port" &&
    !(/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)
  )
    return `HealthCheckPort is traffic-port or a port, not ${port}`;
  const { HealthCheckIntervalSeconds: interval, HealthCheckTimeoutSeconds: timeout } = check;
  // A network load balancer may wait for as long.
  if (timeout > interval || (timeout === interval && type !== "network"))
    return `must wait less (${timeout} s) than it pauses (${interval} s)`;
  const known = type === "network" ? ["TCP", "HTTP", "HTTPS"] : ["HTTP", "HTTPS"];
  const protocol = check.HealthCheckProtocol;
  if (!known.includes(protocol)) return `health checks speak ${known.join(", ")}, not ${protocol}`;
  if (protocol === "TCP" && (check.HealthCheckPath ?? check.Matcher) !== undefined)
    return "a TCP health check has no path and no codes";
  return undefined;
}
