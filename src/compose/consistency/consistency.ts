import { entriesOf, get, type Path, type Tree, textOf } from "../tree.ts";
import { agreement } from "./agreement.ts";
import { checkCycles } from "./cycles.ts";
import { references } from "./references.ts";
import { isSet, type Service, type Whole } from "./whole.ts";

/** Reports references that lead nowhere, contradictions, and services that wait in a circle. */
export function checkConsistency(project: Omit<Whole, "families">): void {
  const services = get(project.model, "services");
  const families = project.dialect.dependsOnFamilies ? familiesOf(services) : new Set<string>();
  const whole: Whole = { ...project, families };
  for (const [name, service] of entriesOf(services))
    checkService({ service, path: ["services", name] }, whole);
  for (const [name, secret] of entriesOf(get(whole.model, "secrets")))
    checkSecret(secret, ["secrets", name], whole);
  checkContainerNames(whole);
  checkCycles(services, whole.report);
}

const checks = Map.groupBy([...agreement, ...references], ([key]) => key);

function checkService(of: Service, whole: Whole): void {
  checkOrigin(of, whole);
  if (of.service.kind !== "dict") return;
  of.service.entries.forEach((value, key) => {
    checks.get(key)?.forEach(([, check]) => {
      check(value, of, whole);
    });
  });
}

function checkOrigin({ path, service }: Service, { report }: Whole): void {
  if (["image", "build", "provider"].some((key) => isSet(get(service, key)))) return;
  report.error(service, path, {
    code: "missing-key",
    message: "has neither an image nor a build",
    help: "add image or build",
  });
}

/** The task families that services say they belong to. */
function familiesOf(services: Tree | undefined): ReadonlySet<string> {
  const label = "ecs.task.family";
  const named = Array.from(entriesOf(services), ([, service]) =>
    textOf(get(get(get(service, "deploy"), "labels"), label)),
  );
  return new Set(named.flatMap((names) => names?.split(",").map((name) => name.trim()) ?? []));
}

function checkSecret(secret: Tree, path: Path, { dialect, report }: Whole): void {
  const external = get(secret, "external");
  if (external?.kind === "leaf" && external.value === true) return;
  if (isSet(get(secret, "file")) || isSet(get(secret, "environment"))) return;
  if (dialect.sourceless.has("secrets")) return;
  report.error(secret, path, {
    code: "missing-key",
    message: "needs a file or an environment",
    help: "add one of them, or external: true",
  });
}

function checkContainerNames({ model, report }: Whole): void {
  const users = new Map<string, string>();
  for (const [service, tree] of entriesOf(get(model, "services"))) {
    const at = get(tree, "container_name");
    const name = textOf(at);
    if (at === undefined || name === undefined || name === "") continue;
    const other = users.get(name);
    users.set(name, service);
    if (other !== undefined)
      report.error(at, ["services", service, "container_name"], {
        code: "inconsistent",
        message: `${other} has the same container name`,
        help: "give each its own, or none",
      });
  }
}
