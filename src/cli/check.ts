import type { Application } from "../application/application.ts";
import { type Diagnostic, renderDiagnostic } from "../model/diagnostic.ts";
import { own } from "../model/own.ts";
import { checkInAws } from "./check-aws.ts";
import { checkFiles, filesCheck } from "./check-files.ts";
import { checkPolicies } from "./check-policies.ts";
import { type Connection, connect } from "./connection.ts";
import { type Finding, hasFailed, printable, renderFinding } from "./findings.ts";
import { nothingHere } from "./nothing-here.ts";
import { readArguments, UsageError } from "./usage.ts";
import type { ExitStatus, Io, Verb } from "./verb.ts";
import { readLocalApplication } from "./working-copy.ts";

/** Looks at a working copy for what would fail once it is pushed. It changes nothing. */
export const check: Verb = {
  name: "check",
  summary: "look for what would fail once it is pushed",
  usage: "trueup check [-f FILE]… [--environment E] [--offline] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      environment: { type: "string" },
      file: { type: "string", short: "f", multiple: true },
      json: { type: "boolean" },
      offline: { type: "boolean" },
    });
    if (positionals.length > 0) throw new UsageError("check looks at what lies here: say -f FILE.");
    const { environment, file: files = [], json = false, offline = false } = values;
    const read = files.length > 0 ? undefined : readLocalApplication(io.cwd);
    if (files.length === 0 && read === undefined) throw nothingHere(io.cwd);
    const names = read === undefined ? [environment] : chosen(read.application, environment);
    const world = offline ? "--offline says so" : await connected(io);
    const looked = await lookAtAll(names, { files, io, read, world });
    if (json) io.out(JSON.stringify(document(looked)));
    else show(looked, io);
    return statusOf(looked.findings);
  },
};

interface Copy {
  readonly files: readonly string[];
  readonly io: Io;
  /** `trueup.yaml`; undefined: plain compose files. */
  readonly read: ReturnType<typeof readLocalApplication>;
  /** AWS, or why nothing is asked there. */
  readonly world: Connection | string;
}

interface Looked {
  /** Why nothing was looked at in AWS; undefined: it was. */
  readonly leftOut: string | undefined;
  readonly findings: readonly Finding[];
  /** Each once, whichever environments it concerns. */
  readonly warnings: readonly Diagnostic[];
}

async function lookAtAll(
  environments: readonly (string | undefined)[],
  { files, io, read, world }: Copy,
): Promise<Looked> {
  const connection = typeof world === "string" ? undefined : world;
  const findings: Finding[] = [];
  const warnings = [...(read?.warnings ?? [])];
  for (const environment of environments) {
    const checked = { environment, files, io };
    const looked = await checkFiles(checked);
    findings.push(...looked.findings);
    warnings.push(...looked.warnings);
    if (connection !== undefined && !looked.findings.some(hasFailed))
      findings.push(...(await checkInAws({ ...checked, connection, read })));
  }
  const isWrong = findings.some((one) => hasFailed(one) && one.check === filesCheck);
  if (read !== undefined && !isWrong) {
    const which = { directory: io.cwd, environments: environments.flatMap((name) => name ?? []) };
    findings.push(...checkPolicies(read.application, which));
  }
  const distinct = new Map(warnings.map((one) => [renderDiagnostic(one), one]));
  const leftOut = typeof world === "string" ? world : undefined;
  return { leftOut, findings, warnings: [...distinct.values()] };
}

function show({ findings, leftOut, warnings }: Looked, io: Io): void {
  for (const warning of warnings) io.err(renderDiagnostic(warning));
  for (const finding of findings) io.out(renderFinding(finding, io));
  if (leftOut !== undefined) io.err(`Nothing was looked at in AWS: ${leftOut}.`);
}

/** As `--json` prints it: every key is there. */
const document = ({ findings, leftOut, warnings }: Looked) => ({
  leftOut: leftOut ?? null,
  findings: findings.map(printable),
  warnings: warnings.map(({ code: _, severity: __, ...shown }) => shown),
});

/** Files that are wrong come before all that would go wrong with them. */
function statusOf(findings: readonly Finding[]): ExitStatus {
  const failed = findings.filter(hasFailed);
  if (failed.some((finding) => finding.check === filesCheck)) return 2;
  return failed.length > 0 ? 1 : 0;
}

function chosen({ environments, name }: Application, wanted: string | undefined) {
  const names = Object.keys(environments);
  if (wanted === undefined) return names;
  if (own(environments, wanted) !== undefined) return [wanted];
  throw new UsageError(`${name} has ${names.join(", ")}, and no ${wanted}.`);
}

/** AWS, or why nothing is asked there. */
async function connected(io: Io): Promise<Connection | string> {
  try {
    return await connect(io);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "CredentialsProviderError") throw error;
    return "there are no credentials, set AWS_PROFILE";
  }
}
