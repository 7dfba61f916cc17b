import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Caller, kindOf, type Operation } from "../aws/call.ts";
import { installationFrom } from "../aws/installation.ts";
import { awsPorts } from "../aws/ports.ts";
import { sdkCaller } from "../aws/sdk.ts";
import { functions } from "../functions.ts";
import type { Log } from "../ports/ports.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox/sandbox.ts";

/** How often each kind of call was made, by the controller alone. */
export type Tally = Record<ReturnType<typeof kindOf>, number>;

export interface LocalAws extends Sandbox {
  /** Of all calls since the start. */
  readonly tally: Readonly<Tally>;
  /** What the shell has to be told to talk to it. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface LocalOptions
  extends Pick<SandboxOptions, "directory" | "onEvent" | "port" | "setUp"> {
  readonly log: Log;
  /** Other accounts that are deployed to. */
  readonly accounts?: readonly string[];
  /** Told of every call of the controller, before it is made. */
  readonly onCall?: (operation: Operation, input: object) => void;
}

/** The product's own functions on the sandbox, through the SDK's own clients. */
export async function startLocalAws(options: LocalOptions): Promise<LocalAws> {
  const { accounts = [], log, onCall, ...others } = options;
  const tally: Tally = { read: 0, bookkeeping: 0, mutating: 0 };
  const counted =
    (caller: Caller): Caller =>
    (identity) => {
      const call = caller(identity);
      return (operation, input) => {
        tally[kindOf(operation)] += 1;
        onCall?.(operation, input);
        return call(operation, input);
      };
    };
  const sandbox = await startSandbox({
    ...others,
    tempo: demoTempo,
    parameters: { TargetAccounts: accounts.join(",") },
    template: readFileSync(fileURLToPath(new URL("../../template.yaml", import.meta.url)), "utf8"),
    onError: (error) => log("sandbox failed", { error: String(error) }),
    onFailure: (name, error) => log("function failed", { function: name, error: String(error) }),
    handlers: (url, installed) => {
      const handlers = installed.map(({ environment, handler, name }) => {
        const variables: Readonly<Record<string, string>> = {
          ...environment,
          AWS_REGION: region,
          AWS_ENDPOINT_URL: url,
        };
        const installation = installationFrom(variables, build);
        const credentials = {
          accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
          secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
        };
        const caller = counted(sdkCaller({ ...installation, credentials }));
        const made = functions(awsPorts(caller, installation, log));
        const code = made[handler.split(".")[1] as keyof typeof made];
        return [name, code as SandboxHandler];
      });
      return Object.fromEntries(handlers);
    },
  });
  return { ...sandbox, tally, environment: environmentOf(sandbox) };
}

type SandboxHandler = ReturnType<SandboxOptions["handlers"]>[string];

export const region = "eu-west-1";

/** Whoever sits at the machine. */
const person = { accessKeyId: "test", secretAccessKey: "test" };

/** A checkout is edited between two starts. */
const build = randomUUID();

/** Minutes on AWS are seconds here. */
const demoTempo = 0.02;

/** What `trueup dev env` prints. */
const environmentOf = ({ url }: { readonly url: string }) => ({
  AWS_ACCESS_KEY_ID: person.accessKeyId,
  AWS_SECRET_ACCESS_KEY: person.secretAccessKey,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ENDPOINT_URL: url,
});
