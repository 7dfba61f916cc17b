import { shown } from "../../../compose/shown.ts";
import { getAtt, type Properties, type Value } from "../../../model/template.ts";
import { base } from "../../graph.ts";
import { idInSubnet } from "../../ids.ts";
import type { Scope } from "../../scope.ts";
import type { LoadBalancer } from "./load-balancer.ts";

interface Settings {
  readonly Subnets?: string;
  readonly NoAllocateEips?: boolean;
  readonly RetainEips?: boolean;
}

/**
 * Where a load balancer is: in subnets and, where it is a network load balancer on the internet, at
 * addresses that stay, which is what others put into their firewalls.
 */
export function placeOf(
  loadBalancer: LoadBalancer,
  settings: Settings,
  { Scheme, Subnets, SubnetMappings }: Properties,
  scope: Scope,
): Properties {
  // The file's own properties say it.
  if (SubnetMappings !== undefined || Subnets !== undefined) return {};
  const { id, type, path } = loadBalancer;
  const isPublic = Scheme === "internet-facing";
  const group = settings.Subnets ?? (isPublic ? "PublicSubnets" : "AppSubnets");
  const subnets = scope.network().subnets(group) ?? [];
  if (subnets.length === 0) {
    const message = `there is no group of subnets ${shown(group)}`;
    scope.report.error({ code: "unknown-subnets", path, message });
  }
  if (group === "PublicSubnets") warnOfSubnets(loadBalancer, scope);
  if (type === "application" || !isPublic || settings.NoAllocateEips === true)
    return { Subnets: subnets };
  return {
    SubnetMappings: subnets.map((SubnetId: Value, index) => {
      const address = idInSubnet(`${id}Address`, SubnetId, index);
      const policy = settings.RetainEips === true ? "Retain" : undefined;
      scope.add({
        id: address,
        type: "AWS::EC2::EIP",
        layer: base,
        properties: { Domain: "vpc" },
        dependsOn: scope.network().wayOut,
        ...(policy === undefined ? {} : { deletionPolicy: policy, updateReplacePolicy: policy }),
        path,
      });
      return { SubnetId, AllocationId: getAtt(address, "AllocationId") };
    }),
  };
}

/** Where an environment's parameters leave the group out, it is where another one is. */
function warnOfSubnets({ path }: LoadBalancer, { report, settings }: Scope): void {
  const { parameters = {} } = settings;
  if (parameters.VpcId === undefined || parameters.PublicSubnets !== undefined) return;
  const message =
    "the parameters give no PublicSubnets, so it is in others, which may have no way to the internet";
  const help = "Give them beside VpcId in the parameters of trueup.yaml.";
  report.warn({ code: "not-public", path, message, help });
}
