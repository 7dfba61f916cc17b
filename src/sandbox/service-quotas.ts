import { takes } from "./inputs.ts";
import { AwsError, type Context, type Service } from "./world.ts";

/** Service Quotas: what an account may have of a few things. */
export const serviceQuotas: Service = {
  name: "servicequotas",
  operations: {
    GetServiceQuota: takes<GetServiceQuotaInput>(["QuotaCode", "ServiceCode"], getServiceQuota),
  },
};

interface GetServiceQuotaInput {
  readonly ServiceCode: string;
  readonly QuotaCode: string;
}

/** `service quota`: what it is called, and what it is where nobody asked for more. */
const known: Readonly<Record<string, readonly [name: string, value: number]>> = {
  "cloudformation L-0485CB21": ["Stack count", 2000],
  "ec2 L-0263D0A3": ["EC2-VPC Elastic IPs", 5],
  "vpc L-F678F1CE": ["VPCs per Region", 5],
  "vpc L-FE5A380F": ["NAT gateways per Availability Zone", 5],
};

type Place = Pick<Context, "account" | "region" | "world">;

const raisedIn = (context: Place): Record<string, number> =>
  context.world.stateOf<Record<string, number>>("servicequotas", context, () => ({}));

/** Gives an account another quota, as AWS does on request. */
export function setQuota(context: Place, quota: string, value: number): void {
  raisedIn(context)[quota] = value;
}

/** What an account may have of one of these, by service and quota code. */
export const quotaOf = (quota: string, context: Place): number =>
  raisedIn(context)[quota] ?? known[quota]?.[1] ?? 0;

function getServiceQuota({ QuotaCode, ServiceCode }: GetServiceQuotaInput, context: Context) {
  const key = `${ServiceCode} ${QuotaCode}`;
  const [QuotaName] = known[key] ?? [];
  if (QuotaName === undefined)
    throw new AwsError("NoSuchResourceException", `No quota ${QuotaCode} of ${ServiceCode}.`);
  const { account, region } = context;
  return {
    Quota: {
      ServiceCode,
      QuotaArn: `arn:aws:servicequotas:${region}:${account}:${ServiceCode}/${QuotaCode}`,
      QuotaCode,
      QuotaName,
      Value: quotaOf(key, context),
      Unit: "None",
      Adjustable: true,
      GlobalQuota: false,
    },
  };
}
