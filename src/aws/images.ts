import type { RegistryImage } from "../model/image.ts";
import type { Images } from "../ports/images.ts";
import { everyItem, isDenied, isNamed, unless } from "./answers.ts";
import type { Caller, Operations } from "./call.ts";

type ImageDetail = NonNullable<Operations["ecr:DescribeImages"][1]["imageDetails"]>[number];

/** ECR. A registry of another account lets the controller read by its repository policy. */
export const imagesOf = (caller: Caller): Images => ({
  list({ account, name, region }) {
    const call = caller({ region });
    const images = everyItem(async (token) => {
      const page = await call("ecr:DescribeImages", {
        registryId: account,
        repositoryName: name,
        filter: { tagStatus: "TAGGED" },
        maxResults: 1000,
        ...(token === undefined ? {} : { nextToken: token }),
      });
      return { items: page.imageDetails?.flatMap(imageOf), next: page.nextToken };
    });
    const refused = (reason: string) => ({ kind: "refused", reason }) as const;
    return images.then(
      (held) => ({ kind: "images", images: held }) as const,
      (error: unknown) => {
        if (isNamed(error, "RepositoryNotFoundException"))
          return refused(`there is no ECR repository ${name}`);
        if (isDenied(error))
          return refused(`${name} of ${account} does not let the controller read it`);
        throw error;
      },
    );
  },

  async find({ account, name, region }, { digest, tag = "latest" }) {
    const call = caller({ region });
    try {
      const { imageDetails: [found] = [] } = await call("ecr:DescribeImages", {
        registryId: account,
        repositoryName: name,
        imageIds: [digest === undefined ? { imageTag: tag } : { imageDigest: digest }],
      });
      if (found?.imageDigest === undefined) return { kind: "missing" };
      const { imageDigest, imageManifestMediaType: mediaType = "", imageStatus } = found;
      return { kind: "found", digest: imageDigest, active: isActive(imageStatus), mediaType };
    } catch (error) {
      if (isGone(error)) return { kind: "missing" };
      if (isDenied(error)) return { kind: "unknown" };
      throw error;
    }
  },

  async index({ account, name, region }, digest) {
    const call = caller({ region });
    const asked = call("ecr:BatchGetImage", {
      registryId: account,
      repositoryName: name,
      imageIds: [{ imageDigest: digest }],
      acceptedMediaTypes: manifestTypes,
    });
    const [image] = (await unless(asked, isGone))?.images ?? [];
    const manifest: { readonly manifests?: readonly ManifestEntry[] } = JSON.parse(
      image?.imageManifest ?? "{}",
    );
    return manifest.manifests?.map(({ digest: of, platform }) => ({
      digest: of,
      platform: platform && platformText(platform),
    }));
  },

  /** Counts alone are wanted: of the findings themselves, one page is as good as all. */
  async scan({ account, name, region }, digest) {
    const call = caller({ region });
    const asked = call("ecr:DescribeImageScanFindings", {
      registryId: account,
      repositoryName: name,
      imageId: { imageDigest: digest },
      maxResults: 1,
    });
    const found = await unless(asked, isUnscanned);
    if (found === undefined) return undefined;
    const findings = found.imageScanFindings?.findingSeverityCounts ?? {};
    return { status: found.imageScanStatus?.status ?? "unknown", findings };
  },
});

const isGone = (error: unknown): boolean =>
  isNamed(error, "ImageNotFoundException", "RepositoryNotFoundException");

const isUnscanned = (error: unknown): boolean =>
  isGone(error) || isNamed(error, "ScanNotFoundException");

/** Of what has a type that is not asked for ECR makes another manifest, or none. */
const manifestTypes = [
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
];

interface ManifestEntry {
  readonly digest: string;
  readonly platform?: Platform;
}

interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

const platformText = ({ architecture, os, variant }: Platform): string =>
  [os, architecture, variant].filter((part) => part !== undefined && part !== "").join("/");

/** An archived image is listed but cannot be pulled. Registries of old answer no status. */
const isActive = (status: ImageDetail["imageStatus"]): boolean =>
  status === undefined || status === "ACTIVE";

function imageOf(detail: ImageDetail): readonly RegistryImage[] {
  const { artifactMediaType, imageDigest, imagePushedAt, imageStatus, imageTags } = detail;
  if (imageDigest === undefined || imagePushedAt === undefined) return [];
  if (imageTags === undefined || imageTags.length === 0) return [];
  return [
    {
      digest: imageDigest,
      tags: imageTags,
      pushedAt: imagePushedAt.toISOString(),
      active: isActive(imageStatus),
      mediaType: detail.imageManifestMediaType ?? "",
      ...(artifactMediaType === undefined ? {} : { artifact: artifactMediaType }),
    },
  ];
}
