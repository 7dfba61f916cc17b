import type { Data } from "../../../compose/project.ts";
import type { Properties } from "../../../model/template.ts";
import { isMapping } from "../../read.ts";
import type { Path } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { propertiesOf } from "../../values.ts";

/** Twenty seconds to be found healthy, thirty to be found dead. */
const usual: Properties = {
  HealthCheckIntervalSeconds: 10,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: 2,
  UnhealthyThresholdCount: 3,
};

/**
 * `healthcheck` of a target: `port:protocol[:healthy:unhealthy:interval:timeout][:/path][:codes]`,
 * or CloudFormation's own properties.
 */
export function healthCheckOf(
  data: Data | undefined,
  { port, protocol: spoken }: { readonly port: number; readonly protocol: string },
  path: Path,
  scope: Scope,
): Properties {
  const protocol = { HealthCheckPort: String(port), HealthCheckProtocol: spoken };
  if (data === undefined || data === null) return { ...usual, ...protocol };
  if (isMapping(data)) {
    const given = propertiesOf(data, path, scope);
    return {
      ...usual,
      ...protocol,
      ...given,
      HealthCheckPort: String(given.HealthCheckPort ?? port),
    };
  }
  const match =
    /^(\d+|traffic-port):([A-Za-z]+)(?::(\d+):(\d+):(\d+):(\d+))?(?::(\/[^:]*))?(?::([\d,-]+))?$/.exec(
      String(data),
    );
  if (match === null) {
    const message = `${String(data)} is no health check`;
    const help =
      "port:protocol[:healthy:unhealthy:interval:timeout][:/path][:codes], such as 80:HTTP:2:3:10:5:/health:200.";
    scope.report.error({ code: "wrong-type", path, message, help });
    return { ...usual, ...protocol };
  }
  const [, checked = "", asked = "", healthy, unhealthy, interval, timeout, target, codes] = match;
  return {
    ...usual,
    HealthCheckPort: checked,
    HealthCheckProtocol: asked.toUpperCase(),
    ...(healthy === undefined
      ? {}
      : {
          HealthyThresholdCount: Number(healthy),
          UnhealthyThresholdCount: Number(unhealthy),
          HealthCheckIntervalSeconds: Number(interval),
          HealthCheckTimeoutSeconds: Number(timeout),
        }),
    ...(target === undefined ? {} : { HealthCheckPath: target }),
    ...(codes === undefined ? {} : { Matcher: { HttpCode: codes } }),
  };
}
