import { nearestToLimit } from "../link/limits.ts";
import type { Bundle } from "../model/bundle.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { TerminalError } from "../model/errors.ts";
import { checkVerify } from "./check-verify.ts";
import { type Finding, failuresFrom } from "./findings.ts";
import { offline } from "./offline-lookups.ts";
import { whereOf } from "./render.ts";
import { UsageError } from "./usage.ts";
import type { Io } from "./verb.ts";
import { renderWorkingCopy } from "./working-copy.ts";

/** One environment of a working copy, to be looked at. */
export interface Checked {
  /** Undefined: plain compose files have none. */
  readonly environment: string | undefined;
  /** Given by `-f`. */
  readonly files: readonly string[];
  readonly io: Io;
}

/** What the files themselves say is looked at under this name. */
export const filesCheck = "files";

/**
 * All that can be told of an environment by its files: that they load, compile and link, with stand-ins
 * for what AWS would answer, and how near they come to CloudFormation's limits.
 */
export async function checkFiles({ environment, files, io }: Checked): Promise<{
  readonly findings: readonly Finding[];
  readonly warnings: readonly Diagnostic[];
}> {
  const about = environment ?? "local";
  const quiet = { ...io, err: () => undefined };
  try {
    const rendered = await renderWorkingCopy({
      ...whereOf(io),
      directory: io.cwd,
      environment,
      files,
      ...offline("placeholder", quiet),
    });
    const findings = [...compiled(about, rendered.bundle), ...checkVerify(about, rendered)];
    return { findings, warnings: rendered.warnings };
  } catch (error) {
    return wrongFiles(about, error);
  }
}

function compiled(about: string, { stacks }: Bundle): readonly Finding[] {
  const resources = stacks.flatMap(({ template }) => Object.keys(template.Resources));
  const message = `${stacks.length} stacks with ${resources.length} resources`;
  const nearest = nearestToLimit(stacks);
  const ok = { outcome: "ok", about } as const;
  return [
    { ...ok, check: filesCheck, message },
    ...(nearest === undefined
      ? []
      : [
          {
            ...ok,
            check: "sizes",
            message: `at most ${nearest.used} of ${nearest.most} ${nearest.of} in a stack, in ${nearest.unit}`,
          },
        ]),
  ];
}

/** What is wrong with files, by what was thrown because of it; any other error is thrown again. */
export function wrongFiles(
  about: string,
  error: unknown,
): { readonly findings: readonly Finding[]; readonly warnings: readonly Diagnostic[] } {
  const whose = { about, check: filesCheck };
  if (error instanceof TerminalError && error.diagnostics.length > 0) {
    const warnings = error.diagnostics.filter(({ severity }) => severity === "warning");
    return { findings: failuresFrom(whose, error.diagnostics), warnings };
  }
  if (!(error instanceof TerminalError || error instanceof UsageError)) throw error;
  return {
    findings: [{ ...whose, outcome: "failed", message: error.message } as const],
    warnings: [],
  };
}
