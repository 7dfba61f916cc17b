import type { ImageRepository, IndexEntry, RegistryImage, Scan } from "../model/image.ts";

export type Holdings =
  | { readonly kind: "images"; readonly images: readonly RegistryImage[] }
  | { readonly kind: "refused"; readonly reason: string };

/** One image, whatever its tags; `unknown`: nobody may tell. */
type FoundImage =
  | { readonly kind: "missing" }
  | { readonly kind: "unknown" }
  | {
      readonly kind: "found";
      /** `sha256:…` */
      readonly digest: string;
      readonly active: boolean;
      readonly mediaType: string;
    };

export interface Images {
  /** By its digest, else by its tag, else `latest`. */
  find(
    repository: ImageRepository,
    which: { readonly digest: string | undefined; readonly tag: string | undefined },
  ): Promise<FoundImage>;
  /** Every tagged image that a repository holds now, or why nobody can tell. */
  list(repository: ImageRepository): Promise<Holdings>;
  /** What a multi-platform image is made of; undefined: it is none, or it is gone. */
  index(repository: ImageRepository, digest: string): Promise<readonly IndexEntry[] | undefined>;
  /** What the scanner found; undefined: it was never asked to look, or the image is gone. */
  scan(repository: ImageRepository, digest: string): Promise<Scan | undefined>;
}
