import { connect } from "./connection.ts";
import { forestOf } from "./forest.ts";
import { renderForest } from "./show-tree.ts";
import { readArguments, readPlace, refuseMore } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** What there is of everything, one application or one environment, each below what it belongs to. */
export const tree: Verb = {
  name: "tree",
  summary: "show environments, their stacks and what is in them",
  usage: "trueup tree [APP[/ENV]] [--compact] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      compact: { type: "boolean" },
      json: { type: "boolean" },
    });
    refuseMore(positionals, 1);
    const [word] = positionals;
    const place = word?.includes("/") ? readPlace(positionals) : undefined;
    const isCompact = values.compact === true || word === undefined;
    const { ports } = await connect(io);
    const forest = await forestOf(place ?? { application: word }, isCompact, ports);
    io.out(values.json === true ? JSON.stringify(forest) : renderForest(forest, io));
    return 0;
  },
};
