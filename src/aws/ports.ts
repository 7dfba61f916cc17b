import type { Target } from "../model/bundle.ts";
import { TerminalError } from "../model/errors.ts";
import { dnsSuffix } from "../model/partition.ts";
import type { Home, Log, Ports } from "../ports/ports.ts";
import { artifactsIn } from "./artifacts.ts";
import type { Call, Caller, Identity } from "./call.ts";
import { templatePath } from "./change-sets.ts";
import { checksOf } from "./checks/checks.ts";
import { clock } from "./clock.ts";
import { imagesOf } from "./images.ts";
import type { Installation } from "./installation.ts";
import { leasesIn } from "./leases.ts";
import { lookupsIn } from "./lookups.ts";
import { emptyMemory, type Memory } from "./memory.ts";
import { noticesOf } from "./notices.ts";
import { pullRequestsOf } from "./pull-requests.ts";
import { queueAt } from "./queue.ts";
import { quotasOf } from "./quotas.ts";
import { recordsIn } from "./records.ts";
import { registrationsOf } from "./registrations.ts";
import { remainsOf } from "./remains.ts";
import { requestsOf } from "./requests.ts";
import { secretsOf } from "./secrets.ts";
import { snapshotOf } from "./snapshot.ts";
import { sourcesOf } from "./sources.ts";
import { stacksOf, type Upload } from "./stacks.ts";
import { statusesOf } from "./statuses.ts";
import { storedIn } from "./stored.ts";
import { verdictsIn } from "./verdicts.ts";
import { wakeupsOf } from "./wakeups.ts";

/** All that the controller needs of the world, on AWS, through one narrow way. */
export function awsPorts(
  caller: Caller,
  installation: Installation,
  log: Log,
  memory: Memory = emptyMemory(),
): Ports {
  const { bucket, region } = installation;
  const call = caller({ region });
  const artifacts = artifactsIn(bucket, call);
  const home = once(() => homeOf(installation, call));
  const upload: Upload = async (body) => {
    await artifacts.put(templatePath(body), body);
    return urlOf(templatePath(body), installation);
  };
  const into = targetCalls(caller);
  return {
    artifacts,
    clock,
    home,
    images: imagesOf(caller),
    leases: leasesIn(bucket, call),
    log,
    notices: noticesOf(bucket, region, caller),
    queue: queueAt(installation.queueUrl, call),
    records: recordsIn(bucket, call),
    registrations: registrationsOf(call, log),
    requests: requestsOf(call),
    pullRequests: pullRequestsOf(call),
    sources: sourcesOf(call, memory),
    statuses: statusesOf(call, artifacts),
    stored: storedIn(call),
    verdicts: verdictsIn(bucket, call),
    wakeups: wakeupsOf(installation, call),

    checks: (target, session) => checksOf(into(target, session)),

    snapshot: () => awsPorts(snapshotOf(caller), installation, () => undefined, memory),

    lookups: (target, session) =>
      lookupsIn(target, ({ region = target.region, role }) =>
        role === undefined
          ? into({ ...target, region }, session)
          : caller({ region, role, ...(session === undefined ? {} : { session }) }),
      ),

    quotas: (target, session) => quotasOf(into(target, session)),

    secrets: (target, session) => secretsOf(into(target, session), target),

    remains: (target, session) => remainsOf(into(target, session)),

    stacks: (target, session) => stacksOf(into(target, session), upload),
  };
}

async function homeOf(installation: Installation, call: Call) {
  const { cloudFormationRole, code, permissionsBoundary, prefix, region } = installation;
  const home: Home = {
    account: await accountOf(call),
    region,
    prefix,
    code,
    ...(cloudFormationRole === undefined ? {} : { cloudFormationRole }),
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
  };
  return home;
}

async function accountOf(call: Call): Promise<string> {
  const { Account: account } = await call("sts:GetCallerIdentity", {});
  if (account === undefined) throw new Error("STS named no account.");
  return account;
}

/** Calls into targets, made only once the credentials are seen to be of the target's account. */
function targetCalls(caller: Caller): (target: Target, session: string | undefined) => Call {
  const accounts = new Map<string, () => Promise<string>>();
  return ({ account, externalId, region, role }, session) => {
    const identity: Identity = {
      region,
      ...(role === undefined ? {} : { role }),
      ...(externalId === undefined ? {} : { externalId }),
      ...(session === undefined ? {} : { session }),
    };
    const call = caller(identity);
    const key = JSON.stringify([role, externalId]);
    const actual = accounts.get(key) ?? once(() => accountOf(call));
    accounts.set(key, actual);
    return async (operation, input) => {
      if ((await actual()) !== account) {
        const whose = role ?? "the controller's own role";
        const message = `The target is account ${account}, but ${whose} is of ${await actual()}.`;
        throw new TerminalError("WrongAccount", message);
      }
      return call(operation, input);
    };
  };
}

/** Asked once; a failure is not kept. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}

/** Where CloudFormation fetches an object of the bucket, with the credentials of whoever deploys. */
const urlOf = (path: string, { bucket, endpoint, region }: Installation): string =>
  endpoint === undefined
    ? `https://${bucket}.s3.${region}.${dnsSuffix(region)}/${path}`
    : `${endpoint.replace(/\/$/, "")}/${bucket}/${path}`;
