import type { Data } from "../../compose/project.ts";
import type { Answer } from "../../model/lookup.ts";
import { lookUp, withRole } from "../lookups.ts";
import { isMapping, list, type Mapping, mapOf, type Reader, text, wrong } from "../read.ts";
import type { Path, Report } from "../report.ts";
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
  if (lookup === undefined) return undefined;
  if (!isMapping(lookup))
    return wrong("a mapping of VpcId and groups of subnets", path, scope.report);
  const standIns = new Map<string, string>();
  for (const [index, group] of Object.keys(lookup).entries())
    standIns.set(group, [1, 2].map((zone) => standInSubnet(index * 10 + zone)).join(","));
  requireAll(lookup, path, scope.report);
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

function requireAll(given: Readonly<Record<string, unknown>>, path: Path, report: Report): void {
  for (const key of ["VpcId", ...groups])
    if (given[key] === undefined)
      report.error({ code: "missing-key", path, message: `${key} is missing` });
}

/** In a list, or with commas between them. */
const ids: Reader<readonly string[]> = (data, path, report) =>
  typeof data === "string"
    ? data.split(",").map((id) => id.trim())
    : list(text)(data, path, report);

const readUse = mapOf(ids);

/** `Use`: a network by its ids, as they are, which nobody looks up. */
export function usedNetwork(data: Data, { report }: Ground): Network {
  const at = ["x-vpc", "Use"];
  const use = readUse(data, at, report) ?? {};
  requireAll(use, at, report);
  for (const [key, given] of Object.entries(use)) {
    const [kind, what] = key === "VpcId" ? ["vpc", "a VPC"] : ["subnet", "a subnet"];
    const wrong = given.find((id) => !new RegExp(`^${kind}-[\\da-f]+$`).test(id));
    if (wrong === undefined) continue;
    const message = `${wrong} is no id of ${what}`;
    const help = `Such as ${kind}-00000000000000000; by tags it is found with Lookup.`;
    report.error({ code: "wrong-type", path: [...at, key], message, help });
  }
  const { VpcId: [vpc = ""] = [], ...subnets } = use;
  return network(
    vpc,
    Object.entries(subnets).map(([group, given]) => [group, given.join(",")]),
  );
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
  // In one order, whichever they are given in: another one would be an update that changes nothing.
  const byGroup = new Map(
    subnets.map(([group, ids]) => [group, [...new Set(ids.split(",").filter(Boolean))].sort()]),
  );
  return {
    vpc,
    subnets: (group) => byGroup.get(group),
    wayOut: [],
    tasks: { group: "AppSubnets", publicAddress: false },
    closed: new Set(),
  };
}
