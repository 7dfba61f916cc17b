import type { Value } from "../../../model/template.ts";
import type { Report } from "../../report.ts";
import type { Definition } from "../x-resource.ts";

/** What is this compiler's to say: how to get in, and where it is. */
export const overruled: ReadonlyMap<string, string> = new Map([
  ["DBSubnetGroupName", "Settings.Subnets says where the database is"],
  ["ManageMasterUserPassword", "the secret with the credentials is made beside the database"],
  ["MasterUserPassword", "Secrets Manager makes the password"],
]);

/** What makes it a copy that follows another database. */
const sources = ["ReplicationSourceIdentifier", "SourceDBInstanceIdentifier"];

/** Says of `Properties` what a database with credentials of its own cannot have. */
export function checkProperties(definition: Definition, report: Report): void {
  checkOverruled(definition, report);
  checkUser(definition, report);
  refuseReplica(definition, report);
}

function checkOverruled({ path, properties }: Definition, report: Report): void {
  for (const [key, reason] of overruled) {
    if (properties[key] === undefined) continue;
    const message = `${key} is not used: ${reason}`;
    report.warn({ code: "overruled", path: [...path, "Properties", key], message });
  }
}

/** Its secret is made with it, and what CloudFormation alone knows cannot be written there. */
function checkUser({ path, properties: { MasterUsername: given } }: Definition, report: Report) {
  if (given === undefined || (typeof given === "string" && given !== "")) return;
  report.error({
    code: "wrong-type",
    path: [...path, "Properties", "MasterUsername"],
    message:
      "the user of a database must be plain text: the secret with its credentials is made of it",
    help: "Write the name, or leave it out: it is dbadmin then.",
  });
}

/** The version a file says, wherever it does: without quotes 8.0 is the number 8 to YAML. */
export function versionOf(
  { path, properties }: Definition,
  { engine, version }: { readonly engine: string; readonly version?: string | undefined },
  report: Report,
): Value | undefined {
  const own = properties.EngineVersion;
  const said = own ?? version;
  if (!(engine.endsWith("mysql") && /^\d+$/.test(String(said)))) return said;
  report.warn({
    code: "no-such-version",
    path: [...path, own === undefined ? "MacroParameters" : "Properties", "EngineVersion"],
    message: `${engine} has no version ${String(said)}: ${String(said)}.0 is used`,
    help: `Write it in quotes, as "${String(said)}.0".`,
  });
  return `${String(said)}.0`;
}

/** RDS lets a replica have no user and no password: they are its source's. */
function refuseReplica({ path, properties }: Definition, report: Report): void {
  for (const key of sources.filter((one) => properties[one] !== undefined))
    report.error({
      code: "cannot-honour",
      path: [...path, "Properties", key],
      message:
        "a replica has the credentials of what it follows, and a secret made here is not theirs",
      help: "Make it elsewhere, and take it by Lookup, with the secret of its source.",
    });
}
