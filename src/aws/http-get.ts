import { lookup } from "node:dns";
import { type IncomingMessage, request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

export interface GetInput {
  readonly url: string;
  /** The name to ask for and to check the certificate against, where the address has another. */
  readonly host?: string;
}

export interface GetOutput {
  readonly status: number;
  /** UTF-8, at most 64 KiB of it. */
  readonly body: string;
}

/** A check is made next door to production's credentials: it may ask what everybody can, no more. */
class NotPublicError extends Error {
  override readonly name = "NotPublicError";
}

const timeoutMilliseconds = 10_000;
const largestBody = 64 * 1024;
const mostRedirects = 5;

/**
 * What a public address answers, without credentials. Redirects are followed on the same host only.
 *
 * @param via A proxy that answers for every address: the sandbox. None: the network.
 */
export async function httpGet({ host, url }: GetInput, via?: string): Promise<GetOutput> {
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  let address = new URL(url);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await ask(address, { host: host ?? address.host, signal, via });
    const { location } = answer.headers;
    const status = answer.statusCode ?? 0;
    if (status < 300 || status > 399 || location === undefined || redirects === mostRedirects) {
      return { status, body: await bodyOf(answer) };
    }
    answer.destroy();
    const next = new URL(location, address);
    if (next.hostname !== address.hostname) return { status, body: "" };
    address = next;
  }
}

interface Asking {
  readonly host: string;
  readonly signal: AbortSignal;
  readonly via: string | undefined;
}

function ask(address: URL, { host, signal, via }: Asking): Promise<IncomingMessage> {
  if (!/^https?:$/.test(address.protocol)) {
    throw new NotPublicError(`${address.protocol} is neither http: nor https:`);
  }
  const literal = address.hostname.replace(/^\[|\]$/g, "");
  if (via === undefined && isIP(literal) !== 0) mustBePublic(literal);
  const to = via === undefined ? address : new URL(via);
  const request = to.protocol === "https:" ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    const options = {
      headers: { host, "user-agent": "trueup" },
      servername: host.replace(/:\d+$/, ""),
      signal,
      ...(via === undefined ? { lookup: publicOnly } : { path: address.href }),
    };
    request(to, options, resolve).on("error", reject).end();
  });
}

/** The very address that is connected to is looked at: another answer of the name does not help. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, found, family) => {
    try {
      if (error === null) for (const one of [found].flat()) mustBePublic(addressOf(one));
      callback(error, found, family);
    } catch (refused) {
      callback(refused as Error, found, family);
    }
  });
};

const addressOf = (found: string | { readonly address: string }): string =>
  typeof found === "string" ? found : found.address;

/** Global unicast: neither private nor of this machine, in any spelling. */
function mustBePublic(address: string): void {
  if (ipaddr.process(address).range() === "unicast") return;
  throw new NotPublicError(`${address} is no public address; ask private ones from a task`);
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= largestBody) break;
  }
  return Buffer.concat(chunks).subarray(0, largestBody).toString("utf8");
}
