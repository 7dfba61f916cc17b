#!/usr/bin/env node
// Runs dist/ where it was built, else the source, on the Node that the project brings along.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const built = at("dist/cli/main.mjs");
const entry = existsSync(built) ? built : at("src/cli/main.ts");
const own = at("node_modules/node/bin/node");

if (Number(process.versions.node.split(".")[0]) >= 24 || !existsSync(own)) {
  process.argv[1] = entry;
  await import(entry);
} else {
  const child = spawn(own, [entry, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal interrupts both; who ends one process means the one that does the work.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (status, signal) => {
    if (signal === null) process.exitCode = status;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}
