import { type Accepted, accepted } from "./accepted.ts";
import type { Container, Summary } from "./summary.ts";

/**
 * What the old tool made that we did not (`-`) and the reverse (`+`), a line each. Types are
 * compared by whether there are any: how many there are is a matter of layout.
 */
export function differences(old: Summary, ours: Summary): readonly string[] {
  const names = Object.keys({ ...old.containers, ...ours.containers }).sort();
  return [
    ...compared("type", Object.keys(old.types), Object.keys(ours.types)),
    ...compared("container", Object.keys(old.containers), Object.keys(ours.containers)),
    ...names.flatMap((name) => containers(name, old.containers[name], ours.containers[name])),
    ...compared("action", old.actions, ours.actions, covers),
  ];
}

/** The entry that a difference is accepted by. */
export const acceptedBy = (difference: string): Accepted | undefined =>
  accepted.find(({ lines }) => lines.some((line) => isLike(difference, line)));

const isLike = (text: string, line: string): boolean =>
  new RegExp(`^${line.replaceAll(/[^\w…]/g, "\\$&").replaceAll("…", ".*")}$`).test(text);

function containers(
  name: string,
  old: Container | undefined,
  ours: Container | undefined,
): readonly string[] {
  if (old === undefined || ours === undefined) return [];
  const of = `container ${name}`;
  return [
    ...compared(`${of} environment`, old.env, ours.env),
    ...compared(`${of} secret`, old.secrets, ours.secrets),
    ...compared(`${of} port`, old.ports, ours.ports),
    ...compared(`${of} after`, old.dependsOn, ours.dependsOn),
    ...compared(`${of} has`, healthOf(old), healthOf(ours)),
  ];
}

const healthOf = ({ healthcheck }: Container): readonly string[] =>
  healthcheck ? ["healthcheck"] : [];

type Same = (one: string, other: string) => boolean;

const equal: Same = (one, other) => one === other;

/** `s3:GetObject*` is what begins so, whichever side says it; a whole service stands for itself. */
const covers: Same = (one, other) => isWithin(one, other) || isWithin(other, one);

const isWithin: Same = (action, pattern) =>
  action === pattern ||
  (pattern.endsWith("*") && !pattern.endsWith(":*") && action.startsWith(pattern.slice(0, -1)));

function compared(
  what: string,
  old: readonly string[],
  ours: readonly string[],
  same: Same = equal,
): readonly string[] {
  const lacking = (from: readonly string[]) => (name: string) =>
    !from.some((other) => same(name, other));
  return [
    ...old.filter(lacking(ours)).map((name) => `- ${what} ${name}`),
    ...ours.filter(lacking(old)).map((name) => `+ ${what} ${name}`),
  ];
}
