import type { Report } from "../report.ts";
import { entriesOf, get, type Tree } from "../tree.ts";

/** Reports services that wait for each other in a circle. */
export function checkCycles(services: Tree | undefined, report: Report): void {
  const settled = new Set<string>();
  for (const [name, service] of entriesOf(services))
    if (get(service, "depends_on") !== undefined) walk(services, name, settled, report);
}

interface Step {
  readonly name: string;
  readonly rest: Iterator<[string, Tree]>;
}

/** With a stack of its own: a chain of services may be longer than the call stack. */
function walk(
  services: Tree | undefined,
  start: string,
  settled: Set<string>,
  report: Report,
): void {
  const enter = (name: string): Step => {
    const dependencies = entriesOf(get(get(services, name), "depends_on"));
    return { name, rest: dependencies[Symbol.iterator]() };
  };
  const trail: Step[] = settled.has(start) ? [] : [enter(start)];
  const open = new Set([start]);
  for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
    const next = top.rest.next();
    const [name = "", at] = next.done === true ? [] : next.value;
    if (at === undefined) {
      settled.add(top.name);
      open.delete(top.name);
      trail.pop();
    } else if (open.has(name)) {
      reportCircle(
        trail.map((step) => step.name),
        name,
        at,
        report,
      );
    } else if (!settled.has(name)) {
      open.add(name);
      trail.push(enter(name));
    }
  }
}

function reportCircle(trail: readonly string[], name: string, at: Tree, report: Report): void {
  const names = [...trail.slice(trail.indexOf(name)), name];
  report.error(at, ["services", trail.at(-1) ?? name, "depends_on", name], {
    code: "cycle",
    message: `services wait for each other in a circle: ${names.join(" → ")}`,
    help: "remove one of the dependencies",
  });
}
