import { invalid } from "../errors.ts";

/** `count` networks with `bits` host bits each, one after the other, in an IPv4 block. */
export function cidrs(block: string, count: number, bits: number): readonly string[] {
  const [address = "", prefix = "32"] = block.split("/");
  const octets = address.split(".").map(Number);
  const size = 2 ** bits;
  const room = 2 ** (32 - Number(prefix)) / size;
  if (octets.length !== 4 || octets.some(Number.isNaN) || count > room || count < 1) {
    throw invalid(
      `Template error: Fn::Cidr cannot make ${count} networks of ${bits} host bits in ${block}`,
    );
  }
  const start = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return Array.from(
    { length: count },
    (_, index) => `${dotted(start + index * size)}/${32 - bits}`,
  );
}

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
