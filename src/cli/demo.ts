import { accounts } from "./demo-accounts.ts";
import { promotion } from "./demo-promotion.ts";
import { onStage, type Stage } from "./demo-stage.ts";
import { stayUp, threeUses } from "./demo-three-uses.ts";
import { readArguments, refuseMore, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

const scenarios: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "three-uses": threeUses,
  promotion,
  accounts,
};

/** The main job on the sandbox, shown as it happens. */
export const demo: Verb = {
  name: "demo",
  summary: "show the main job on the sandbox",
  usage: "trueup demo [--once] [--scenario three-uses|promotion|accounts]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      once: { type: "boolean" },
      scenario: { type: "string", default: "three-uses" },
    });
    refuseMore(positionals, 0);
    const { scenario: name } = values;
    const play = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
    if (play === undefined) {
      const known = Object.keys(scenarios).join(", ");
      throw new UsageError(`There is no scenario "${name}"; there are ${known}.`);
    }
    await onStage(io, async (stage) => {
      await play(stage);
      if (values.once !== true) await stayUp(stage);
    });
    return 0;
  },
};
