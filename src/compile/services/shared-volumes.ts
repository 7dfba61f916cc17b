import type { Data } from "../../compose/project.ts";
import { asList, isMapping } from "../read.ts";
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
