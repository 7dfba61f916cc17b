import type { Properties, Value } from "../../model/template.ts";
import { asMapping } from "../read.ts";
import type { Scope } from "../scope.ts";
import { textValue, withoutReferences } from "../values.ts";
import type { Family, Member } from "./family.ts";
import { isTag } from "./labels.ts";

/** `deploy.labels` that are not settings for ECS are tags of the service: the first to name one says it. */
export function serviceTags({ members, name: family }: Family, scope: Scope): Properties {
  const tags = new Map<string, { readonly text: string; readonly value: Value }>();
  for (const { key, path, text } of members.flatMap(tagsOf)) {
    const first = tags.get(key);
    if (first === undefined) tags.set(key, { text, value: textValue(text, path, scope) });
    if (first === undefined || first.text === text) continue;
    const message = `${family} is one service of ECS, whose tag ${key} is ${first.text}`;
    scope.report.warn({ code: "overruled", path, message });
  }
  if (tags.size === 0) return {};
  return { Tags: [...tags].sort().map(([Key, { value: Value }]) => ({ Key, Value })) };
}

function tagsOf({ path, service }: Member) {
  const labels = asMapping(asMapping(service.deploy).labels);
  return Object.keys(labels).flatMap((key) => {
    const text = String(labels[key]);
    if (key.startsWith("ecs.") || !isTag(key, withoutReferences(text))) return [];
    return [{ key, path: [...path, "deploy", "labels", key], text }];
  });
}
