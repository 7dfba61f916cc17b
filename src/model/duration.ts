const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

const pattern = /^[1-9]\d{0,5}[smhd]$/;

/** Whether something is a duration as people write it: `90s`, `5m`, `2h`, `7d`. */
export const isDuration = (value: unknown): value is string =>
  typeof value === "string" && pattern.test(value);

/** A duration in seconds. */
export const secondsIn = (duration: string): number =>
  Number(duration.slice(0, -1)) * units[duration.slice(-1) as keyof typeof units];
