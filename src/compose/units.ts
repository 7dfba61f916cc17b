/** A duration in Go's syntax (`1m30s`, also `d` and `w`) in nanoseconds; undefined if it is none. */
function parseDuration(text: string): bigint | undefined {
  const match = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w))+|0)$/.exec(text);
  if (match === null) return undefined;
  let total = 0n;
  for (const [, amount = "", unit = ""] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)([a-zµμ]+)/g)) {
    const [whole = "", fraction = ""] = amount.split(".");
    const scale = nanoseconds[unit] ?? 0n;
    total += BigInt(whole || "0") * scale;
    if (fraction !== "") total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
  }
  return match[1] === "-" ? -total : total;
}

/** A duration as Go prints it; undefined if it is none. */
export function canonicalDuration(text: string): string | undefined {
  // Most are seconds below a minute, which are printed as they are written.
  if (/^[1-5]?[0-9]s$/.test(text)) return text;
  const nanos = parseDuration(text);
  return nanos === undefined ? undefined : durationText(nanos);
}

/** As Go prints one: `1m30s`, `24h0m0s`, `1.5s`, `40µs`. */
function durationText(nanos: bigint): string {
  if (nanos === 0n) return "0s";
  if (nanos < 0n) return `-${durationText(-nanos)}`;
  if (nanos < 1_000n) return `${nanos}ns`;
  if (nanos < 1_000_000n) return `${decimal(nanos, 1_000n)}µs`;
  if (nanos < 1_000_000_000n) return `${decimal(nanos, 1_000_000n)}ms`;
  const second = 1_000_000_000n;
  const hours = nanos / (3_600n * second);
  const minutes = (nanos / (60n * second)) % 60n;
  const seconds = `${decimal(nanos % (60n * second), second)}s`;
  if (hours > 0n) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${minutes}m${seconds}` : seconds;
}

/** A size such as `512m` or `1.5 GiB` in bytes, units always binary; undefined if it is none. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+|\d+\.) ?([kmgtp]?)(i?b)?$/i.exec(text);
  if (match === null) return undefined;
  const [, amount = "", unit = "", suffix = ""] = match;
  if (unit === "" && suffix.toLowerCase() === "ib") return undefined;
  const power = unit === "" ? 0 : "kmgtp".indexOf(unit.toLowerCase()) + 1;
  return Math.trunc(Number(amount) * 1024 ** power);
}

/** The shortest decimal that is the same number to 32-bit arithmetic. */
export function float32(value: number): number {
  const target = Math.fround(value);
  for (let digits = 1; digits < 10; digits++) {
    const candidate = Number(target.toPrecision(digits));
    if (Math.fround(candidate) === target) return candidate;
  }
  return target;
}

const nanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};

function decimal(value: bigint, unit: bigint): string {
  const rest = value % unit;
  if (rest === 0n) return String(value / unit);
  const digits = String(rest).padStart(String(unit).length - 1, "0");
  return `${value / unit}.${digits.replace(/0+$/, "")}`;
}
