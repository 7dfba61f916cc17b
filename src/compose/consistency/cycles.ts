import type { Report } from "../report.ts";
import { entriesOf, get, type Tree } from "../tree.ts";

/** Reports services that wait for each other in a circle. */
export function checkCycles(services: Tree | undefined, report: Report): void {
  const settled = new Set<string>();
  for (const [name] of entriesOf(services)) visit(name);

  /** A walk with its own stack: a chain of services may be longer than the call stack. */
  function visit(start: string): void {
    const trail: { readonly name: string; readonly rest: Iterator<[string, Tree]> }[] = [];
    const enter = (name: string): void => {
      const dependencies = entriesOf(get(get(services, name), "depends_on"));
      trail.push({ name, rest: dependencies[Symbol.iterator]() });
    };
    if (!settled.has(start)) enter(start);
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const next = top.rest.next();
      if (next.done === true) {
        settled.add(top.name);
        trail.pop();
        continue;
      }
      const [name, at] = next.value;
      const seen = trail.findIndex((one) => one.name === name);
      if (seen >= 0)
        reportCircle([...trail.slice(seen).map((one) => one.name), name], top.name, at);
      else if (!settled.has(name)) enter(name);
    }
  }

  function reportCircle(names: readonly string[], from: string, at: Tree): void {
    report.error(at, ["services", from, "depends_on", names.at(-1) ?? ""], {
      code: "cycle",
      message: `services wait for each other in a circle: ${names.join(" → ")}`,
      help: "remove one of the dependencies",
    });
  }
}
