import { resolve } from "node:path";
import type { Registration } from "../model/registration.ts";
import type { Ports } from "../ports/ports.ts";
import { contributeTo } from "../write/contributing.ts";
import { connect } from "./connection.ts";
import { readArguments, readText, UsageError } from "./usage.ts";
import type { ExitStatus, Verb } from "./verb.ts";

/** Merges an application's own service definition into the compose repository. */
export const contribute: Verb = {
  name: "contribute",
  summary: "merge a service's definition into the compose repository",
  usage: "trueup contribute [APP] -f FILE [--to PATH] [--message TEXT] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      file: { type: "string", short: "f" },
      json: { type: "boolean" },
      message: { type: "string", short: "m" },
      to: { type: "string" },
    });
    const { file, message, to } = values;
    const [name, ...more] = positionals;
    if (file === undefined) throw new UsageError("Say -f FILE: a compose file with the service.");
    if (more.length > 0) throw new UsageError("Name one application.");
    if (message !== undefined && /[\r\n]/.test(message))
      throw new UsageError("The message is one line.");
    const text = readText(resolve(io.cwd, file), file);
    const { ports } = await connect(io);
    const registration = await registered(name, ports);
    const { changes, result } = await contributeTo(
      registration,
      { file, text, to, message },
      ports,
    );
    const { application } = registration;
    io.out(
      values.json === true
        ? JSON.stringify({ application, result: result.kind, ...pullRequestOf(result), changes })
        : said(result, application),
    );
    if (values.json !== true)
      for (const { action, file: where, path } of changes) io.out(`  ${where}  ${action} ${path}`);
    return statusOf(result);
  },
};

type Result = Awaited<ReturnType<typeof contributeTo>>["result"];

/** Turned down by people is held, and not an error of what was asked. */
const statusOf = ({ kind }: Result): ExitStatus => (kind === "declined" ? 3 : 0);

const pullRequestOf = (result: Result) =>
  "pullRequest" in result ? { pullRequest: result.pullRequest } : {};

function said(result: Result, application: string): string {
  switch (result.kind) {
    case "nothing":
      return `${application} says all of this already.`;
    case "committed":
      return `${application} has it, in one commit.`;
    case "proposed":
      return `${application} has it in pull request ${result.pullRequest}.`;
    case "declined":
      return `Pull request ${result.pullRequest} with the same was closed without a merge.`;
  }
}

/** The application that is named; without a name, the only one there is. */
async function registered(
  name: string | undefined,
  { registrations }: Ports,
): Promise<Registration> {
  if (name !== undefined) {
    const found = await registrations.read(name);
    if (found === undefined) throw new UsageError(`No application ${name} is registered.`);
    return found;
  }
  const [only, ...others] = await registrations.list();
  if (only === undefined) throw new UsageError("No application is registered.");
  if (others.length === 0) return only;
  const names = [only, ...others].map(({ application }) => application).join(", ");
  throw new UsageError(`Say which application: ${names}.`);
}
