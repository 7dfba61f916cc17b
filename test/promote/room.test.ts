import { describe, expect, test } from "vitest";
import type { DesiredStack } from "../../src/model/bundle.ts";
import type { Amounts, Limited, Room } from "../../src/model/quota.ts";
import { lackOf, limitedIn, takesOf } from "../../src/promote/room.ts";

const stack = (...types: readonly string[]) =>
  ({
    template: { Resources: Object.fromEntries(types.map((Type, at) => [`R${at}`, { Type }])) },
  }) as unknown as DesiredStack;

test("what a bundle takes is counted over its stacks, and the stacks themselves", () => {
  const stacks = [
    stack("AWS::EC2::VPC", "AWS::EC2::EIP", "AWS::SQS::Queue"),
    stack("AWS::EC2::EIP"),
  ];
  expect(takesOf({ stacks })).toEqual({
    "AWS::CloudFormation::Stack": 2,
    "AWS::EC2::EIP": 2,
    "AWS::EC2::VPC": 1,
  });
  expect(takesOf({ stacks: [] })).toEqual({});
});

test("what is limited is asked for where any of it is taken", () => {
  expect(
    limitedIn({ "AWS::EC2::VPC": 1, "AWS::EC2::EIP": 0, "AWS::CloudFormation::Stack": 2 }),
  ).toEqual(["AWS::CloudFormation::Stack", "AWS::EC2::VPC"]);
});

describe("there is room", () => {
  const lack = (takes: Amounts, room: Room, pending: readonly Amounts[] = []) =>
    lackOf(takes, {
      pending,
      region: "eu-west-1",
      rooms: new Map((Object.keys(takes) as Limited[]).map((kind) => [kind, room])),
    });

  test("up to the last one, with what others are about to take", () => {
    const vpc = { "AWS::EC2::VPC": 1 };
    expect(lack(vpc, { used: 4, most: 5 })).toBeUndefined();
    expect(lack({ "AWS::EC2::VPC": 2 }, { used: 4, most: 5 })).toContain("VPCs: 4 of 5 are there");
    expect(lack(vpc, { used: 5, most: 5 })).toContain("VPCs: 5 of 5 are there, 1 more needed");
    expect(lack(vpc, { used: 4, most: 5 }, [vpc])).toContain("4 of 5 are there and 1 being made");
  });

  test("for NAT gateways in each zone that has one", () => {
    const nat = { "AWS::EC2::NatGateway": 3 };
    expect(lack(nat, { used: 12, most: 5 })).toBeUndefined();
    expect(lack(nat, { used: 13, most: 5 })).toContain("NAT gateways: 13 of 15 are there");
  });

  test("where nobody knows", () => {
    const rooms = new Map();
    expect(lackOf({ "AWS::EC2::VPC": 9 }, { pending: [], region: "", rooms })).toBeUndefined();
  });
});
