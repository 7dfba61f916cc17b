import { describe, expect, test } from "vitest";
import type { Call, Caller } from "../../src/aws/call.ts";
import { imagesOf } from "../../src/aws/images.ts";
import { seedManifest } from "../../src/sandbox/ecr/repositories.ts";
import { callsOf } from "../../src/sandbox/in-process.ts";
import { aWorld, principal } from "../sandbox/world-of-services.ts";
import { awsError, recorder } from "./recorder.ts";

describe("a registry", () => {
  const repository = { account: "123456789012", region: "eu-west-1", name: "blog-app-02" };
  const image = {
    imageDigest: "sha256:1",
    imageTags: ["1.0.1"],
    imagePushedAt: new Date("2026-03-02T11:54:34.000Z"),
    imageManifestMediaType: "application/vnd.oci.image.index.v1+json",
  };

  test("lists its tagged images, on every page", async () => {
    const { caller, identities, requests } = recorder({
      "ecr:DescribeImages": [
        { imageDetails: [image, { ...image, imageTags: [] }], nextToken: "2" },
        { imageDetails: [{ ...image, imageDigest: "sha256:2", imageStatus: "ARCHIVED" }] },
      ],
    });
    const listed = {
      tags: ["1.0.1"],
      pushedAt: "2026-03-02T11:54:34.000Z",
      mediaType: "application/vnd.oci.image.index.v1+json",
    };
    expect(await imagesOf(caller).list(repository)).toEqual({
      kind: "images",
      images: [
        { ...listed, digest: "sha256:1", active: true },
        { ...listed, digest: "sha256:2", active: false },
      ],
    });
    expect(identities).toEqual([{ region: "eu-west-1" }]);
    const first = {
      registryId: "123456789012",
      repositoryName: "blog-app-02",
      filter: { tagStatus: "TAGGED" },
      maxResults: 1000,
    };
    expect(requests.map(({ input }) => input)).toEqual([first, { ...first, nextToken: "2" }]);
  });

  test.for([
    ["RepositoryNotFoundException", "there is no ECR repository blog-app-02"],
    ["AccessDeniedException", "does not let the controller read it"],
  ] as const)("that says %s is told about", async ([name, why]) => {
    const { caller } = recorder({ "ecr:DescribeImages": [awsError(name)] });
    const refused = { kind: "refused", reason: expect.stringContaining(why) };
    expect(await imagesOf(caller).list(repository)).toEqual(refused);
  });

  test("that fails otherwise fails the pass", async () => {
    const error = awsError("ServerException");
    const { caller } = recorder({ "ecr:DescribeImages": [error] });
    await expect(imagesOf(caller).list(repository)).rejects.toBe(error);
  });
});

test("an index is asked for as it is, and not as one image made of it", async () => {
  const { caller, requests } = recorder({ "ecr:BatchGetImage": [{ images: [] }] });
  const repository = { account: "123456789012", region: "eu-west-1", name: "app" };
  await imagesOf(caller).index(repository, "sha256:1");
  expect(requests[0]?.input).toMatchObject({
    imageIds: [{ imageDigest: "sha256:1" }],
    acceptedMediaTypes: [
      "application/vnd.docker.distribution.manifest.list.v2+json",
      "application/vnd.docker.distribution.manifest.v2+json",
      "application/vnd.oci.image.index.v1+json",
      "application/vnd.oci.image.manifest.v1+json",
    ],
  });
});

describe("a registry of another account and region", () => {
  const world = aWorld();
  const other = {
    account: "210987654321",
    region: "us-east-1",
    arn: "arn:aws:iam::210987654321:user/o",
  };
  const repository = { account: other.account, region: other.region, name: "app" };
  const theirs = (operation: string, input: object) =>
    world.call(operation, { repositoryName: "app", ...input }, other) as {
      readonly image: { readonly imageId: { readonly imageDigest: string } };
    };
  const caller: Caller = ({ region }) => callsOf(world, { ...principal, region }) as Call;
  const images = imagesOf(caller);
  const put = (manifest: object, imageTag?: string) =>
    theirs("ecr:PutImage", { imageManifest: JSON.stringify(manifest), imageTag }).image.imageId
      .imageDigest;
  const allow = (...actions: readonly string[]) =>
    theirs("ecr:SetRepositoryPolicy", {
      policyText: JSON.stringify({
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${principal.account}:root` },
            Action: actions.map((action) => `ecr:${action}`),
          },
        ],
      }),
    });
  theirs("ecr:CreateRepository", { imageScanningConfiguration: { scanOnPush: true } });
  const manifest = (tag: string, annotations = {}) => ({
    ...JSON.parse(seedManifest("app", tag)),
    annotations,
  });

  test("is refused until its policy lets us in", async () => {
    expect(await images.list(repository)).toMatchObject({ kind: "refused" });
    allow("DescribeImages");
    expect(await images.list(repository)).toEqual({ kind: "images", images: [] });
    await expect(images.index(repository, "sha256:00")).rejects.toThrow("not authorized");
  });

  test("is read on every page, its images of several platforms and its scans too", async () => {
    allow("DescribeImages", "BatchGetImage", "DescribeImageScanFindings");
    const plain = Array.from({ length: 1100 }, (_, n) => put(manifest(`${n}`), `1.0.${n}`));
    const child = put(manifest("amd", { "trueup.sandbox.findings.HIGH": "2" }));
    const platform = { os: "linux", architecture: "arm64", variant: "v8" };
    const index = put(
      {
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.index.v1+json",
        manifests: [
          { digest: child, size: 1, platform },
          { digest: plain[0], size: 1 },
        ],
      },
      "multi",
    );

    const listed = await images.list(repository);
    const held = listed.kind === "images" ? listed.images : [];
    expect(held).toHaveLength(1101);
    expect(held.find(({ digest }) => digest === index)).toMatchObject({ tags: ["multi"] });
    expect(held.some(({ digest }) => digest === child)).toBe(false);

    expect(await images.index(repository, index)).toEqual([
      { digest: child, platform: "linux/arm64/v8" },
      { digest: plain[0], platform: undefined },
    ]);
    expect(await images.index(repository, child)).toBeUndefined();
    expect(await images.scan(repository, child)).toEqual({ status: "IN_PROGRESS", findings: {} });
    expect(await images.scan(repository, index)).toBeUndefined();
    world.advanceTo(world.now + 5_000);
    expect(await images.scan(repository, child)).toEqual({
      status: "COMPLETE",
      findings: { HIGH: 2 },
    });
    expect(await images.scan(repository, `sha256:${"0".repeat(64)}`)).toBeUndefined();
  });
});

test("nothing is known of the images of a repository that is gone", async () => {
  const gone = { account: "123456789012", region: "eu-west-1", name: "app" };
  const error = awsError("RepositoryNotFoundException", "The repository does not exist");
  const { caller } = recorder({
    "ecr:DescribeImageScanFindings": [error],
    "ecr:BatchGetImage": [error],
  });
  expect(await imagesOf(caller).scan(gone, "sha256:1")).toBeUndefined();
  expect(await imagesOf(caller).index(gone, "sha256:1")).toBeUndefined();
});
