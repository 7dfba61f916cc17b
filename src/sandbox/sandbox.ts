import { join } from "node:path";
import { createDriver, type Driver, type DriverOptions, type Handler } from "./driver.ts";
import { diskGit } from "./git/disk.ts";
import { type InstallOptions, install } from "./install.ts";
import { type LambdaFunction, workOf } from "./lambda/work.ts";
import { openPersistence, type Persistence } from "./persistence.ts";
import { startServer } from "./server.ts";
import { services } from "./services.ts";
import { addAccessKey } from "./sts.ts";
import { World, type WorldOptions } from "./world.ts";

export interface SandboxOptions
  extends Pick<WorldOptions, "onCall" | "onEvent" | "tempo">,
    Pick<DriverOptions, "onFailure"> {
  /** Where everything is kept: the state, and a bare git repository for each of CodeCommit's. */
  readonly directory: string;
  /** 0: any that is free. */
  readonly port: number;
  /** The text of the SAM template whose functions, queues and rules it runs. */
  readonly template: string;
  /** Values for its parameters, beside their defaults. */
  readonly parameters?: InstallOptions["parameters"];
  /** The code of the functions, by name. They call AWS at `url`, with the keys of their environment. */
  readonly handlers: (
    url: string,
    functions: readonly LambdaFunction[],
  ) => Readonly<Record<string, Handler>>;
  /** What is set up in a new directory. Begun again if it was cut short. */
  readonly setUp?: (sandbox: Sandbox) => Promise<void>;
  /** Told of what went wrong in the sandbox itself. */
  readonly onError?: (error: unknown) => void;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  readonly world: World;
  readonly driver: Driver;
  close(): Promise<void>;
}

/** AWS on this machine, in real time, with a memory that outlives the process. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const persistence = openPersistence(options.directory);
  try {
    return await start(options, persistence);
  } catch (error) {
    persistence.release();
    throw error;
  }
}

async function start(options: SandboxOptions, persistence: Persistence): Promise<Sandbox> {
  const { directory, onError, port, setUp } = options;
  const now = Date.now();
  const world = new World({
    ...options,
    services,
    git: diskGit(join(directory, "git")),
    start: now,
    seed: now,
  });
  const snapshot = persistence.load();
  // What fell due while nobody was there is late by now, and happens once, not once for each time.
  if (snapshot !== undefined) world.restore({ ...snapshot, now: Math.max(now, snapshot.now) });

  let closed = false;
  const save = (): void => {
    if (!closed) persistence.save(world.snapshot());
  };
  const server = await startServer({
    world,
    port,
    driver: (url) => driverFor(world, url, options),
    onChange: save,
    ...(onError && { onError }),
  });
  const close = async (): Promise<void> => {
    await server.close();
    save();
    closed = true;
    persistence.release();
  };
  const sandbox = { url: server.url, port: server.port, world, driver: server.driver, close };

  const marks = world.stateOf("sandbox", { account: "*", region: "*" }, () => ({ isSetUp: false }));
  try {
    if (!marks.isSetUp) await setUp?.(sandbox);
  } catch (error) {
    await close();
    throw error;
  }
  marks.isSetUp = true;
  save();
  return sandbox;
}

function driverFor(world: World, url: string, options: SandboxOptions): Driver {
  const { parameters } = options;
  install(world, options.template, parameters === undefined ? {} : { parameters });
  const functions = Object.values(workOf(world).functions);
  const code = options.handlers(
    url,
    functions.map((one) => withCredentials(one, world)),
  );
  const driver = createDriver(world, code, { ...options, concurrent: true });
  driver.releaseInFlight();
  return driver;
}

/** Lambda tells a function in its environment what to sign with: it calls as its role. */
function withCredentials(found: LambdaFunction, world: World): LambdaFunction {
  const account = found.arn.split(":")[4] ?? "";
  const accessKeyId = `AKIA${found.name.toUpperCase()}`;
  const session = `${found.role.split("/").at(-1)}/${found.name}`;
  addAccessKey(world, accessKeyId, {
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${session}`,
  });
  const environment = {
    ...found.environment,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "secret",
  };
  return { ...found, environment };
}
