import { type Connection, connect } from "./connection.ts";
import { renderTrace } from "./show-trace.ts";
import { type Chain, chainOf } from "./trace-chain.ts";
import { chainsOfCommit } from "./trace-commit.ts";
import { type Found, foundPath, foundResource, foundStack } from "./trace-found.ts";
import { type Question, readQuestion } from "./trace-question.ts";
import { foundImage } from "./trace-runs.ts";
import { readArguments, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/** Where a stack, a resource, an image or a commit comes from, and what a compose line became. */
export const trace: Verb = {
  name: "trace",
  summary: "show where something comes from, or what became of it",
  usage:
    "trueup trace STACK[/LogicalId] | APP/ENV/services.NAME | REPOSITORY:TAG | COMMIT [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, { json: { type: "boolean" } });
    const [asked, ...more] = positionals;
    if (asked === undefined || more.length > 0)
      throw new UsageError("Name one thing to trace: trueup tree shows what there is.");
    const question = readQuestion(asked);
    const chains = await chainsTo(asked, question, await connect(io));
    const found = { asked, kind: question.kind, chains };
    io.out(values.json === true ? JSON.stringify(found) : renderTrace(found, io));
    return 0;
  },
};

async function chainsTo(
  asked: string,
  question: Question,
  connection: Connection,
): Promise<readonly Chain[]> {
  const { ports } = connection;
  const chained = async (found: readonly Found[]): Promise<readonly Chain[]> =>
    Promise.all(found.map(({ site, stacks }) => chainOf(site, stacks, connection)));
  switch (question.kind) {
    case "commit":
      return chainsOfCommit(question.digits, connection);
    case "stack":
      return chained(await foundStack(question, ports));
    case "resource":
      return chained(await foundResource(question, ports));
    case "path":
      return chained(await foundPath(question, ports));
    case "image":
      return chained(await foundImage(asked, question.image, connection));
  }
}
