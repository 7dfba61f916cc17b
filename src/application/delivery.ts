import { isMap } from "yaml";
import { secondsIn } from "../model/duration.ts";
import { nearest } from "../model/nearest.ts";
import type { Check } from "../model/verification.ts";
import { cronLine, type Window, windowProblem } from "../model/window.ts";
import type { Finding } from "./check.ts";
import { matching, type Place, resolved } from "./tree.ts";

/** One line of `verify:`, as it is written: one of its keys is there. */
export interface WrittenCheck {
  readonly http?: {
    readonly url: string;
    readonly host?: string;
    readonly status?: number;
    readonly match?: string;
    readonly retries?: number;
    readonly within?: string;
  };
  readonly lambda?: { readonly function: string };
  readonly codebuild?: { readonly project: string };
  readonly task?: { readonly service: string; readonly command?: readonly string[] };
}

/** What a check leaves out: a page is asked for five minutes, a minute apart. */
const usual = { status: 200, retries: 5, within: "5m" } as const;

export function toCheck({ codebuild, http, lambda, task }: WrittenCheck): Check {
  if (lambda !== undefined) return { kind: "lambda", ...lambda };
  if (codebuild !== undefined) return { kind: "codebuild", ...codebuild };
  if (task !== undefined) return { kind: "task", command: [], ...task };
  const { within, ...page } = { ...usual, url: "", ...http };
  return { kind: "http", ...page, withinSeconds: secondsIn(within) };
}

/** One line of `windows:`, as it is written. */
export interface WrittenWindow {
  readonly allow?: string;
  readonly deny?: string;
  readonly for: string;
  readonly timezone?: string;
  readonly overrun?: boolean;
}

export const toWindow = (written: WrittenWindow): Window => ({
  kind: written.deny === undefined ? "allow" : "deny",
  cron: written.deny ?? written.allow ?? "",
  seconds: secondsIn(written.for),
  timezone: written.timezone ?? "UTC",
  overrun: written.overrun ?? false,
});

/** Environments that take from one that is not there or verifies nothing, or from themselves by a detour. */
export function fromFindings(root: Place): readonly Finding[] {
  const environments = matching(root, ["environments", "*"]);
  const names = environments.map(({ name }) => String(name));
  const froms = new Map(
    environments.flatMap(({ name, place }) => {
      const { from } = written(place);
      return typeof from === "string" ? [[String(name), from] as const] : [];
    }),
  );
  return matching(root, ["environments", "*", "from"]).flatMap(({ place: { node, path } }) => {
    const name = String(path[1]);
    const from = froms.get(name);
    if (from === undefined) return [];
    const circle = wayBack(name, froms);
    if (circle !== undefined) {
      const message = `takes from itself: ${circle.join(" from ")}`;
      return [{ node, path, code: "circle", message, help: "let one of them follow a branch" }];
    }
    const upstream = environments.find((other) => String(other.name) === from);
    if (upstream !== undefined) {
      const { verify = [] } = written(upstream.place);
      if (!Array.isArray(verify) || verify.length > 0) return [];
      const message = `takes nothing: \`${from}\` has no \`verify:\`, so nothing is verified there`;
      const help = `say under \`${from}\` what to verify`;
      return [{ node, path, code: "never-verified", message, help }];
    }
    const near = nearest(from, names);
    const help = near === undefined ? `there are ${names.join(", ")}` : `did you mean \`${near}\`?`;
    const message = `there is no environment \`${from}\``;
    return [{ node, path, code: "undefined-name", message, help }];
  });
}

/** The way by which an environment takes from itself; undefined: it does not. */
function wayBack(name: string, froms: ReadonlyMap<string, string>): readonly string[] | undefined {
  const way = [name];
  for (let at = froms.get(name); at !== undefined; at = froms.get(at)) {
    if (at === name) return [...way, name];
    if (way.includes(at)) return undefined;
    way.push(at);
  }
  return undefined;
}

/** Windows that never come, or in a zone that is not. */
export const windowFindings = (root: Place): readonly Finding[] =>
  matching(root, "environments.*.windows.*".split(".")).flatMap(({ place }) => {
    const { allow, deny, timezone = "UTC" } = written(place);
    const [kind, cron] = deny === undefined ? ["allow", allow] : ["deny", deny];
    if (typeof cron !== "string" || typeof timezone !== "string") return [];
    // What has not five fields is told as such, and has no other fault.
    const problem = cronLine.test(cron) ? windowProblem({ cron, timezone }) : undefined;
    if (problem === undefined) return [];
    const { by, message } = problem;
    return matching(place, [by === "cron" ? kind : by]).map(({ place: { node, path } }) => ({
      node,
      path,
      code: "malformed",
      message: `is no window: ${message}`,
      help: by === "cron" ? "write five fields, as in 0 18 * * FRI" : "write one as Europe/London",
    }));
  });

/** Settings by which nobody would be told anything. */
export const notifyFindings = (root: Place): readonly Finding[] =>
  matching(root, ["notify"]).flatMap(({ place }) => {
    const { node, path } = place;
    const { eventBus, sns } = written(place);
    if (eventBus !== undefined || sns !== undefined) return [];
    const message = "tells nobody: it has neither `sns` nor `eventBus`";
    return [{ node, path, code: "missing-key", message, help: "name a topic or an event bus" }];
  });

function written(place: Place): Readonly<Record<string, unknown>> {
  const { document, node } = resolved(place);
  return isMap(node) ? node.toJS(document) : {};
}
