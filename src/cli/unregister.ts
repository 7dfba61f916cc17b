import { connect } from "./connection.ts";
import { readArguments, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** Lets an application be: nothing is followed any more, and every stack stays as it is. */
export const unregister: Verb = {
  name: "unregister",
  summary: "follow an application no more; its stacks stay",
  usage: "trueup unregister APP [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, { json: { type: "boolean" } });
    const [application = "/", ...more] = positionals;
    if (application.includes("/") || more.length > 0) {
      const help = "an environment goes when trueup.yaml has it no more, and by trueup destroy";
      throw new UsageError(`Name one application as APP: ${help}.`);
    }
    const { people, ports } = await connect(io);
    if ((await ports.registrations.read(application)) === undefined) {
      throw new UsageError(`${application} is not registered.`);
    }
    await people.unregister(application);
    const said = `${application} is followed no more; its stacks stay as they are.`;
    io.out(values.json === true ? JSON.stringify({ application, registered: false }) : said);
    return 0;
  },
};
