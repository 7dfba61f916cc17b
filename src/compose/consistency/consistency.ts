import { entriesOf, get, type Path, type Tree, textOf } from "../tree.ts";
import { agreement } from "./agreement.ts";
import { checkCycles } from "./cycles.ts";
import { references } from "./references.ts";
import { isSet, type Service, type Whole } from "./whole.ts";

/** Reports references that lead nowhere, contradictions, and services that wait in a circle. */
export function checkConsistency(project: Omit<Whole, "families">): void {
  const services = get(project.model, "services");
  let families: ReadonlySet<string> | undefined;
  const whole: Whole = {
    ...project,
    families: () => {
      families ??= project.dialect.dependsOnFamilies
        ? familiesOf(entriesOf(services))
        : new Set<string>();
      return families;
    },
  };
  const named = new Map<string, string>();
  for (const [name, service] of entriesOf(services)) {
    checkService({ service, path: ["services", name] }, whole);
    checkContainerName(service, name, named, whole);
  }
  for (const [name, secret] of entriesOf(get(whole.model, "secrets")))
    checkSecret(secret, ["secrets", name], whole);
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

const origins = ["image", "build", "provider"];

function checkOrigin({ path, service }: Service, { report }: Whole): void {
  if (origins.some((key) => isSet(get(service, key)))) return;
  report.error(service, path, {
    code: "missing-key",
    message: "has neither an image nor a build",
    help: "add image or build",
  });
}

/** The task families that services say they belong to. */
export function familiesOf(
  services: Iterable<readonly [name: string, service: Tree]>,
): ReadonlySet<string> {
  const label = "ecs.task.family";
  const named = Array.from(services, ([, service]) =>
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

/** `named` are the services before it by the container names they have taken. */
function checkContainerName(
  service: Tree,
  key: string,
  named: Map<string, string>,
  { report }: Whole,
): void {
  const at = get(service, "container_name");
  const name = textOf(at);
  if (at === undefined || name === undefined || name === "") return;
  const other = named.get(name);
  named.set(name, key);
  if (other !== undefined)
    report.error(at, ["services", key, "container_name"], {
      code: "inconsistent",
      message: `${other} has the same container name`,
      help: "give each its own, or none",
    });
}
