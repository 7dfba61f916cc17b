/** Something of which an account may have so many in a region, by CloudFormation's name for it. */
export type Limited =
  | "AWS::CloudFormation::Stack"
  | "AWS::EC2::EIP"
  | "AWS::EC2::NatGateway"
  | "AWS::EC2::VPC";

/** How many of what is limited. */
export type Amounts = Readonly<Partial<Record<Limited, number>>>;

/** How many there are, and how many there may be: of NAT gateways in each zone. */
export interface Room {
  readonly used: number;
  readonly most: number;
}
