import { readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline/promises";
import { explained } from "./explained.ts";
import { tierUpLate } from "./tiering.ts";
import type { ExitStatus, Io, Verb } from "./verb.ts";

/** Every verb, in the order in which people meet them; loaded when it is said, as most need AWS. */
const verbs: Readonly<Record<string, () => Promise<Verb>>> = {
  init: async () => (await import("./init.ts")).init,
  config: async () => (await import("./config.ts")).config,
  render: async () => (await import("./render.ts")).render,
  check: async () => (await import("./check.ts")).check,
  plan: async () => (await import("./plan.ts")).plan,
  register: async () => (await import("./register.ts")).register,
  unregister: async () => (await import("./unregister.ts")).unregister,
  reconcile: async () => (await import("./reconcile.ts")).reconcile,
  contribute: async () => (await import("./contribute.ts")).contribute,
  get: async () => (await import("./get.ts")).get,
  explain: async () => (await import("./explain.ts")).explain,
  tree: async () => (await import("./tree.ts")).tree,
  trace: async () => (await import("./trace.ts")).trace,
  wait: async () => (await import("./wait.ts")).wait,
  suspend: async () => (await import("./suspend.ts")).suspend,
  resume: async () => (await import("./suspend.ts")).resume,
  approve: async () => (await import("./approve.ts")).approve,
  reject: async () => (await import("./approve.ts")).reject,
  promote: async () => (await import("./promote.ts")).promote,
  verify: async () => (await import("./verify.ts")).verify,
  destroy: async () => (await import("./destroy.ts")).destroy,
  history: async () => (await import("./history.ts")).history,
  events: async () => (await import("./events.ts")).events,
  rollback: async () => (await import("./rollback.ts")).rollback,
  "release-hold": async () => (await import("./rollback.ts")).releaseHold,
  doctor: async () => (await import("./doctor.ts")).doctor,
  dev: async () => (await import("./dev.ts")).dev,
  demo: async () => (await import("./demo.ts")).demo,
};

async function main(args: readonly string[], io: Io): Promise<ExitStatus> {
  const [word = "help", ...rest] = args.filter((arg) => arg !== "--debug");
  const [about = word] = rest;
  if (word === "--version") return told(`trueup ${version()}`, io);
  if (asksForHelp(word))
    return asksForHelp(about) ? told(await help(), io) : main([about, word], io);

  const load = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
  if (load === undefined) {
    io.err(`No verb "${word}".\n\n${await help()}`);
    return 2;
  }
  const verb = await load();
  // Further on the bare word may be a value: a reason, or a name.
  if (asksForHelp(about) || rest.some(isFlag)) return told(`${verb.usage}\n  ${verb.summary}`, io);
  return verb.run(rest, io).catch((error: unknown) => {
    const from = args.includes("--debug") ? [whereFrom(error)] : [];
    for (const line of [...from, ...explained(error, verb, io)]) io.err(line);
    return 2;
  });
}

const version = (): string =>
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;

const whereFrom = (error: unknown): string => (error instanceof Error ? (error.stack ?? "") : "");

const isFlag = (word: string): boolean => word === "-h" || word === "--help";

const asksForHelp = (word: string): boolean => word === "help" || isFlag(word);

function told(text: string, io: Io): ExitStatus {
  io.out(text);
  return 0;
}

async function help(): Promise<string> {
  const all = await Promise.all(Object.values(verbs).map((load) => load()));
  return [
    "trueup keeps Amazon ECS applications true to a Docker Compose repository.",
    "",
    ...all.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`),
    "",
    "trueup help VERB tells more; --version says which this is; --debug shows where an error came from.",
  ].join("\n");
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

tierUpLate();
// Whoever reads a pipe may have enough, as `head` has: nobody is left to be told.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  color: process.stdout.isTTY === true && !process.env.NO_COLOR,
});
