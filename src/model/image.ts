/** An ECR repository: `<account>.dkr.ecr.<region>.amazonaws.com/<name>`. */
export interface ImageRepository {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

export interface RegistryImage {
  /** `sha256:…` of the manifest, or of the index of a multi-platform image. */
  readonly digest: string;
  readonly tags: readonly string[];
  /** ISO 8601. */
  readonly pushedAt: string;
  readonly active: boolean;
  readonly mediaType: string;
}
