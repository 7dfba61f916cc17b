import { pathText } from "../../compose/project.ts";
import { shown } from "../../compose/shown.ts";
import type { Properties } from "../../model/template.ts";
import { canonicalRange } from "../ip-range.ts";
import { lookUp } from "../lookups.ts";
import { asIs, list, object, oneOf, type Read, type Reader, text } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { OwnPort } from "../services/ports.ts";

type Ground = Pick<Scope, "lookups" | "report">;

/** One source of traffic: what it is called, and how a rule names it. */
export interface Source {
  readonly name: string;
  /**
   * What it is called in ids where `name` is only a label: under another id CloudFormation would make
   * the same rule once more, which EC2 refuses.
   */
  readonly id?: string;
  readonly properties: Properties;
  /** Undefined: every port there is. */
  readonly ports: readonly NamedPort[] | undefined;
}

/** A port as a file names it: with its protocol, or not. */
interface NamedPort {
  readonly number: number;
  readonly protocol: string | undefined;
}

/** The ports that a source may reach. One without a protocol has that of the port that is there. */
export const reachedBy = ({ ports }: Source, own: readonly OwnPort[]): readonly OwnPort[] =>
  ports?.flatMap(({ number, protocol }) => {
    if (protocol !== undefined) return [{ number, protocol }];
    const same = own.filter((port) => port.number === number);
    return same.length > 0 ? same : [{ number, protocol: "tcp" }];
  }) ?? own;

/** `Ports: [80, "53/udp"]`. */
export const portText: Reader<NamedPort> = (data, path, report) => {
  const match = /^(\d{1,5})(?:\/(tcp|udp))?$/i.exec(typeof data === "object" ? "" : String(data));
  if (match !== null) return { number: Number(match[1]), protocol: match[2]?.toLowerCase() };
  report.error({ code: "wrong-type", path, message: "must be a port, such as 80 or 53/udp" });
  return undefined;
};

/** Sources outside the application, as load balancers and services take them alike. */
export const outside = {
  ExtSources: list(
    object({ IPv4: text, IPv6: text, Name: text, Description: text, Ports: list(portText) }),
  ),
  AwsSources: list(
    object(
      {
        Type: oneOf("SecurityGroup", "PrefixList"),
        Id: text,
        Lookup: asIs,
        AccountOwner: text,
        Name: text,
        Description: text,
        Ports: list(portText),
      },
      ["Type"],
    ),
  ),
};

type External = Read<typeof outside.ExtSources>[number];
type Aws = Read<typeof outside.AwsSources>[number];

/** `ExtSources` and `AwsSources` as sources of rules. */
export const outsideSources = (
  ingress: { readonly ExtSources?: readonly External[]; readonly AwsSources?: readonly Aws[] },
  path: Path,
  scope: Ground,
): readonly Source[] => [
  ...(ingress.ExtSources ?? []).flatMap((source, index) =>
    fromRanges(source, [...path, "ExtSources", index], scope.report),
  ),
  ...(ingress.AwsSources ?? []).flatMap((source, index) =>
    fromAws(source, [...path, "AwsSources", index], scope),
  ),
];

const part = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const fourParts = new RegExp(`^${part}(?:\\.${part}){3}(?:/\\d{1,2})?$`);

function fromRanges(source: External, path: Path, report: Report): readonly Source[] {
  const { IPv4, IPv6, Ports: ports } = source;
  const name = source.Name ?? source.Description;
  const ranges = [
    { range: IPv4, key: "CidrIp", bits: 32, shape: fourParts },
    { range: IPv6, key: "CidrIpv6", bits: 128, shape: /^[\da-f:]*:[\da-f:.]*(?:\/\d{1,3})?$/i },
  ];
  if (IPv4 === undefined && IPv6 === undefined)
    report.error({ code: "missing-key", path, message: "IPv4 or IPv6 is missing" });
  return ranges.flatMap(({ range, key, bits, shape }) => {
    if (range === undefined) return [];
    const [, length = bits] = range.split("/");
    if (!shape.test(range) || Number(length) > bits) {
      const message = `${shown(range)} is no range of addresses`;
      report.error({ code: "wrong-type", path, message, help: "For example 10.0.0.0/8 or ::/0." });
      return [];
    }
    const written = range.includes("/") ? range : `${range}/${bits}`;
    const whole = canonicalRange(written);
    if (key === "CidrIp" && whole !== written) {
      const message = `${written} is ${whole} to EC2: all of that is let in`;
      const help = `Write ${whole}, or ${range.split("/")[0]} for that address alone.`;
      report.warn({ code: "rounded", path, message, help });
    }
    return [{ name: name ?? whole, id: "Range", properties: { [key]: whole }, ports }];
  });
}

function fromAws(source: Aws, path: Path, scope: Ground): readonly Source[] {
  const { Type, AccountOwner, Name, Ports } = source;
  const Id = source.Id ?? foundId(source, path, scope);
  if (Id === undefined || Type === undefined) return [];
  if (!shapes[Type].test(Id)) {
    const message = `${Id} is no id of a ${kinds[Type].of}`;
    const help = `For example ${kinds[Type].standIn}.`;
    scope.report.error({ code: "wrong-type", path: [...path, "Id"], message, help });
    return [];
  }
  const owner = AccountOwner === undefined ? {} : { SourceSecurityGroupOwnerId: AccountOwner };
  const properties =
    Type === "PrefixList" ? { SourcePrefixListId: Id } : { SourceSecurityGroupId: Id, ...owner };
  return [{ name: Name ?? Id, id: Type, properties, ports: Ports }];
}

const shapes = { PrefixList: /^pl-[\da-f]+$/, SecurityGroup: /^sg-[\da-f]+$/ } as const;

const kinds = {
  PrefixList: { of: "AWS::EC2::PrefixList", id: "PrefixListId", standIn: "pl-00000000000000000" },
  SecurityGroup: {
    of: "AWS::EC2::SecurityGroup",
    id: "GroupId",
    standIn: "sg-00000000000000000",
  },
} as const;

/** `Lookup` of a group or list that is there already. */
function foundId({ Type, Lookup }: Aws, path: Path, scope: Ground): string | undefined {
  if (Type === undefined) return undefined;
  if (Lookup === undefined) {
    scope.report.error({ code: "missing-key", path, message: "Id or Lookup is missing" });
    return undefined;
  }
  const { id, of, standIn } = kinds[Type];
  return lookUp(pathText(path), of, { [id]: standIn })(Lookup, [...path, "Lookup"], scope)[id];
}
