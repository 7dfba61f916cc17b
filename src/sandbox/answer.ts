import { randomUUID } from "node:crypto";
import { principalOf } from "./callers.ts";
import { repositories } from "./codecommit/repository.ts";
import type { Driver } from "./driver.ts";
import { refuseOthers } from "./inputs.ts";
import { functionOf, payloadOf, spoken } from "./lambda/lambda.ts";
import { type Credential, credentialOf } from "./wire/credential.ts";
import { git, gitCredentialOf, repositoryIn } from "./wire/git.ts";
import type { Decoded, Protocol, Reply, Request } from "./wire/protocol.ts";
import { protocols } from "./wire/protocols.ts";
import { AwsError, notEmulated, type Principal, type World } from "./world.ts";

export interface Answering {
  readonly world: World;
  readonly driver: Driver;
  /** Told after a call that may have changed something, before its answer goes out. */
  readonly changed: () => void;
  readonly onError: (error: unknown) => void;
}

/** Answers one request of an SDK: which service, who calls, what is asked, and how to say it. */
export async function answer(request: Request, answering: Answering): Promise<Reply> {
  const requestId = randomUUID();
  const { credential, protocol } = spokenBy(request, answering.world);
  const reply = await attempt(request, { answering, credential, protocol, requestId });
  const id = credential?.service === "s3" ? "x-amz-request-id" : "x-amzn-requestid";
  return { ...reply, headers: { [id]: requestId, ...reply.headers } };
}

/** Who calls, and how. A request to the git server names no region: its host would. */
function spokenBy(request: Request, world: World): Pick<Attempt, "credential" | "protocol"> {
  const repository = repositoryIn(request);
  if (repository !== undefined) {
    const { region = "" } = repositories(world)[repository] ?? {};
    return { credential: gitCredentialOf(request, region), protocol: git };
  }
  const credential = credentialOf(request);
  const service = credential?.service ?? "";
  const protocol = (Object.hasOwn(protocols, service) && protocols[service]) || unknownService;
  return { credential, protocol };
}

interface Attempt {
  readonly answering: Answering;
  readonly credential: Credential | undefined;
  readonly protocol: Protocol;
  readonly requestId: string;
}

async function attempt(request: Request, details: Attempt): Promise<Reply> {
  const { answering, credential, protocol, requestId } = details;
  try {
    const principal = principalOf(answering.world, credential);
    const decoded = protocol.decode(request);
    if (!/^[A-Z]\w*$/.test(decoded.operation)) throw notEmulated(decoded.operation);
    const output = await outputOf(
      decoded,
      { ...principal, service: credential?.service ?? "" },
      answering,
    );
    if (!isRead(decoded.operation)) answering.changed();
    return protocol.encode(decoded, output, requestId);
  } catch (error) {
    if (error instanceof AwsError) return protocol.refuse(error, request, requestId);
    answering.onError(error);
    const message = error instanceof Error ? error.message : String(error);
    return protocol.refuse(new AwsError("InternalFailure", message, 500), request, requestId);
  }
}

async function outputOf(
  { input, operation }: Decoded,
  caller: Principal & { readonly service: string },
  { driver, world }: Answering,
): Promise<unknown> {
  const { InvocationType = "RequestResponse" } = input;
  const isInvocation = caller.service === "lambda" && operation === "Invoke";
  if (!isInvocation || InvocationType !== "RequestResponse") {
    return world.call(`${caller.service}:${operation}`, input, caller);
  }
  // A state machine cannot wait for code; the driver can.
  refuseOthers(input, invocationMembers);
  const { FunctionName, Payload, Qualifier } = input as {
    readonly FunctionName: string;
    readonly Payload?: Uint8Array;
    readonly Qualifier?: string;
  };
  const context = { world, ...caller, principal: caller.arn };
  const found = functionOf({ FunctionName, ...(Qualifier && { Qualifier }) }, context);
  const answer = spoken(found);
  if (answer !== undefined) return answer;
  const { functionError, payload } = await driver.invoke(found.arn, payloadOf(Payload));
  return {
    StatusCode: 200,
    FunctionError: functionError,
    ExecutedVersion: "$LATEST",
    Payload: JSON.stringify(payload),
  };
}

const invocationMembers = new Set(["FunctionName", "InvocationType", "Payload", "Qualifier"]);

const isRead = (operation: string): boolean =>
  /^(?:BatchGet|Describe|Estimate|Get|GitPull$|Head|List|Validate)/.test(operation);

const unknownService: Protocol = {
  decode: (request) => {
    throw notEmulated(`the service ${credentialOf(request)?.service}`);
  },
  encode: () => ({ status: 200, headers: {}, body: "" }),
  refuse: ({ code, message, status }) => ({
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": code },
    body: JSON.stringify({ __type: code, message }),
  }),
};
