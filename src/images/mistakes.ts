import { pathText } from "../compose/project.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { distinct, isSameJson } from "../model/same.ts";
import { problemAt } from "./library.ts";
import type { ImagesRead } from "./read-images.ts";
import type { TextPlace } from "./references.ts";

/** What keeps images from being moved whatever a registry holds, each at its line. */
export function mistakesIn({ files, groups, problems }: ImagesRead): readonly Diagnostic[] {
  const found = groups
    .flat()
    .flatMap(({ follows, place }) =>
      follows.kind === "stalled" ? [mistakeAt(place, follows.reason, files)] : [],
    );
  return distinct([...problems, ...found]);
}

function mistakeAt(
  { document, file: name, path }: TextPlace,
  reason: string,
  files: ImagesRead["files"],
): Diagnostic {
  const { pages, text } = files.get(name) ?? { pages: [], text: "" };
  const nodes = [...(pages[document]?.paths ?? [])];
  const [node] = nodes.find(([, at]) => isSameJson(at, path)) ?? [];
  const help = "The image stays as it is until that is mended.";
  const problem = problemAt({ path: name, text }, node?.range[0] ?? 0, reason);
  return { ...problem, path: pathText(path), help };
}
