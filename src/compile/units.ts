const seconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/** `1m30s` in seconds; undefined for what is no duration. */
export function durationSeconds(text: string): number | undefined {
  // As nearly all of them are written.
  const plain = /^(\d+)([smh])$/.exec(text);
  if (plain !== null) return Number(plain[1]) * (seconds[plain[2] ?? ""] ?? 0);
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w))+$/.test(text))
    return text === "0" ? 0 : undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([a-zµ]+)/g)];
  return parts.reduce(
    (sum, [, amount, unit = ""]) => sum + Number(amount) * (seconds[unit] ?? 0),
    0,
  );
}

/** `512M`, `"536870912"` or 536870912 in MiB, rounded up; undefined for what is no size. */
export function mebibytes(size: unknown): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?$/i.exec(String(size));
  if (match === null) return undefined;
  const [, amount, unit = ""] = match;
  const power = ["", "k", "m", "g", "t"].indexOf(unit.toLowerCase());
  return Math.ceil((Number(amount) * 1024 ** Math.max(0, power)) / 1024 ** 2);
}
