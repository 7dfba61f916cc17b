/** An ECR repository: `<account>.dkr.ecr.<region>.<DNS suffix of the region>/<name>`. */
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
  /** What its manifest says that it is: a container's configuration, a signature …; some do not say. */
  readonly artifact?: string;
}

/** What is asked of one image, where a policy has gates. */
export interface Inspection {
  readonly repository: ImageRepository;
  /** `sha256:…` */
  readonly digest: string;
  readonly what: "platforms" | "scan";
}

/** One of the images that a multi-platform image is made of. */
export interface IndexEntry {
  /** `sha256:…` */
  readonly digest: string;
  /** `os/architecture` or `os/architecture/variant`; undefined: it does not say. */
  readonly platform: string | undefined;
}

/** What a registry's scanner found in one image. */
export interface Scan {
  /** As ECR says it: `COMPLETE`, `IN_PROGRESS`, `FAILED` … */
  readonly status: string;
  /** Severity, as ECR writes it, → how many. */
  readonly findings: Readonly<Record<string, number>>;
}

/** What of a scan's findings lets an image run: `x-ecr.VulnerabilitiesScan` of a service. */
export interface ScanLimits {
  /** Severity, as ECR writes it, → how many at most; of others any number. */
  readonly most: Readonly<Record<string, number>>;
  /** Whether an image that cannot be scanned may run. */
  readonly failedIsFine: boolean;
}
