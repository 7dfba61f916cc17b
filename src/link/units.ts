import type { Graph, Layer } from "../compile/graph.ts";

export type Layout = "per-service" | "single";

/** The unit a layer is deployed in. */
export function unitOf(layer: Layer, layout: Layout): string {
  if (layout === "single") return "all";
  switch (layer.layer) {
    case "base":
      return "base";
    case "family":
      return `s-${layer.family}`;
    case "watch":
      return "watch";
  }
}

/** Left to right: what a layer may refer to is to its left, or itself. */
export function mayRefer(from: Layer, to: Layer): boolean {
  if (from.layer === "family" && to.layer === "family") return from.family === to.family;
  return ranks[to.layer] <= ranks[from.layer];
}

const ranks: Readonly<Record<Layer["layer"], number>> = { base: 0, family: 1, watch: 2 };

/** The units of a graph, base first; each family has one, even before its order is known. */
export const unitsOf = (graph: Graph, layout: Layout): readonly string[] => [
  ...new Set(
    [...graph.nodes.values()]
      .map(({ layer }) => layer)
      .sort((a, b) => ranks[a.layer] - ranks[b.layer])
      .map((layer) => unitOf(layer, layout)),
  ),
];
