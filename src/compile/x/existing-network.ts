import type { Data } from "../../compose/project.ts";
import type { Answer } from "../../model/lookup.ts";
import { lookUp, withRole } from "../lookups.ts";
import { isMapping, type Mapping } from "../read.ts";
import type { Ground, Network } from "../scope.ts";

const path = ["x-vpc", "Lookup"];

/** The groups that every network has; a lookup may name more. */
const groups = ["AppSubnets", "PublicSubnets", "StorageSubnets"] as const;

/** A network that is there already: given as parameters, or looked up. */
export function existingNetwork(lookup: Data | undefined, scope: Ground): Network | undefined {
  const { parameters = {} } = scope.settings;
  if (parameters.VpcId !== undefined) {
    const given = groups.map((group) => [group, parameters[group]] as const);
    const [, first] = given.find(([, ids]) => ids !== undefined) ?? [];
    if (first === undefined) {
      const message =
        "the parameter VpcId needs AppSubnets, PublicSubnets or StorageSubnets beside it";
      scope.report.error({ code: "missing-key", path: ["x-vpc"], message });
    }
    // A group that is not given is where the others are.
    return network(
      parameters.VpcId,
      given.map(([group, ids]) => [group, ids ?? first ?? ""]),
    );
  }
  if (!isMapping(lookup)) return undefined;
  const standIns = new Map<string, string>();
  for (const [index, group] of Object.keys(lookup).entries())
    standIns.set(group, [1, 2].map((zone) => standInSubnet(index * 10 + zone)).join(","));
  for (const key of ["VpcId", ...groups]) {
    if (lookup[key] !== undefined) continue;
    scope.report.error({ code: "missing-key", path, message: `${key} is missing` });
  }
  const vpc = found("VpcId", "AWS::EC2::VPC", { VpcId: "vpc-00000000" }, lookup, scope);
  const subnets = Object.keys(lookup)
    .filter((key) => key !== "VpcId" && key !== "RoleArn")
    .map((group) => {
      const standIn = { SubnetIds: standIns.get(group) ?? "" };
      const answer = found(group, "AWS::EC2::Subnet", standIn, lookup, scope);
      return [group, answer.SubnetIds ?? ""] as const;
    });
  return network(vpc.VpcId ?? "", subnets);
}

const standInSubnet = (number: number): string => `subnet-${String(number).padStart(8, "0")}`;

function found(key: string, type: string, standIn: Answer, lookup: Mapping, scope: Ground): Answer {
  const data = lookup[key];
  if (data === undefined) return standIn;
  const by = withRole(data, lookup.RoleArn);
  return lookUp(`x-vpc.${key}`, type, standIn)(by, [...path, key], scope);
}

function network(
  vpc: string,
  subnets: readonly (readonly [group: string, ids: string])[],
): Network {
  const byGroup = new Map(subnets.map(([group, ids]) => [group, ids.split(",").filter(Boolean)]));
  return {
    vpc,
    subnets: (group) => byGroup.get(group),
    wayOut: [],
    tasks: { group: "AppSubnets", publicAddress: false },
    closed: new Set(),
  };
}
