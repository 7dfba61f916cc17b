import type { ImageRepository } from "../model/image.ts";

/** An image of an ECR repository, as compose text names it. */
export interface EcrImage {
  readonly repository: ImageRepository;
  /** All that stands before the tag. */
  readonly name: string;
  readonly tag: string | undefined;
  /** `sha256:…`; undefined: not pinned. */
  readonly digest: string | undefined;
}

/** Reads an image's name; what is not ECR's, or not well formed, is the reason it is left alone. */
export function parseImage(
  text: string,
):
  | { readonly kind: "ecr"; readonly image: EcrImage }
  | { readonly kind: "other"; readonly reason: string } {
  const other = (reason: string) => ({ kind: "other", reason }) as const;
  const [host = ""] = text.split("/");
  const registry = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(host);
  if (registry === null) return other("it is not in an ECR registry");

  const rest = text.slice(host.length + 1);
  const parts = /^([a-z0-9][a-z0-9._/-]*?)(?::([^:@]*))?(?:@(.*))?$/.exec(rest);
  const [, path, tag, digest] = parts ?? [];
  if (path === undefined || !/^[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*$/.test(path))
    return other("it does not name an ECR repository");
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return other("its tag is malformed");
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
    return other("its digest is malformed");

  const [, account = "", region = ""] = registry;
  const repository = { account, region, name: path };
  return { kind: "ecr", image: { repository, name: `${host}/${path}`, tag, digest } };
}

/** One word for a repository, the same for the same one. */
export const repositoryKey = ({ account, region, name }: ImageRepository): string =>
  `${account}/${region}/${name}`;
