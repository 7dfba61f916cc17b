import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Bundle, DesiredStack } from "../model/bundle.ts";
import type { Template } from "../model/template.ts";
import { checkedOut, localRevision } from "./checked-out.ts";
import { isRecord } from "./offline-lookups.ts";
import { UsageError } from "./usage.ts";
import { renderWorkingCopy, type Wanted, type WorkingCopy } from "./working-copy.ts";

/** What the files of a revision of the repository here come to. Throws a UsageError where there is none. */
export async function renderRevision(name: string, wanted: Wanted): Promise<WorkingCopy> {
  const revision = localRevision(name, wanted.directory);
  if (revision === undefined) throw new UsageError(`The repository here has no revision ${name}.`);
  return checkedOut(revision, (directory) => renderWorkingCopy({ ...wanted, directory }));
}

/** What a plan is to start from: what `trueup render -o DIR` wrote, or a revision of the repository here. */
export async function baseOf(name: string, wanted: Wanted): Promise<Bundle> {
  const directory = resolve(wanted.directory, name);
  if (existsSync(join(directory, "stacks.json"))) return renderedIn(directory, name);
  if (localRevision(name, wanted.directory) !== undefined)
    return (await renderRevision(name, wanted)).bundle;
  throw new UsageError(
    `--against is "deployed", a directory that trueup render -o wrote, or a revision of the repository here, and "${name}" is none of them.`,
  );
}

/** A stack as `stacks.json` has it: see schemas/stacks.schema.json. */
type Listed = Omit<DesiredStack, "origins" | "template"> & { readonly template: string };

function renderedIn(directory: string, shown: string): Bundle {
  const listed = parsed(join(directory, "stacks.json"), shown);
  if (!isRendered(listed))
    throw new UsageError(`${shown}/stacks.json is not what trueup render -o writes.`);
  const stacks = listed.stacks.map((stack) => ({
    ...stack,
    template: parsed(join(directory, stack.template), shown) as Template,
    origins: {},
  }));
  return { ...listed, stacks };
}

const isRendered = (
  listed: unknown,
): listed is Omit<Bundle, "stacks"> & { readonly stacks: readonly Listed[] } =>
  isRecord(listed) &&
  isRecord(listed.target) &&
  Array.isArray(listed.stacks) &&
  listed.stacks.every(isListed);

const isListed = (stack: unknown): boolean =>
  isRecord(stack) &&
  [stack.name, stack.unit, stack.template].every((text) => typeof text === "string") &&
  [stack.parameters, stack.tags].every(isRecord) &&
  [stack.capabilities, stack.dependsOn].every(Array.isArray);

function parsed(file: string, shown: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${shown}: ${(error as Error).message}`);
  }
}
