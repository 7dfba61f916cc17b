import { configuredRegion, deskTable } from "../aws/desk-sdk.ts";
import { type Installed, installedBy } from "../aws/installed.ts";
import { type People, peopleOf } from "../aws/people.ts";
import { awsPorts } from "../aws/ports.ts";
import { sdkCaller } from "../aws/sdk.ts";
import type { Log, Ports } from "../ports/ports.ts";
import type { Io } from "./verb.ts";

/** AWS as the caller's own credentials see it. */
export interface Connection {
  readonly ports: Ports;
  readonly people: People;
  /** What the controller was installed as. */
  readonly installed: Installed;
  /** Where its bucket is, and what its names begin with. */
  readonly where: { readonly bucket: string; readonly prefix: string };
}

/** Connects as the `aws` command would, and says on standard error to what. */
export async function connect(io: Io, log: Log = () => undefined): Promise<Connection> {
  const region =
    io.env.AWS_REGION || io.env.AWS_DEFAULT_REGION || (await configuredRegion()) || "eu-west-1";
  const endpoint = io.env.AWS_ENDPOINT_URL || undefined;
  const options = {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...credentialsOf(io),
  };
  const caller = sdkCaller(options, deskTable);
  const call = caller({ region });
  const { Account: account = "" } = await call("sts:GetCallerIdentity", {});
  io.err(`${account} · ${region} · ${endpoint ?? "AWS"}`);

  const prefix = io.env.TRUEUP_PREFIX ?? "trueup";
  const cloudFormationRole = io.env.TRUEUP_CLOUDFORMATION_ROLE;
  const installation = {
    region,
    prefix,
    code: "",
    bucket: io.env.TRUEUP_BUCKET ?? `${prefix}-${account}-${region}`,
    // What only the controller itself uses: a person's command queues and schedules nothing.
    queueUrl: "",
    scheduleGroup: "",
    signalFunctionArn: "",
    janitorFunctionArn: "",
    schedulerRoleArn: "",
    ...(cloudFormationRole === undefined ? {} : { cloudFormationRole }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  return {
    ports: awsPorts(caller, installation, log),
    people: peopleOf(call, installation.bucket),
    installed: installedBy(call),
    where: { bucket: installation.bucket, prefix },
  };
}

/** Keys that the environment names; else the SDK looks where it always does. */
function credentialsOf({ env }: Io) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return {};
  return {
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    },
  };
}
