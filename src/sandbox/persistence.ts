import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Snapshot } from "./world.ts";

/** Where a world is kept between two lives of its server. */
export interface Persistence {
  /** What was saved last; undefined: nothing ever. */
  load(): Snapshot | undefined;
  /** Complete or not at all, also when the process dies meanwhile. */
  save(snapshot: Snapshot): void;
  /** Lets another process have the directory. */
  release(): void;
}

const version = 1;

/** Takes a directory for this process alone. */
export function openPersistence(directory: string): Persistence {
  mkdirSync(directory, { recursive: true });
  const lock = join(directory, "lock");
  const file = join(directory, "state.json");
  const temporary = `${file}.tmp`;
  takeLock(lock, directory);
  return {
    load: () => {
      const text = textOf(file);
      if (text === undefined) return undefined;
      const { v, ...snapshot } = JSON.parse(text) as Snapshot & { readonly v: number };
      if (v !== version) throw new Error(`${file} is of another version of the sandbox (${v})`);
      return snapshot;
    },
    save: (snapshot) => {
      writeFileSync(temporary, JSON.stringify({ v: version, ...snapshot }));
      renameSync(temporary, file);
    },
    release: () => rmSync(lock, { force: true }),
  };
}

function takeLock(lock: string, directory: string): void {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = Number(textOf(lock));
    if (isAlive(holder)) {
      throw new Error(
        `${directory} is in use by process ${holder}; stop it or choose another --dir`,
      );
    }
    rmSync(lock, { force: true });
    takeLock(lock, directory);
  }
}

/** A signal 0 only asks. A process that may not be signalled is alive all the same. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
