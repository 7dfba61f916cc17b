import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, only, saidOf } from "./from-text.ts";

const web = 'services: { web: { image: "web:1" } }\nx-vpc: { Properties: { SingleNat: true } }\n';

const certificate = (lines: string): string =>
  `${web}x-route53: { z: { ZoneName: example.com } }\nx-acm: { site: { ${lines} } }\n`;

const type = "AWS::CertificateManager::Certificate";

describe("a certificate", () => {
  test("is proven in its zone, every name of it", () => {
    const text = certificate(
      "MacroParameters: { DomainNames: [a.example.com, b.example.com], HostedZoneId: x-route53::z }",
    );
    expect(saidOf(text)).toEqual([]);
    const { DomainName, SubjectAlternativeNames, DomainValidationOptions } = only(
      graphOf(text),
      type,
    );
    expect([DomainName, SubjectAlternativeNames]).toEqual(["a.example.com", ["b.example.com"]]);
    const [zone] = nodesOf(graphOf(text), "AWS::Route53::HostedZone");
    for (const option of DomainValidationOptions)
      expect(option.HostedZoneId).toEqual({ Ref: zone?.id });
  });

  test.for([
    ["Properties: { DomainName: a.example.com }", "without a zone"],
    [
      "Properties: { DomainName: a.example.com, SubjectAlternativeNames: [b.example.org], DomainValidationOptions: [{ DomainName: a.example.com, HostedZoneId: Z1 }] }",
      "with one name that is in no zone of it",
    ],
    [
      "Properties: { DomainName: a.example.com, SubjectAlternativeNames: [b.example.com, c.example.com], DomainValidationOptions: [{ DomainName: a.example.com, HostedZoneId: Z1 }, { DomainName: b.example.com, HostedZoneId: Z2 }] }",
      "with one name that may be in either zone",
    ],
  ])("%s waits for a person, who is told", ([lines = ""]) => {
    expect(saidOf(certificate(lines))).toEqual(["warning by-hand x-acm.site"]);
  });

  test("proves its other names in the zone of the one that has one", () => {
    const text = certificate(
      "Properties: { DomainName: a.example.com, SubjectAlternativeNames: [b.c.example.com, a.example.org, '*.a.example.com'], DomainValidationOptions: [{ DomainName: a.example.com, HostedZoneId: Z1 }] }",
    );
    expect(only(graphOf(text), type).DomainValidationOptions).toEqual([
      { DomainName: "a.example.com", HostedZoneId: "Z1" },
      { DomainName: "b.c.example.com", HostedZoneId: "Z1" },
    ]);
  });

  test("is proven in the zone of its names only", () => {
    const lines = (zone: string) =>
      `MacroParameters: { DomainNames: [a.example.com, a.example.org], HostedZoneId: ${zone} }`;
    expect(saidOf(certificate(lines("x-route53::z")))).toEqual([
      "error wrong-zone x-acm.site.MacroParameters.DomainNames[1]",
    ]);
    expect(saidOf(certificate(lines("z")))).toEqual([
      "error wrong-type x-acm.site.MacroParameters.HostedZoneId",
    ]);
  });

  test("of all below a name is proven by the name", () => {
    const lines =
      'Properties: { DomainName: example.com, SubjectAlternativeNames: ["*.example.com"], DomainValidationOptions: [{ DomainName: example.com, HostedZoneId: Z1 }] }';
    expect(saidOf(certificate(lines))).toEqual([]);
  });

  test("without a name is refused", () => {
    expect(saidOf(certificate("Properties: {}"))).toContain("error missing-key x-acm.site");
  });

  test("of another name is another resource; with another tag it is the same", () => {
    const idOf = (lines: string) => nodesOf(graphOf(certificate(lines)), type)[0]?.id;
    const one = idOf("Properties: { DomainName: a.example.com }");
    expect(idOf("Properties: { DomainName: b.example.com }")).not.toBe(one);
    expect(idOf("Properties: { DomainName: a.example.com, Tags: [{ Key: a, Value: b }] }")).toBe(
      one,
    );
  });

  test("of a name that no zone has is refused", () => {
    const lines = "MacroParameters: { DomainNames: [a.example.com], HostedZoneId: x-route53::zz }";
    expect(saidOf(certificate(lines))).toEqual([
      "error unknown-resource x-acm.site.MacroParameters.HostedZoneId",
    ]);
  });
});

describe("a zone", () => {
  test("needs no more than its name, and stays when it leaves the file", () => {
    const [zone] = nodesOf(
      graphOf(`${web}x-route53: { z: { Name: example.com } }`),
      "AWS::Route53::HostedZone",
    );
    expect(zone).toMatchObject({
      properties: { Name: "example.com" },
      deletionPolicy: "RetainExceptOnCreate",
    });
  });

  test("that is there already is not made", () => {
    const text = `${web}x-route53: { z: { ZoneName: example.com, Lookup: { HostedZoneId: Z1 } } }`;
    expect(nodesOf(graphOf(text), "AWS::Route53::HostedZone")).toEqual([]);
  });

  test("without a name is refused, and so is a key nobody knows", () => {
    expect(saidOf(`${web}x-route53: { z: {}, y: { Nmae: example.com } }`)).toEqual([
      "error unknown-key x-route53.y.Nmae",
      "error missing-key x-route53.y",
      "error missing-key x-route53.z",
    ]);
  });
});
