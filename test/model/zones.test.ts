import { expect, test } from "vitest";
import type { Template, Value } from "../../src/model/template.ts";
import { asLeftToRegion, inZones, leftToRegion, regionZone } from "../../src/model/zones.ts";

const subnet = (AvailabilityZone: Value) => ({
  Type: "AWS::EC2::Subnet",
  Properties: { AvailabilityZone, CidrBlock: "10.0.0.0/24" },
});

const template = (zones: Readonly<Record<string, Value>>): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Metadata: { Trueup: { Origins: { A: "compose.yml:1:1 x-vpc" } } },
  Resources: {
    ...Object.fromEntries(Object.entries(zones).map(([id, zone]) => [id, subnet(zone)])),
    Volume: { Type: "AWS::EC2::Volume", Properties: { AvailabilityZone: regionZone(0) } },
  },
});

const asked = template({ A: regionZone(0), B: regionZone(1), Said: "eu-west-1c" });

test("only subnets are left to the region, and only where their file says no zone", () => {
  expect(leftToRegion(asked)).toEqual(["A", "B"]);
});

test("what is somewhere is asked for there, and is what was asked for to who compares", () => {
  const found = new Map([
    ["A", "eu-west-1b"],
    ["Said", "eu-west-1a"],
  ]);
  const placed = inZones(asked, found);
  expect(placed.Resources.A?.Properties).toEqual({
    AvailabilityZone: "eu-west-1b",
    CidrBlock: "10.0.0.0/24",
  });
  expect(placed.Resources.B).toEqual(subnet(regionZone(1)));
  expect(placed.Resources.Said).toEqual(subnet("eu-west-1c"));
  expect(placed.Resources.Volume).toEqual(asked.Resources.Volume);
  expect(placed.Metadata).toEqual({
    Trueup: { Origins: { A: "compose.yml:1:1 x-vpc" }, Zones: { A: "0 eu-west-1b" } },
  });
  expect(asLeftToRegion(placed).Resources).toEqual(asked.Resources);
  expect(inZones(asked, new Map())).toBe(asked);
  expect(asLeftToRegion(asked)).toBe(asked);
});

test("a zone that is not the noted one stays what somebody made of it", () => {
  const placed = inZones(asked, new Map([["A", "eu-west-1b"]]));
  const Resources = { ...placed.Resources, A: subnet("eu-west-1c") };
  const others = { ...placed, Resources };
  expect(asLeftToRegion(others)).toBe(others);
  const { A: _, ...less } = placed.Resources;
  expect(asLeftToRegion({ ...placed, Resources: less }).Resources).toEqual(less);
});
