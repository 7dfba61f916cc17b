import { readFileSync } from "node:fs";
import type { Operation } from "../../src/aws/call.ts";

/** Packages whose name is not the service's signing name. */
const packages: Readonly<Record<string, string>> = {
  cloudcontrolapi: "cloudcontrol",
  tagging: "resource-groups-tagging-api",
};

/** The errors that the installed SDK declares for an operation: what its commands say they throw. */
export function declaredErrors(operation: Operation): readonly string[] {
  if (withoutCommand.has(operation)) return [];
  const [service = "", name = ""] = operation.split(":");
  const client = `client-${packages[service] ?? service}`;
  const path = `../../node_modules/@aws-sdk/${client}/dist-types/commands/${name}Command.d.ts`;
  const text = readFileSync(new URL(path, import.meta.url), "utf8");
  const names = [...text.matchAll(/@throws \{@link (\w+)\} \(/g)].map(([, error = ""]) => error);
  return [...new Set(names)];
}

/** Requests that no client of the SDK makes. */
const withoutCommand: ReadonlySet<Operation> = new Set(["codecommit:GitPull", "http:Get"]);

/** What any call can hear besides. */
export const anyErrors = [
  "ThrottlingException",
  "InternalFailure",
  "ServiceUnavailable",
  "ExpiredTokenException",
  "AccessDeniedException",
  "TimeoutError",
] as const;
