import type { Data } from "../../compose/project.ts";
import type { Properties } from "../../model/template.ts";
import { asList, asMapping, isMapping } from "../read.ts";
import type { Scope } from "../scope.ts";
import { isFileSystem } from "../x/efs.ts";
import type { Family } from "./family.ts";

/** By all families, which do not change once they are there: volume → the families that mount it. */
const indexes = new WeakMap<
  ReadonlyMap<string, Family>,
  ReadonlyMap<string, ReadonlySet<string>>
>();

/** The other families whose containers mount a volume of compose, by name. */
export function othersWith(
  volume: string,
  { name }: Family,
  families: ReadonlyMap<string, Family>,
): readonly string[] {
  const index = indexes.get(families) ?? indexOf(families);
  indexes.set(families, index);
  return [...(index.get(volume) ?? [])].filter((other) => other !== name);
}

function indexOf(families: ReadonlyMap<string, Family>) {
  const index = new Map<string, Set<string>>();
  for (const { members, name } of families.values())
    for (const source of members.flatMap(({ service }) => sourcesIn(service.volumes))) {
      const mounting = index.get(source) ?? new Set<string>();
      index.set(source, mounting.add(name));
    }
  return index;
}

const sourcesIn = (mounts: Data | undefined): readonly string[] =>
  asList(mounts).flatMap((mount) =>
    isMapping(mount) && mount.type === "volume" && typeof mount.source === "string"
      ? mount.source
      : [],
  );

/**
 * Of the only task that has a file system: the one that replaces it writes there beside it for a
 * while, which databases do not survive. Whoever says the order has thought of it.
 */
export function warnOfTwoWriters(
  family: Family,
  { MaximumPercent }: Properties,
  scope: Scope,
): void {
  const { members } = family;
  const updates = members.map(({ service }) => asMapping(asMapping(service.deploy).update_config));
  if (Number(MaximumPercent) < 200 || updates.some(({ order }) => order != null)) return;
  const written = members.flatMap(({ path, service }) =>
    asList(service.volumes).flatMap((mount, index) =>
      isOnlyWriter(mount, family, scope) ? [{ path: [...path, "volumes", index], mount }] : [],
    ),
  );
  const [first] = written;
  if (first === undefined) return;
  const { source } = asMapping(first.mount);
  const message = `a new task writes to ${String(source)} while the old one still does`;
  const help =
    "Write deploy.update_config.order: stop-first where only one may, as with a database; start-first where both may.";
  scope.report.warn({ code: "two-writers", path: first.path, message, help });
}

function isOnlyWriter(mount: Data, family: Family, { families, project }: Scope): boolean {
  const { read_only: isReadOnly, source, type } = asMapping(mount);
  const volume = type === "volume" ? project.volumes[String(source)] : undefined;
  if (volume === undefined || isReadOnly === true || !isFileSystem(volume)) return false;
  return othersWith(String(source), family, families).length === 0;
}
