import type { RegistryImage } from "../model/image.ts";
import type { Images } from "../ports.ts";
import { everyItem, isNamed, unless } from "./answers.ts";
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
    return unless(images, (error) => isNamed(error, "RepositoryNotFoundException"));
  },
});

function imageOf(detail: ImageDetail): readonly RegistryImage[] {
  const { imageDigest, imageManifestMediaType, imagePushedAt, imageStatus, imageTags } = detail;
  if (imageDigest === undefined || imagePushedAt === undefined) return [];
  if (imageTags === undefined || imageTags.length === 0) return [];
  return [
    {
      digest: imageDigest,
      tags: imageTags,
      pushedAt: imagePushedAt.toISOString(),
      // An archived image is listed but cannot be pulled. Registries of old answer no status.
      active: imageStatus === undefined || imageStatus === "ACTIVE",
      mediaType: imageManifestMediaType ?? "",
    },
  ];
}
