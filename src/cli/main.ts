import process from "node:process";
import { renderDiagnostic } from "../model/diagnostic.ts";
import { TerminalError } from "../model/errors.ts";
import { config } from "./config.ts";
import { demo } from "./demo.ts";
import { dev } from "./dev.ts";
import { explain } from "./explain.ts";
import { get } from "./get.ts";
import { plan } from "./plan.ts";
import { reconcile } from "./reconcile.ts";
import { register } from "./register.ts";
import { render } from "./render.ts";
import { releaseHold, rollback } from "./rollback.ts";
import { resume, suspend } from "./suspend.ts";
import { UsageError } from "./usage.ts";
import type { ExitStatus, Io, Verb } from "./verb.ts";
import { wait } from "./wait.ts";

/** Every verb, in the order in which people meet them. */
const verbs: readonly Verb[] = [
  config,
  render,
  plan,
  register,
  reconcile,
  get,
  explain,
  wait,
  suspend,
  resume,
  rollback,
  releaseHold,
  dev,
  demo,
];

async function main(args: readonly string[], io: Io): Promise<ExitStatus> {
  const [word = "help", ...rest] = args.filter((arg) => arg !== "--debug");
  if (asksForHelp(word)) return told(help(), io);

  const verb = verbs.find(({ name }) => name === word);
  if (verb === undefined) {
    io.err(`No verb "${word}".\n\n${help()}`);
    return 2;
  }
  if (rest.some(asksForHelp)) return told(`${verb.usage}\n  ${verb.summary}`, io);
  try {
    return await verb.run(rest, io);
  } catch (error) {
    if (args.includes("--debug")) throw error;
    for (const line of explained(error, verb)) io.err(line);
    return 2;
  }
}

const asksForHelp = (word: string): boolean => ["-h", "--help", "help"].includes(word);

function told(text: string, io: Io): ExitStatus {
  io.out(text);
  return 0;
}

const help = (): string =>
  [
    "trueup keeps Amazon ECS applications true to a Docker Compose repository.",
    "",
    ...verbs.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`),
    "",
    "trueup VERB --help tells more.",
  ].join("\n");

function explained(error: unknown, { usage }: Verb): readonly string[] {
  if (error instanceof UsageError) return [error.message, `usage: ${usage}`];
  if (error instanceof TerminalError && error.diagnostics.length > 0) {
    return error.diagnostics.map(renderDiagnostic);
  }
  return [error instanceof Error ? `${error.name}: ${error.message}` : String(error)];
}

process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  color: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
});
