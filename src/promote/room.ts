import type { Bundle } from "../model/bundle.ts";
import type { Amounts, Limited, Room } from "../model/quota.ts";

/** What is limited, in words, and the quota's own name where more of it is asked for. */
const kinds: Readonly<Record<Limited, { readonly words: string; readonly quota: string }>> = {
  "AWS::CloudFormation::Stack": { words: "stacks", quota: "cloudformation L-0485CB21" },
  "AWS::EC2::EIP": { words: "elastic addresses", quota: "ec2 L-0263D0A3" },
  "AWS::EC2::NatGateway": { words: "NAT gateways", quota: "vpc L-FE5A380F" },
  "AWS::EC2::VPC": { words: "VPCs", quota: "vpc L-F678F1CE" },
};

/** What a bundle takes of what is limited. */
export function takesOf({ stacks }: Pick<Bundle, "stacks">): Amounts {
  const types = stacks.flatMap(({ template }) =>
    Object.values(template.Resources).map(({ Type }) => Type),
  );
  const counted = limited.map((kind) => {
    const isStack = kind === "AWS::CloudFormation::Stack";
    return [kind, isStack ? stacks.length : types.filter((type) => type === kind).length] as const;
  });
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}

const limited = Object.keys(kinds) as readonly Limited[];

/** Of what there is any, in a fixed order. */
export const limitedIn = (takes: Amounts): readonly Limited[] =>
  limited.filter((kind) => (takes[kind] ?? 0) > 0);

/** What there is no room for, in words; undefined: there is room for all of it. */
export function lackOf(takes: Amounts, { pending, region, rooms }: Occupied): string | undefined {
  const lacks = limitedIn(takes).flatMap((kind) => {
    const room = rooms.get(kind);
    if (room === undefined) return [];
    const wanted = takes[kind] ?? 0;
    const others = pending.reduce((sum, amounts) => sum + (amounts[kind] ?? 0), 0);
    // Each NAT gateway of an environment is in a zone of its own.
    const most = room.most * (kind === "AWS::EC2::NatGateway" ? wanted : 1);
    if (room.used + others + wanted <= most) return [];
    const { quota, words } = kinds[kind];
    const soon = others === 0 ? "" : ` and ${others} being made`;
    return [`${words}: ${room.used} of ${most} are there${soon}, ${wanted} more needed (${quota})`];
  });
  if (lacks.length === 0) return undefined;
  return `There is no room in ${region} for ${lacks.join("; ")}. Delete some, or have Service Quotas raise it.`;
}

interface Occupied {
  /** What others take that are being made, so that it may not be there yet. */
  readonly pending: readonly Amounts[];
  readonly region: string;
  /** Those that are known. */
  readonly rooms: ReadonlyMap<Limited, Room>;
}
