import type { Data } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import { getAtt, type Properties, ref } from "../../model/template.ts";
import { regionZone } from "../../model/zones.ts";
import { warnBesideLookup } from "../beside-lookup.ts";
import { type Block, blockText, parseBlock, subBlock } from "../cidr.ts";
import { hashedId } from "../ids.ts";
import { asIs, asMapping, boolean, isMapping, object, type Read, text } from "../read.ts";
import { extension, type Ground, type Network } from "../scope.ts";
import { existingNetwork, usedNetwork } from "./existing-network.ts";
import { add, addExtras, extras } from "./vpc-extras.ts";

const readVpc = object({
  Properties: object({
    VpcCidr: text,
    SingleNat: boolean,
    DisableNat: boolean,
    ...extras,
  }),
  Lookup: asIs,
  Use: asIs,
});

type Settings = NonNullable<Read<typeof readVpc>["Properties"]>;

const path = ["x-vpc"];
const zones = [0, 1] as const;

/** Which part of the VPC each group of subnets has: half for tasks, a quarter each for the others. */
const groups = [
  { name: "AppSubnets", id: "AppSubnet", bits: 2, first: 0 },
  { name: "PublicSubnets", id: "PublicSubnet", bits: 3, first: 4 },
  { name: "StorageSubnets", id: "StorageSubnet", bits: 3, first: 6 },
] as const;

/**
 * `x-vpc`, created: two zones, three groups of subnets, one NAT gateway unless the file says
 * otherwise. Without the key, the same. Zones are the region's first two when it is
 * made: `Fn::GetAZs`.
 */
export function networkOf(scope: Ground): Network {
  const data = renamed(extension(scope.project, "x-vpc") ?? null, scope);
  const { Properties: settings = {}, Lookup, Use } = readVpc(data, path, scope.report) ?? {};
  if (Lookup !== undefined) warnBesideLookup(asMapping(data), path, scope.report);
  const existing = existingNetwork(Lookup, scope);
  if (existing !== undefined || Use === undefined) return existing ?? newNetwork(settings, scope);
  warnBesideLookup({ ...asMapping(data), Use: null }, path, scope.report);
  return usedNetwork(Use, scope);
}

/** `Create`, as the pages of ECS ComposeX still have it: its own schema says `Properties`. */
function renamed(data: Data, { report }: Ground): Data {
  if (!isMapping(data) || data.Create === undefined || data.Properties !== undefined) return data;
  const message = "Create is written Properties";
  report.warn({ code: "old-spelling", path: [...path, "Create"], message });
  const { Create, ...rest } = data;
  return { ...rest, Properties: Create };
}

function newNetwork(settings: Settings, scope: Ground): Network {
  const nats = natsOf(settings, scope);
  const block = blockOf(settings, scope);
  const vpc = hashedId("Vpc", { CidrBlock: blockText(block) });
  add(scope, vpc, "AWS::EC2::VPC", {
    CidrBlock: blockText(block),
    EnableDnsHostnames: true,
    EnableDnsSupport: true,
  });
  const subnets = new Map(
    groups.map(({ name, id, bits, first }) => [
      name as string,
      zones.map((zone) => {
        const createOnly = {
          AvailabilityZone: regionZone(zone),
          CidrBlock: blockText(subBlock(block, bits, first + zone)),
          VpcId: ref(vpc),
        };
        const subnet = hashedId(`${id}${zone + 1}`, createOnly);
        add(scope, subnet, "AWS::EC2::Subnet", createOnly);
        return subnet;
      }),
    ]),
  );
  const wayOut = addRoutes(vpc, subnets, nats, scope);
  const ties = {
    vpc,
    cidr: blockText(block),
    subnets: subnets.get("AppSubnets") ?? [],
    routeTables: ["PublicRouteTable", "StorageRouteTable", ...zones.map(appRouteTable)],
  };
  addExtras(settings, ties, scope);
  const referenced = new Map([...subnets].map(([name, ids]) => [name, ids.map(ref)] as const));
  return {
    vpc: ref(vpc),
    subnets: (group) => referenced.get(group),
    wayOut,
    // Without a way out of the app subnets, tasks could not even pull their images.
    tasks:
      nats === 0
        ? { group: "PublicSubnets", publicAddress: true }
        : { group: "AppSubnets", publicAddress: false },
    // Who has endpoints knows what tasks reach by them.
    closed: new Set(
      settings.Endpoints === undefined ? ["PublicSubnets", "StorageSubnets", ...spared(nats)] : [],
    ),
  };
}

