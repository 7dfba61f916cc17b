import type { ParsedNode } from "yaml";

/** A comment that names the policy of the value it stands behind, as Flux writes it. */
export interface Marker {
  readonly text: string;
  /** Of its name, in the text of the file. */
  readonly offset: number;
}

/** Which part of an image a value is. */
export type Part = "image" | "name" | "tag" | "digest";

export type ReadMarker =
  | { readonly kind: "marker"; readonly policy: string; readonly part: Part }
  | { readonly kind: "refused"; readonly reason: string };

const markerName = '"$imagepolicy"';

/** The marker behind a value of a file. */
export function markerOf(node: ParsedNode, text: string): Marker | undefined {
  const { comment } = node;
  if (!comment?.includes(markerName)) return undefined;
  // Comments on lines of their own, further in than the value, belong to it as well.
  const [line = ""] = comment.split("\n").filter((one) => one.includes(markerName));
  return { text: line, offset: text.indexOf(markerName, node.range[0]) };
}

/** Reads `{"$imagepolicy": "NAME[:tag|:name|:digest]"}`. */
export function readMarker({ text }: Marker): ReadMarker {
  const [, policy, part = "image"] =
    /^\s*\{\s*"\$imagepolicy"\s*:\s*"([^":]+)(?::([^"]*))?"\s*\}\s*$/.exec(text) ?? [];
  if (policy === undefined)
    return { kind: "refused", reason: `its marker is not {${markerName}: "NAME"}` };
  return part === "image" || part === "name" || part === "tag" || part === "digest"
    ? { kind: "marker", policy, part }
    : { kind: "refused", reason: `\`:${part}\` is not one of :name, :tag, :digest` };
}

/** Where the markers of a file stand, whatever they stand behind: the offsets of their names. */
export const markersIn = (text: string): readonly number[] =>
  [...text.matchAll(/#[^\r\n]*/g)].flatMap(({ 0: comment, index }) => {
    const at = comment.indexOf(markerName);
    return at < 0 ? [] : [index + at];
  });
