import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answering, answer } from "./answer.ts";
import { noticePushes } from "./codecommit/references.ts";
import type { Driver } from "./driver.ts";
import { useOrigin } from "./sqs/queues.ts";
import type { Reply, Request } from "./wire/protocol.ts";
import type { World } from "./world.ts";

export interface ServerOptions {
  readonly world: World;
  /** Made when the address is known, since functions call back. */
  readonly driver: (url: string) => Driver;
  /** 0: any that is free. */
  readonly port: number;
  /** Told after each change, before the answer to the call that made it goes out. */
  readonly onChange?: () => void;
  /** Told of what went wrong in the sandbox itself. */
  readonly onError?: (error: unknown) => void;
}

export interface SandboxServer {
  readonly url: string;
  readonly port: number;
  readonly driver: Driver;
  close(): Promise<void>;
}

/** Every service of a world on one port of the loopback interface, in real time. */
export async function startServer(options: ServerOptions): Promise<SandboxServer> {
  const { onChange = nothing, onError = nothing, world } = options;
  // Clients keep their connections: closing an idle one would break the next call on it.
  const server = createServer({ keepAliveTimeout: 0 });
  const port = await listening(server, options.port);
  const url = `http://${host}:${port}`;
  useOrigin(world, url);
  const driver = ready(server, () => options.driver(url));
  const answering = { world, driver, changed: onChange, onError };

  const clock = startClock(answering);
  server.on("request", (incoming, response) => {
    clock.advance();
    respond(incoming, response, answering).then(clock.work, onError).catch(onError);
  });
  return {
    url,
    port,
    driver,
    close: async () => {
      clock.stop();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const nothing = (): void => undefined;
const host = "127.0.0.1";

/** How often the world is looked at for what does not announce itself: pushes, visible messages. */
const beat = 200;
const largestBody = 64 * 1024 * 1024;

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      const message = `Port ${port} of ${host} is taken; choose another: --port ${port + 1}, or --port 0 for any that is free`;
      reject(new Error(message, { cause: error }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** What the server needs before it can answer; without it, it does not stay. */
function ready<T>(server: Server, make: () => T): T {
  try {
    return make();
  } catch (error) {
    server.close();
    throw error;
  }
}

/** Keeps the world at the time it is, and its functions at work. */
function startClock({ changed, driver, onError, world }: Answering) {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      onError(error);
    }
  };
  const advance = (): void => {
    const now = Date.now();
    const isDue = (world.nextDue() ?? Number.POSITIVE_INFINITY) <= now;
    guarded(() => world.advanceTo(now));
    if (isDue) guarded(changed);
  };
  const notice = (): void => {
    if (noticePushes(world)) changed();
  };
  const work = async (): Promise<void> => {
    while (!stopped && (await driver.pump())) changed();
  };
  const tick = (): void => {
    advance();
    guarded(notice);
    work().catch(onError);
    const due = (world.nextDue() ?? Number.POSITIVE_INFINITY) - Date.now();
    if (!stopped) timer = setTimeout(tick, Math.min(beat, Math.max(1, due)));
  };

  tick();
  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
  };
  return { advance, stop, work };
}

async function respond(
  incoming: IncomingMessage,
  response: ServerResponse,
  answering: Answering,
): Promise<void> {
  const { body, headers, status } = await replyTo(incoming, answering);
  if (status === 204 || status === 304) return void response.writeHead(status, headers).end();
  // A HEAD answer tells the length of what it leaves out.
  const length = headers["content-length"] ?? String(Buffer.byteLength(body));
  response.writeHead(status, { ...headers, "content-length": length });
  response.end(incoming.method === "HEAD" ? undefined : body);
}

async function replyTo(incoming: IncomingMessage, answering: Answering): Promise<Reply> {
  const { headers, method = "GET", url = "/" } = incoming;
  // As a proxy is asked: whoever names a whole address means what the sandbox deployed there.
  if (method === "GET" && /^https?:\/\//.test(url)) return visit(incoming, answering);
  // A page in a browser must not drive the sandbox, neither directly nor by a name it rebinds.
  if (headers.origin !== undefined || !isLoopback(headers.host ?? "")) {
    return plainly(403, "Only programs of this machine may call the sandbox, not web pages.");
  }
  const body = await bodyOf(incoming);
  if (body === undefined) return plainly(413, "The request is too large for the sandbox.");
  const [path = "/", search] = url.split("?", 2);
  const request: Request = {
    method,
    path,
    query: new URLSearchParams(search),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value?.toString()]),
    ),
    body,
  };
  return answer(request, answering);
}

function visit({ headers, url = "/" }: IncomingMessage, { world }: Answering): Reply {
  const place = { account: "*", region: "*", arn: "" };
  try {
    const input = { url, ...(headers.host === undefined ? {} : { host: headers.host }) };
    const answer = world.call("http:Get", input, place) as { status: number; body: string };
    return { ...answer, headers: { "content-type": "text/plain" } };
  } catch (error) {
    return plainly(502, error instanceof Error ? error.message : String(error));
  }
}

const isLoopback = (name: string): boolean =>
  /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(name);

const plainly = (status: number, text: string): Reply => ({
  status,
  headers: { "content-type": "text/plain" },
  body: `${text}\n`,
});

async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
