import { describe, expect, test } from "vitest";
import { canonicalRange } from "../../src/compile/ip-range.ts";
import { graphOf, nodesOf, saidOf } from "./from-text.ts";

describe("a range of addresses is as EC2 keeps it:", () => {
  test.for([
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["10.1.255.3/18", "10.1.192.0/18"],
    ["10.1.2.3/32", "10.1.2.3/32"],
    ["10.1.2.3/0", "0.0.0.0/0"],
    ["010.0.0.0/08", "10.0.0.0/8"],
    ["::/0", "::/0"],
    ["0:0:0:0:0:0:0:0/0", "::/0"],
    ["2001:DB8::1/32", "2001:db8::/32"],
    ["2001:0db8:0:0:1:0:0:1/128", "2001:db8::1:0:0:1/128"],
    ["2001:db8:ffff::/33", "2001:db8:8000::/33"],
    ["1:2:3:4:5:6:7:8/128", "1:2:3:4:5:6:7:8/128"],
    ["1:0:0:4:0:0:0:8/128", "1:0:0:4::8/128"],
    ["10:0:0:4:5:6:70:0/128", "10::4:5:6:70:0/128"],
    ["::1/128", "::1/128"],
    ["::ffff:10.0.0.1/128", "::ffff:10.0.0.1/128"],
    ["1::2::3/64", "1::2::3/64"],
  ] as const)("%s is %s", ([written, kept]) => {
    expect(canonicalRange(written)).toBe(kept);
  });
});

const file = (...ranges: readonly string[]) => `
services:
  web: { image: "web:1", ports: ["80"], x-network: { Ingress: { ExtSources: [${ranges.join(", ")}] } } }
x-vpc: { Properties: { SingleNat: true } }
`;
const inside = "{ IPv4: 10.0.0.0/8, Name: inside }";

describe("two ranges that are one to EC2", () => {
  test.for([
    [inside, "{ IPv4: 10.1.2.3/8, Name: here }"],
    ['{ IPv6: "::/0", Name: a }', '{ IPv6: "0::/0", Name: b }'],
  ] as const)("are one rule, which it would refuse twice: %s %s", ([one, other]) => {
    const rules = nodesOf(graphOf(file(one, other)), "AWS::EC2::SecurityGroupIngress");
    expect(rules).toHaveLength(1);
  });

  test("and what more than one address is let in by is said", () => {
    expect(saidOf(file("{ IPv4: 10.1.2.3/8, Name: here }"))).toEqual([
      "warning rounded services.web.x-network.Ingress.ExtSources[0]",
    ]);
    expect(saidOf(file(inside))).toEqual([]);
  });
});
