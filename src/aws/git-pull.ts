import { createHash, createHmac } from "node:crypto";
import { dnsSuffix } from "../model/partition.ts";

export interface GitCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

interface GitRequest {
  readonly repository: string;
  readonly region: string;
  readonly credentials: GitCredentials;
  /** Where AWS answers, if not at its own address. */
  readonly endpoint?: string | undefined;
}

/**
 * What the git server of CodeCommit advertises to one that wants to pull: every reference. The API
 * has no call for it, since it knows no tags. Signed as git-remote-codecommit signs: the signature is
 * the password of a user who is called like the access key.
 */
export async function gitPull(request: GitRequest): Promise<{ readonly advertisement: string }> {
  const { endpoint, region, repository } = request;
  const host = `git-codecommit.${region}.${dnsSuffix(region)}`;
  const url = new URL(endpoint ?? `https://${host}`);
  url.pathname = `/v1/repos/${repository}`;
  const authorization = authorizationOf(url, request, new Date());
  url.pathname += "/info/refs";
  url.search = "?service=git-upload-pack";

  const response = await attempted(url, { authorization });
  const text = await response.text();
  if (response.status === 200) return { advertisement: text };
  throw Object.assign(
    new Error(`${url.host} answered ${response.status} for ${repository}: ${text.slice(0, 200)}`),
    { name: response.status === 404 ? "RepositoryDoesNotExistException" : "GitPullException" },
  );
}

/** A read like any other: three attempts in ten seconds. */
async function attempted(url: URL, headers: Readonly<Record<string, string>>): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(3_300) });
      if (response.status < 500 || attempt === 3) return response;
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

/** `Basic` of the access key (with the session's token) and of time and signature. */
export function authorizationOf(
  { host, pathname }: Pick<URL, "host" | "pathname">,
  { credentials, region }: Pick<GitRequest, "credentials" | "region">,
  now: Date,
): string {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+Z$/g, "");
  const scope = [time.slice(0, 8), region, "codecommit", "aws4_request"];
  const canonical = `GIT\n${pathname}\n\nhost:${host}\n\nhost\n`;
  const digest = createHash("sha256").update(canonical).digest("hex");
  const toSign = ["AWS4-HMAC-SHA256", time, scope.join("/"), digest].join("\n");
  const key = scope.reduce<string | Buffer>(keyed, `AWS4${credentials.secretAccessKey}`);
  const signature = keyed(key, toSign).toString("hex");

  const { accessKeyId, sessionToken } = credentials;
  const user = sessionToken === undefined ? accessKeyId : `${accessKeyId}%${sessionToken}`;
  return `Basic ${Buffer.from(`${user}:${time}Z${signature}`).toString("base64")}`;
}

const keyed = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();
