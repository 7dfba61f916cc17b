import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodeCommitClient, CreateRepositoryCommand } from "@aws-sdk/client-codecommit";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { codecommit } from "../../src/sandbox/codecommit/codecommit.ts";
import { createDriver, type Handler } from "../../src/sandbox/driver.ts";
import { events as bus } from "../../src/sandbox/events/events.ts";
import { diskGit } from "../../src/sandbox/git/disk.ts";
import { addRole } from "../../src/sandbox/iam/roles.ts";
import { lambda } from "../../src/sandbox/lambda/lambda.ts";
import { asyncDefaults, workOf } from "../../src/sandbox/lambda/work.ts";
import { openPersistence } from "../../src/sandbox/persistence.ts";
import { type SandboxServer, startServer } from "../../src/sandbox/server.ts";
import { ssm } from "../../src/sandbox/ssm/ssm.ts";
import { sts } from "../../src/sandbox/sts.ts";
import { type BusEvent, type Service, World } from "../../src/sandbox/world.ts";

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 });

let directory: string;
let events: BusEvent[];
let servers: SandboxServer[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "trueup-server-"));
  events = [];
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Extra {
  readonly services?: readonly Service[];
  readonly handlers?: Readonly<Record<string, Handler>>;
  readonly port?: number;
  readonly onChange?: () => void;
  readonly onError?: (error: unknown) => void;
}

async function serve({ handlers = {}, port = 0, services = [], ...told }: Extra = {}) {
  const world = new World({
    services: [codecommit, lambda, ssm, sts, ...services],
    git: diskGit(join(directory, "git")),
    start: Date.now(),
    seed: 1,
    onEvent: (event) => events.push(event),
  });
  const driver = () => createDriver(world, handlers, { concurrent: true });
  const server = await startServer({ world, driver, port, ...told });
  servers.push(server);
  return { world, ...server };
}

const as = (url: string, accessKeyId = "test", region = "eu-west-1") => ({
  endpoint: url,
  region,
  credentials: { accessKeyId, secretAccessKey: "test" },
  maxAttempts: 1,
});

const put = (url: string, Value: string) =>
  new SSMClient(as(url)).send(
    new PutParameterCommand({ Name: "/a", Value, Type: "String", Overwrite: true }),
  );

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
};

/** `fetch` does not let one choose these headers. */
const statusOf = (port: number, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, headers, method: "POST" }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject).end();
  });

describe("the server", () => {
  test("takes the account from the access key and the region from the signature", async () => {
    const { url } = await serve();
    const arnOf = async (key: string) =>
      (await new STSClient(as(url, key)).send(new GetCallerIdentityCommand({}))).Arn;
    expect(await arnOf("test")).toBe("arn:aws:iam::123456789012:user/test");
    expect(await arnOf("210987654321")).toBe("arn:aws:iam::210987654321:root");

    await put(url, "here");
    const elsewhere = new SSMClient(as(url, "test", "eu-west-2"));
    const read = elsewhere.send(new GetParameterCommand({ Name: "/a" }));
    await expect(read).rejects.toThrow("couldn't be found");
  });

  test("knows the keys that AssumeRole hands out", async () => {
    const { url, world } = await serve();
    const RoleArn = "arn:aws:iam::210987654321:role/deployer";
    const everybody = { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" };
    addRole(world, RoleArn, { Statement: [everybody] });
    const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: "me" });
    const { Credentials } = await new STSClient(as(url)).send(command);
    const held = new STSClient(as(url, Credentials?.AccessKeyId));
    const { Arn } = await held.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe("arn:aws:sts::210987654321:assumed-role/deployer/me");
  });

  test("refuses web pages, whatever name they call it by", async () => {
    const { port } = await serve();
    const host = `127.0.0.1:${port}`;
    const authorization = "Credential=test/20260102/eu-west-1/kms/aws4_request";
    const status = (headers: Record<string, string>) =>
      statusOf(port, { authorization, ...headers });
    expect(await status({ host, origin: "https://example.com" })).toBe(403);
    expect(await status({ host: `example.com:${port}` })).toBe(403);
    expect(await status({ host: `127.0.0.1.example.com:${port}` })).toBe(403);
    expect(await status({ host })).toBe(501);
    expect(await status({ host: `localhost:${port}` })).toBe(501);
  });

  test("says which port to take if its own is taken", async () => {
    const { port } = await serve();
    await expect(serve({ port })).rejects.toThrow(`--port ${port + 1}`);
  });
});

describe("the server, when something is wrong", () => {
  test("answers for its own faults, and tells of them", async () => {
    const faults: unknown[] = [];
    const broken: Service = {
      name: "ecs",
      operations: {
        ListClusters: () => {
          throw new TypeError("oh");
        },
      },
    };
    const { port } = await serve({ services: [broken], onError: (error) => faults.push(error) });
    const status = await statusOf(port, {
      authorization: "Credential=test/20260102/eu-west-1/ecs/aws4_request",
      "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters",
    });
    expect(status).toBe(500);
    expect(faults).toMatchObject([{ message: "oh" }]);
  });

  test("answers also where what it changed could not be kept", async () => {
    const faults: unknown[] = [];
    const onChange = () => {
      throw new Error("disk full");
    };
    const { url } = await serve({ onChange, onError: (error) => faults.push(error) });
    await expect(put(url, "a")).rejects.toMatchObject({ name: "InternalFailure" });
    expect(faults).toMatchObject([{ message: "disk full" }]);
  });

  test("refuses operations and services that only sound like some", async () => {
    const { port } = await serve({ services: [bus] });
    for (const [service, operation] of [
      ["constructor", "X.Get"],
      ["events", "AWSEvents.Deliver"],
      ["ssm", "AmazonSSM.constructor"],
    ]) {
      const authorization = `Credential=test/20260102/eu-west-1/${service}/aws4_request`;
      const headers = { authorization, "x-amz-target": operation ?? "" };
      expect(await statusOf(port, headers)).toBe(501);
    }
  });
});

