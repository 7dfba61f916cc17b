import type { Data } from "../../compose/project.ts";
import { untaken } from "../left-over.ts";
import { isMapping } from "../read.ts";
import type { Path, Report } from "../report.ts";
import { referenceIn } from "../values.ts";
import type { Member } from "./family.ts";

/** Keys whose text is what it says: Trueup has to know it, or CloudFormation takes it only so. */
const ofContainers = ["configs", "secrets", "sysctls", "tmpfs", "user", "volumes"] as const;

/** The same of what only containers on instances have. */
export const ofInstances = ["dns", "dns_search", "extra_hosts", "hostname"] as const;

const answering = [
  "command",
  "entrypoint",
  "environment",
  "healthcheck.test",
  "image",
  "labels",
  "logging.options",
  "working_dir",
];

/** Refuses references where nothing would take their place. */
export function refuseReferences(
  { service, path }: Member,
  report: Report,
  keys: readonly (typeof ofContainers | typeof ofInstances)[number][] = ofContainers,
): void {
  for (const key of keys) {
    const data = service[key];
    if (data !== undefined && mayRefer(data)) refuseIn(data, [...path, key], report);
  }
}

/** Most refer to nothing: then no places are worked out. */
function mayRefer(data: Data): boolean {
  if (typeof data === "string") return data.includes("::");
  if (typeof data !== "object" || data === null) return false;
  const items = data as Readonly<Record<string, Data>>;
  for (const key in items) if (mayRefer(items[key] as Data)) return true;
  return false;
}

function refuseIn(data: Data, path: Path, report: Report): void {
  if (typeof data === "string") {
    const reference = referenceIn(data);
    if (reference === undefined) return;
    const message = untaken(reference);
    const help = `What takes references: ${answering.join(", ")}.`;
    report.error({ code: "cannot-honour", path, message, help });
  } else if (Array.isArray(data))
    data.forEach((item: Data, index) => {
      refuseIn(item, [...path, index], report);
    });
  else if (isMapping(data))
    for (const [key, item] of Object.entries(data)) refuseIn(item, [...path, key], report);
}