const spared = (nats: number): readonly string[] => (nats === 0 ? ["AppSubnets"] : []);

/** How many NAT gateways; the only part of a VPC that costs by the hour, so it is said aloud. */
function natsOf({ SingleNat, DisableNat }: Settings, { report, settings }: Ground): 0 | 1 | 2 {
  // What lives for hours has no use for an address and a gateway that cost as much as its tasks.
  if (DisableNat === true || (settings.ephemeral === true && SingleNat === undefined)) return 0;
  if (SingleNat === undefined && DisableNat === undefined) {
    const message = "the VPC gets a NAT gateway, about 35 USD a month and 0.05 USD a GB";
    const help =
      "Write x-vpc: {Properties: {SingleNat: true}} to agree, or DisableNat: true for tasks with public addresses.";
    report.warn({ code: "costs", path, message, help });
  }
  return SingleNat === false ? 2 : 1;
}

function blockOf({ VpcCidr }: Settings, { report }: Ground): Block {
  const usual = { address: 0x64_40_48_00, bits: 24 };
  if (VpcCidr === undefined) return usual;
  const block = parseBlock(VpcCidr);
  if (block !== undefined && block.bits >= 16 && block.bits <= 25) return block;
  const message = `${shown(VpcCidr)} is no block of addresses for a VPC with six subnets`;
  const help = "A network address and a size from /16 to /25, such as 10.42.0.0/16.";
  const at = [...path, "Properties", "VpcCidr"];
  report.error({ code: "wrong-type", path: at, message, help });
  return usual;
}

/** Answers the routes out, and what ties subnets to them. */
function addRoutes(
  vpc: string,
  subnets: ReadonlyMap<string, readonly string[]>,
  nats: 0 | 1 | 2,
  scope: Ground,
): readonly string[] {
  const made: string[] = ["InternetGatewayAttachment"];
  add(scope, "InternetGateway", "AWS::EC2::InternetGateway", {});
  add(scope, "InternetGatewayAttachment", "AWS::EC2::VPCGatewayAttachment", {
    VpcId: ref(vpc),
    InternetGatewayId: ref("InternetGateway"),
  });
  const table = (id: string, gateway: Properties | undefined): void => {
    add(scope, id, "AWS::EC2::RouteTable", { VpcId: ref(vpc) });
    if (gateway === undefined) return;
    const properties = { RouteTableId: ref(id), DestinationCidrBlock: "0.0.0.0/0", ...gateway };
    const dependsOn = "GatewayId" in gateway ? ["InternetGatewayAttachment"] : undefined;
    add(scope, `${id}DefaultRoute`, "AWS::EC2::Route", properties, dependsOn);
    made.push(`${id}DefaultRoute`);
  };
  const join = (group: string, tableOf: (zone: number) => string): void => {
    for (const [zone, subnet] of (subnets.get(group) ?? []).entries()) {
      add(scope, `${subnet}Routes`, "AWS::EC2::SubnetRouteTableAssociation", {
        RouteTableId: ref(tableOf(zone)),
        SubnetId: ref(subnet),
      });
      made.push(`${subnet}Routes`);
    }
  };
  table("PublicRouteTable", { GatewayId: ref("InternetGateway") });
  join("PublicSubnets", () => "PublicRouteTable");
  table("StorageRouteTable", undefined);
  join("StorageSubnets", () => "StorageRouteTable");
  const gateways = zones
    .slice(0, nats)
    .map((zone) => addNat(zone, subnets.get("PublicSubnets")?.[zone], scope));
  for (const zone of zones) {
    const nat = gateways[zone] ?? gateways[0];
    table(appRouteTable(zone), nat === undefined ? undefined : { NatGatewayId: ref(nat) });
  }
  join("AppSubnets", appRouteTable);
  return made;
}

/**
 * One a zone, also where zones share a gateway: EC2 lets a subnet have no other table before it has
 * left its own, but a route leads elsewhere in place.
 */
const appRouteTable = (zone: number): string => `AppRouteTable${zone + 1}`;

function addNat(zone: number, subnet: string | undefined, scope: Ground): string {
  const address = `NatAddress${zone + 1}`;
  const attached = ["InternetGatewayAttachment"];
  add(scope, address, "AWS::EC2::EIP", { Domain: "vpc" }, attached);
  const id = `NatGateway${zone + 1}`;
  add(
    scope,
    id,
    "AWS::EC2::NatGateway",
    {
      AllocationId: getAtt(address, "AllocationId"),
      SubnetId: ref(subnet ?? ""),
    },
    attached,
  );
  return id;
}
