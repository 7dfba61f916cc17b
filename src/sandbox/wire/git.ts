import type { Credential } from "./credential.ts";
import type { Protocol, Request } from "./protocol.ts";

/**
 * The git server of CodeCommit, as far as it tells references: who calls is a user called like an
 * access key, whose password is time and signature. The latter is not verified: a sandbox on
 * loopback keeps no secrets.
 */
export const git: Protocol = {
  decode: (request) => ({
    operation: "GitPull",
    input: { repositoryName: repositoryIn(request) ?? "" },
  }),

  encode: (_, output) => ({
    status: 200,
    headers: {
      "content-type": "application/x-git-upload-pack-advertisement",
      "cache-control": "no-cache",
    },
    body: (output as { readonly advertisement: string }).advertisement,
  }),

  refuse: ({ code, message, status }) => ({
    status: statuses[code] ?? status,
    headers: { "content-type": "text/plain", "www-authenticate": 'Basic realm="git"' },
    body: `${message}\n`,
  }),
};

const statuses: Readonly<Record<string, number>> = {
  InvalidRepositoryNameException: 404,
  MissingAuthenticationToken: 401,
  RepositoryDoesNotExistException: 404,
};

const isPull = ({ method, query }: Request): boolean =>
  method === "GET" && query.get("service") === "git-upload-pack";

/** The repository whose references a request asks for; undefined: it asks for something else. */
export const repositoryIn = (request: Request): string | undefined =>
  isPull(request)
    ? /^\/v1\/repos\/([^/]+)\/info\/refs$/.exec(decodeURI(request.path))?.[1]
    : undefined;

/** Undefined: nobody in particular, or a password that is no signature. */
export function gitCredentialOf({ headers }: Request, region: string): Credential | undefined {
  const [, encoded = ""] = /^Basic (.+)$/.exec(headers.authorization ?? "") ?? [];
  const [, accessKeyId] =
    /^(\w+)(?:%[^:]*)?:\d{8}T\d{6}Z[0-9a-f]{64}$/.exec(Buffer.from(encoded, "base64").toString()) ??
    [];
  return accessKeyId === undefined ? undefined : { accessKeyId, region, service: "codecommit" };
}