describe("the server, by itself", () => {
  test("carries out what is due, without being asked", async () => {
    const done: unknown[] = [];
    const timed: Service = {
      name: "timed",
      operations: {},
      tasks: { Ring: (data) => void done.push(data) },
    };
    let changes = 0;
    const onChange = () => {
      changes += 1;
    };
    const { world } = await serve({ services: [timed], onChange });
    world.later(50, "timed", "Ring", "now", { account: "1", region: "r" });
    await until(() => done.length > 0);
    expect(done).toEqual(["now"]);
    await until(() => changes > 0);
  });

  test("notices a push made with git", async () => {
    const { url } = await serve();
    const client = new CodeCommitClient(as(url));
    await client.send(new CreateRepositoryCommand({ repositoryName: "apps" }));
    const work = join(directory, "work");
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: directory, encoding: "utf8", stdio: "pipe" }).trim();
    git("clone", "-q", join(directory, "git", "apps.git"), "work");
    writeFileSync(join(work, "compose.yaml"), "services: {}\n");
    git("-C", work, "add", ".");
    const who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
    git("-C", work, ...who, "commit", "-q", "-m", "First");
    git("-C", work, "push", "-q", "origin", "HEAD:trunk");
    await until(() => events.length > 0);
    expect(events.map(({ detail }) => detail)).toMatchObject([
      {
        callerUserArn: "arn:aws:iam::123456789012:root",
        event: "referenceCreated",
        referenceFullName: "refs/heads/trunk",
        commitId: git("-C", work, "rev-parse", "HEAD"),
      },
    ]);
    // The first branch becomes the default one, also for whoever clones next.
    const bare = join(directory, "git", "apps.git");
    expect(git("--git-dir", bare, "symbolic-ref", "HEAD")).toBe("refs/heads/trunk");
  });
});

describe("a synchronous invocation", () => {
  const invoke = (url: string, name: string, body: string, more: Record<string, string> = {}) =>
    fetch(`${url}/2015-03-31/functions/${name}/invocations`, {
      method: "POST",
      headers: {
        authorization: "Credential=test/20260102/eu-west-1/lambda/aws4_request",
        ...more,
      },
      body,
    });

  const install = (world: World, name: string) => {
    const arn = `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
    const settings = { role: "", runtime: "nodejs24.x", handler: "", description: "" };
    const numbers = { memory: 128, timeout: 3, modified: 0 };
    const rest = { environment: {}, async: asyncDefaults };
    workOf(world).functions[arn] = { name, arn, ...settings, ...numbers, ...rest };
  };

  test("runs the function, which may call the server, and gives its answer", async () => {
    const echo: Handler = async (event) => {
      await put(url, "from inside");
      return { event };
    };
    const { url, world } = await serve({ handlers: { echo } });
    install(world, "echo");
    const answer = await invoke(url, "echo", '{"a":1}');
    expect([answer.status, await answer.json()]).toEqual([200, { event: { a: 1 } }]);
    expect(answer.headers.get("x-amz-executed-version")).toBe("$LATEST");
    const read = new GetParameterCommand({ Name: "/a" });
    const { Parameter } = await new SSMClient(as(url)).send(read);
    expect(Parameter?.Value).toBe("from inside");
  });

  test("tells of a function's error in a header", async () => {
    const fail: Handler = () => Promise.reject(new RangeError("no"));
    const { url, world } = await serve({ handlers: { fail } });
    install(world, "fail");
    const answer = await invoke(url, "fail", "");
    expect([answer.status, answer.headers.get("x-amz-function-error")]).toEqual([200, "Unhandled"]);
    expect(await answer.json()).toMatchObject({ errorType: "RangeError", errorMessage: "no" });
    const arn = "arn:aws:lambda:eu-west-1:123456789012:function:fail";
    expect((await invoke(url, encodeURIComponent(arn), "")).status).toBe(200);
    expect((await invoke(url, "nobody", "")).status).toBe(404);
    expect((await invoke(url, "fail", "", { "x-amz-log-type": "Tail" })).status).toBe(501);
    expect((await invoke(url, "fail", "{")).status).toBe(400);
  });
});

describe("what is kept", () => {
  test("is on disk before the answer to the call that changed it", async () => {
    const kept = openPersistence(directory);
    const { url, world } = await serve({ onChange: () => kept.save(world.snapshot()) });
    await put(url, "saved");
    expect(readFileSync(join(directory, "state.json"), "utf8")).toContain('"saved"');

    const next = await serve();
    const snapshot = kept.load();
    if (snapshot !== undefined) next.world.restore(snapshot);
    const read = new GetParameterCommand({ Name: "/a" });
    const { Parameter } = await new SSMClient(as(next.url)).send(read);
    expect(Parameter?.Value).toBe("saved");
    kept.release();
  });

  test("is one process's, until it releases it or dies", () => {
    const dead = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" });
    writeFileSync(join(directory, "lock"), dead);
    const kept = openPersistence(directory);
    expect(readFileSync(join(directory, "lock"), "utf8")).toBe(String(process.pid));
    kept.release();

    writeFileSync(join(directory, "lock"), String(process.ppid));
    expect(() => openPersistence(directory)).toThrow(`in use by process ${process.ppid}`);
  });

  test("is nothing at first, and refused if another version wrote it", () => {
    const kept = openPersistence(directory);
    expect(kept.load()).toBeUndefined();
    writeFileSync(join(directory, "state.json"), '{"v":0}');
    expect(() => kept.load()).toThrow("another version");
    kept.release();
  });
});
