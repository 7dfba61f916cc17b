import { shown } from "../../compose/shown.ts";
import { getAtt, type Properties, ref } from "../../model/template.ts";
import { base } from "../graph.ts";
import { allowing, arn, managedPolicy, policyDocument, trust } from "../iam.ts";
import { pascal } from "../ids.ts";
import { boolean, list, object, type Read, text } from "../read.ts";
import type { Ground } from "../scope.ts";
import { isGateway, serviceName } from "./endpoint-services.ts";

const path = ["x-vpc"];

/** What a VPC may have beside subnets and routes. */
export const extras = {
  Endpoints: object({ AwsServices: list(object({ service: text }, ["service"])) }),
  DHCPOptions: object({ DomainName: text, DomainNameServers: list(text) }),
  EnableFlowLogs: boolean,
  FlowLogsRoleBoundary: text,
};

interface Extras {
  readonly Endpoints?: Read<typeof extras.Endpoints>;
  readonly DHCPOptions?: Read<typeof extras.DHCPOptions>;
  readonly EnableFlowLogs?: boolean;
  readonly FlowLogsRoleBoundary?: string;
}

interface Ties {
  readonly vpc: string;
  readonly cidr: string;
  readonly subnets: readonly string[];
  readonly routeTables: readonly string[];
}

export function addExtras(settings: Extras, ties: Ties, scope: Ground): void {
  const services = (settings.Endpoints?.AwsServices ?? []).map(({ service = "" }) => service);
  addEndpoints(services, ties, scope);
  if (settings.DHCPOptions !== undefined) addDhcp(settings.DHCPOptions, ties, scope);
  if (settings.EnableFlowLogs === true) addFlowLogs(settings.FlowLogsRoleBoundary, ties, scope);
}

function addEndpoints(
  services: readonly string[],
  { vpc, cidr, subnets, routeTables }: Ties,
  scope: Ground,
): void {
  const ofInterfaces = services.filter((service) => !isGateway(service));
  if (ofInterfaces.length > 0) {
    const message = `endpoints of ${ofInterfaces.map(shown).join(", ")} cost about 8 USD a month each and zone`;
    scope.report.warn({ code: "costs", path: [...path, "Properties", "Endpoints"], message });
    add(scope, "EndpointsSecurityGroup", "AWS::EC2::SecurityGroup", {
      GroupDescription: "Endpoints of AWS services",
      VpcId: ref(vpc),
    });
    add(scope, "EndpointsFromVpcTcp443", "AWS::EC2::SecurityGroupIngress", {
      GroupId: ref("EndpointsSecurityGroup"),
      IpProtocol: "tcp",
      FromPort: 443,
      ToPort: 443,
      CidrIp: cidr,
      Description: "The VPC to endpoints of AWS services",
    });
  }
  for (const service of services) {
    const where = isGateway(service)
      ? { VpcEndpointType: "Gateway", RouteTableIds: routeTables.map(ref) }
      : {
          VpcEndpointType: "Interface",
          PrivateDnsEnabled: true,
          SecurityGroupIds: [ref("EndpointsSecurityGroup")],
          SubnetIds: subnets.map(ref),
        };
    add(scope, `${pascal(service)}Endpoint`, "AWS::EC2::VPCEndpoint", {
      VpcId: ref(vpc),
      ServiceName: serviceName(service, scope.settings.target.region),
      ...where,
    });
  }
}

function addDhcp(
  { DomainName, DomainNameServers = ["AmazonProvidedDNS"] }: NonNullable<Extras["DHCPOptions"]>,
  { vpc }: Ties,
  scope: Ground,
): void {
  add(scope, "DhcpOptions", "AWS::EC2::DHCPOptions", {
    DomainNameServers,
    ...(DomainName === undefined ? {} : { DomainName }),
  });
  add(scope, "DhcpOptionsAssociation", "AWS::EC2::VPCDHCPOptionsAssociation", {
    DhcpOptionsId: ref("DhcpOptions"),
    VpcId: ref(vpc),
  });
}

function addFlowLogs(boundary: string | undefined, { vpc }: Ties, scope: Ground): void {
  const group = getAtt("FlowLogGroup", "Arn");
  add(scope, "FlowLogGroup", "AWS::Logs::LogGroup", { RetentionInDays: 30 });
  add(scope, "FlowLogRole", "AWS::IAM::Role", {
    AssumeRolePolicyDocument: trust("vpc-flow-logs.amazonaws.com"),
    ...(boundary === undefined ? {} : { PermissionsBoundary: managedPolicy(boundary) }),
    Policies: [
      {
        PolicyName: "Write",
        PolicyDocument: policyDocument([
          allowing(
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [group],
          ),
          allowing(["logs:DescribeLogGroups"], [arn("logs", ["log-group:*"])]),
        ]),
      },
    ],
  });
  add(scope, "FlowLog", "AWS::EC2::FlowLog", {
    DeliverLogsPermissionArn: getAtt("FlowLogRole", "Arn"),
    LogGroupName: ref("FlowLogGroup"),
    ResourceId: ref(vpc),
    ResourceType: "VPC",
    TrafficType: "ALL",
  });
}

/** Adds what a network is of. */
export const add = (
  scope: Ground,
  id: string,
  type: string,
  properties: Properties,
  dependsOn?: readonly string[],
): void =>
  scope.add({ id, type, layer: base, properties, path, ...(dependsOn ? { dependsOn } : {}) });
