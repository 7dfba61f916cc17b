import type { Properties } from "../../model/template.ts";
import { isMapping } from "../read.ts";
import type { Report } from "../report.ts";
import type { Family, Member } from "./family.ts";
import { isTag } from "./labels.ts";

/** `deploy.labels` that are not settings for ECS are tags of the service: the first to name one says it. */
export function serviceTags({ members, name: family }: Family, report: Report): Properties {
  const tags = new Map<string, string>();
  for (const { key, path, value } of members.flatMap(tagsOf)) {
    const first = tags.get(key) ?? value;
    tags.set(key, first);
    if (first === value) continue;
    const message = `${family} is one service of ECS, whose tag ${key} is ${first}`;
    report.warn({ code: "overruled", path, message });
  }
  if (tags.size === 0) return {};
  return { Tags: [...tags].sort().map(([Key, Value]) => ({ Key, Value })) };
}

function tagsOf({ path, service }: Member) {
  const deploy = isMapping(service.deploy) ? service.deploy : {};
  const labels = isMapping(deploy.labels) ? deploy.labels : {};
  return Object.keys(labels).flatMap((key) => {
    const value = String(labels[key]);
    if (key.startsWith("ecs.") || !isTag(key, value)) return [];
    return [{ key, path: [...path, "deploy", "labels", key], value }];
  });
}
