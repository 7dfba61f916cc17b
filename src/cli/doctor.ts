import { isRefused } from "../model/refused.ts";
import { requestLeaves } from "../model/requests.ts";
import { unlessRefused } from "../refused.ts";
import { type Connection, connect } from "./connection.ts";
import { checkApplication } from "./doctor-applications.ts";
import { checkInstallation } from "./doctor-installation.ts";
import { mendServiceRoles } from "./doctor-service-roles.ts";
import { type Finding, hasFailed, printable, renderFinding } from "./findings.ts";
import { readArguments, readDuration, UsageError } from "./usage.ts";
import type { ExitStatus, Verb } from "./verb.ts";

/**
 * Looks whether an installation is well. It makes the roles of AWS's own services that are missing, and
 * changes nothing else.
 */
export const doctor: Verb = {
  name: "doctor",
  summary: "look whether the installation is well",
  usage: "trueup doctor [--dry-run] [--late 30m] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      "dry-run": { type: "boolean" },
      json: { type: "boolean" },
      late: { type: "string", default: "30m" },
    });
    if (positionals.length > 0) throw new UsageError("doctor looks at all there is: name nothing.");
    const patience = readDuration(values.late);
    const skipped: Finding[] = [];
    const connection = await connect(io, (message, { name, wrong }) => {
      if (message === "registration skipped") skipped.push(unreadable(String(name), String(wrong)));
      if (message === "parameter not read") skipped.push(unread(String(name)));
    });

    const findings: Finding[] = [...(await checkInstallation(connection))];
    const dryRun = values["dry-run"] === true;
    findings.push(...(await mendServiceRoles(connection.installed, { dryRun })));
    findings.push(...(await checkApplications(connection, patience)), ...skipped);
    if (values.json === true) io.out(JSON.stringify({ findings: findings.map(shown) }));
    else for (const finding of findings) io.out(renderFinding(finding, io));
    return statusOf(findings);
  },
};

const shown = (finding: Finding) => {
  const { at: _, ...rest } = printable(finding);
  return rest;
};

const unreadable = (name: string, wrong: string): Finding => ({
  outcome: "failed",
  check: "registration",
  about: name.split("/")[2] ?? name,
  message: `${name} ${wrong}`,
  help: "Write it anew: trueup register.",
});

const unread = (name: string): Finding => ({
  outcome: "failed",
  check: "parameter",
  about: name,
  message: "is read by nobody",
  help: `Delete it. What is read is called /trueup/APP/ENV/ and one of ${requestLeaves.join(", ")}.`,
});

async function checkApplications(
  { ports }: Connection,
  patience: number,
): Promise<readonly Finding[]> {
  const said = { check: "registrations", about: "/trueup/" } as const;
  const registered = await unlessRefused(() => ports.registrations.list());
  if (isRefused(registered)) return [{ ...said, outcome: "not seen", message: registered.refused }];
  const names = registered.map(({ application }) => application);
  const message = names.length === 0 ? "there are none yet" : `${names.join(", ")} can be read`;
  const found: Finding[] = [{ ...said, outcome: "ok", message }];
  for (const registration of registered)
    found.push(...(await checkApplication(registration, { patience, ports })));
  return found;
}

/** What has to be seen for anything to be said of an installation. */
const essential: ReadonlySet<string> = new Set(["bucket", "functions", "registrations"]);

/** 0: it is well; 1: something is not; 2: too little could be seen to tell. */
export function statusOf(findings: readonly Finding[]): ExitStatus {
  if (findings.some(hasFailed)) return 1;
  const isBlind = findings.some(
    ({ check, outcome }) => outcome === "not seen" && essential.has(check),
  );
  return isBlind ? 2 : 0;
}
