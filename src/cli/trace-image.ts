/** An image as somebody names it: what is left away may be anything. */
export interface ImageAsked {
  /** With its registry or without; undefined: by the digest alone. */
  readonly repository: string | undefined;
  readonly tag: string | undefined;
  /** `sha256:` and at least 12 digits. */
  readonly digest: string | undefined;
}

/** `REPOSITORY:TAG`, with `@sha256:…` or that alone; undefined: it is no image. */
export function readImage(word: string): ImageAsked | undefined {
  const { digest, repository, tag } = partsOf(word);
  if (tag === undefined && digest === undefined) return undefined;
  if (digest !== undefined && !/^sha256:[0-9a-f]{12,64}$/.test(digest)) return undefined;
  return { repository: repository === "" ? undefined : repository, tag, digest };
}

/** Whether an image, as a task definition names it, is the one that was asked for. */
export function isImage(text: string, asked: ImageAsked): boolean {
  const { digest, tag } = partsOf(text);
  return (
    isOfRepository(text, asked) &&
    (asked.tag === undefined || asked.tag === tag) &&
    (asked.digest === undefined || digest?.startsWith(asked.digest) === true)
  );
}

/** Whether it is of the repository that was asked for, whatever its tag. */
export function isOfRepository(text: string, { repository: asked }: ImageAsked): boolean {
  const { repository } = partsOf(text);
  return asked === undefined || repository === asked || withoutRegistry(repository) === asked;
}

/** A registry has a dot or a port in its name, or is this machine. */
const withoutRegistry = (repository: string): string =>
  repository.replace(/^(?:[^/]*[.:][^/]*|localhost)\//, "");

function partsOf(text: string) {
  const [, repository = "", tag, digest] =
    /^((?:[^/@]+\/)*[^/:@]*)(?::([\w][\w.-]*))?(?:@(.*))?$/.exec(bare(text)) ?? [];
  return { repository, tag, digest };
}

/** A digest alone may be written without its sign. */
const bare = (text: string): string => (text.startsWith("sha256:") ? `@${text}` : text);
