import type { Data } from "../../../compose/project.ts";
import type { Answer } from "../../../model/lookup.ts";
import { hashedId, pascal } from "../../ids.ts";
import { lookupReader, withRole } from "../../lookups.ts";
import { asIs, asMapping, mapOf, object, text } from "../../read.ts";
import { type Path, silent } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { type Listener, readTargets, type Target } from "./listeners.ts";
import type { LoadBalancer } from "./load-balancer.ts";

const readLookup = object({ loadbalancer: asIs, Listeners: mapOf(asIs), RoleArn: text }, [
  "loadbalancer",
]);

/** `Lookup`: a load balancer that is there already, and stays as it is but for rules and listeners. */
export function foundBalancer(name: string, lookup: Data, scope: Scope): LoadBalancer | undefined {
  const path = ["x-elbv2", name, "Lookup"];
  const answer = foundValues(name, lookup, scope);
  if (answer === undefined) return undefined;
  const arn = answer.Arn ?? "";
  const { Listeners = {} } = readLookup(lookup, [], silent) ?? {};
  const isNetwork = arn.includes("loadbalancer/net/") && Object.keys(Listeners).length === 0;
  if (!isNetwork && !arn.includes("loadbalancer/app/")) {
    const message = "only an application load balancer takes rules beside those it has";
    scope.report.error({ code: "cannot-honour", path, message });
    return undefined;
  }
  return {
    name,
    id: hashedId(`${pascal(name)}LoadBalancer`, { Arn: arn }),
    arn,
    type: isNetwork ? "network" : "application",
    securityGroups: (answer.SecurityGroups ?? "").split(",").filter((group) => group !== ""),
    fullName: answer.LoadBalancerFullName ?? "",
    path: ["x-elbv2", name],
  };
}

/** What is known of a load balancer that is there already. */
export function foundValues(name: string, data: Data, scope: Scope): Answer | undefined {
  const path = ["x-elbv2", name, "Lookup"];
  const read = readLookup(data, path, scope.report) ?? {};
  const type = "AWS::ElasticLoadBalancingV2::LoadBalancer";
  const at = [...path, "loadbalancer"];
  const by = withRole(read.loadbalancer ?? null, read.RoleArn);
  const lookup = lookupReader(`x-elbv2.${name}`, type)(by, at, scope.report);
  const { account, region } = scope.settings.target;
  const standIn = {
    Arn: `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/app/${name}/0000000000000000`,
    DNSName: `${name}.${region}.elb.amazonaws.com`,
    CanonicalHostedZoneID: "Z00000000000000000000",
    LoadBalancerFullName: `app/${name}/0000000000000000`,
    SecurityGroups: "sg-00000000000000000",
  };
  return lookup === undefined ? undefined : scope.lookups.answer(lookup, standIn, at);
}

/** Its listeners, by port: what each is found by, and the `Targets` that it gets. */
export function foundListeners(name: string, data: Data, scope: Scope): readonly Listener[] {
  // What is wrong with it was said when the load balancer was looked for.
  const { Listeners = {}, RoleArn } = readLookup(data, [], silent) ?? {};
  return Object.entries(Listeners).flatMap(([port, listener]) => {
    const path = ["x-elbv2", name, "Lookup", "Listeners", port];
    const { Targets = null, ...by } = asMapping(listener);
    const type = "AWS::ElasticLoadBalancingV2::Listener";
    const id = `x-elbv2.${name}.${port}`;
    const lookup = lookupReader(id, type)(withRole(by, RoleArn), path, scope.report);
    if (lookup === undefined) return [];
    const { Arn: arn = "", Protocol: protocol = "" } = scope.lookups.answer(
      lookup,
      standInListener(name, port, scope),
      path,
    );
    const targets = readTargets(Targets, [...path, "Targets"], scope.report) ?? [];
    checkTargets(targets, [...path, "Targets"], scope);
    const bare = { id: "", security: {}, moreCertificates: [] };
    return [{ ...bare, arn, port: Number(port), protocol, path, targets }];
  });
}

function standInListener(name: string, port: string, { settings: { target } }: Scope): Answer {
  const { account, region } = target;
  const resource = `listener/app/${name}/0000000000000000/0000000000000000`;
  return {
    Arn: `arn:aws:elasticloadbalancing:${region}:${account}:${resource}`,
    Protocol: port === "80" ? "HTTP" : "HTTPS",
  };
}

/** Others use the listener, too. */
function checkTargets(targets: readonly Target[], path: Path, { report }: Scope): void {
  for (const [index, { Conditions, access = "/" }] of targets.entries()) {
    if (Conditions !== undefined || !["/", "/*"].includes(access)) continue;
    const message = "would take every request of a listener that is not ours";
    const help = "Say which by access: host/path, or by Conditions.";
    report.error({ code: "cannot-honour", path: [...path, index], message, help });
  }
}
