/** A block of IPv4 addresses: `10.42.0.0/16`. */
export interface Block {
  readonly address: number;
  readonly bits: number;
}

/** As EC2 takes it, which keeps the block of an address inside one. Undefined for what is no block. */
export function parseBlock(text: string): Block | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [, ...numbers] = match;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = numbers.map(Number);
  if ([a, b, c, d].some((part) => part > 255) || bits > 32) return undefined;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { address: address - (address % 2 ** (32 - bits)), bits };
}

/** The `index`-th of the blocks that more bits divide a block into. */
export const subBlock = ({ address, bits }: Block, more: number, index: number): Block => ({
  address: address + index * 2 ** (32 - bits - more),
  bits: bits + more,
});

export const blockText = ({ address, bits }: Block): string =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".")}/${bits}`;
