import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { findImage, seedManifest } from "../../src/sandbox/ecr/repositories.ts";
import type { BusEvent, World } from "../../src/sandbox/world.ts";
import { aWorld, call, principal, refusal } from "./world-of-services.ts";

const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

const one = seedManifest("app", "1");
const two = seedManifest("app", "2");

const index = (...digests: readonly string[]) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: digests.map((digest) => ({ digest, size: 1 })),
  });

function aRepository(heard: BusEvent[] = []): World {
  const world = aWorld(heard);
  call(world, "ecr:CreateRepository", { repositoryName: "app" });
  return world;
}

const push = (world: World, imageManifest: string, imageTag?: string) =>
  call(world, "ecr:PutImage", { repositoryName: "app", imageManifest, imageTag });

const describeImages = (world: World, input: object = {}) =>
  call(world, "ecr:DescribeImages", { repositoryName: "app", ...input }).imageDetails;

const ids = (...imageIds: readonly object[]) => ({ repositoryName: "app", imageIds });

describe("an image", () => {
  test("is known by the digest of its manifest's bytes", () => {
    const world = aRepository();
    expect(push(world, one, "v1").image.imageId).toEqual({
      imageDigest: digestOf(one),
      imageTag: "v1",
    });
    expect(describeImages(world)).toMatchObject([
      {
        imageDigest: digestOf(one),
        imageTags: ["v1"],
        imageManifestMediaType: "application/vnd.oci.image.manifest.v1+json",
        imagePushedAt: new Date(world.now),
        imageStatus: "ACTIVE",
      },
    ]);
    for (const tagOrDigest of ["v1", digestOf(one)]) {
      expect(
        findImage({ world, ...principal }, principal.account, "app", tagOrDigest),
      ).toMatchObject({ digest: digestOf(one) });
    }
    expect(findImage({ world, ...principal }, principal.account, "app", "v2")).toBeUndefined();
  });

  test("is tagged again by putting it under another tag, and a tag moves", () => {
    const world = aRepository();
    push(world, one, "v1");
    push(world, one, "latest");
    push(world, two, "latest");
    const tags = describeImages(world, ids({ imageTag: "v1" }, { imageTag: "latest" })).map(
      (image: object) => [Reflect.get(image, "imageDigest"), Reflect.get(image, "imageTags")],
    );
    expect(tags).toEqual([
      [digestOf(one), ["v1"]],
      [digestOf(two), ["latest"]],
    ]);
  });

  test("is announced once a tag, and without one where it has none", () => {
    const heard: BusEvent[] = [];
    const world = aRepository(heard);
    push(world, one);
    push(world, one, "v1");
    push(world, index(digestOf(one)), "all");
    const detail = { result: "SUCCESS", "repository-name": "app", "action-type": "PUSH" };
    expect(heard.map((event) => [event.resources, event.detail])).toEqual([
      [[], { ...detail, "image-digest": digestOf(one) }],
      [[], { ...detail, "image-digest": digestOf(one), "image-tag": "v1" }],
      [[], { ...detail, "image-digest": digestOf(index(digestOf(one))), "image-tag": "all" }],
    ]);
  });

  test("goes with its last tag, unless an index needs it", () => {
    const world = aRepository();
    push(world, one, "v1");
    push(world, one, "v2");
    const remove = (...imageIds: readonly object[]) =>
      call(world, "ecr:BatchDeleteImage", ids(...imageIds));
    expect(remove({ imageTag: "v1" }, { imageTag: "none" })).toMatchObject({
      imageIds: [{ imageDigest: digestOf(one), imageTag: "v1" }],
      failures: [{ failureCode: "ImageNotFound" }],
    });
    push(world, index(digestOf(one)), "all");
    expect(remove({ imageTag: "v2" })).toMatchObject({
      imageIds: [],
      failures: [{ failureCode: "ImageReferencedByManifestList" }],
    });
    expect(remove({ imageTag: "all" }).failures).toEqual([]);
    expect(remove({ imageDigest: digestOf(one) }).failures).toEqual([]);
    expect(describeImages(world)).toEqual([]);
  });
});

describe("reading several images", () => {
  const world = aRepository();
  push(world, one, "v1");
  push(world, one, "stable");
  push(world, two);

  test("fails as a whole in one call", () => {
    expect(refusal(world, "ecr:DescribeImages", ids({ imageTag: "v1" }, { imageTag: "v9" }))).toBe(
      "ImageNotFoundException: The image with imageId {imageDigest:'null', imageTag:'v9'} does not exist within the repository with name 'app' in the registry with id '123456789012'",
    );
  });

  test("fails one by one in the other", () => {
    expect(
      call(world, "ecr:BatchGetImage", ids({ imageTag: "v1" }, { imageTag: "v9" })),
    ).toMatchObject({
      images: [{ imageId: { imageTag: "v1" }, imageManifest: one }],
      failures: [
        {
          imageId: { imageTag: "v9" },
          failureCode: "ImageNotFound",
          failureReason: "Requested image not found",
        },
      ],
    });
  });

  test("lists a row for each tag, in pages", () => {
    const list = (input: object) =>
      call(world, "ecr:ListImages", { repositoryName: "app", ...input });
    expect(list({}).imageIds).toHaveLength(3);
    expect(list({ filter: { tagStatus: "UNTAGGED" } }).imageIds).toEqual([
      { imageDigest: digestOf(two) },
    ]);
    const first = list({ maxResults: 2 });
    const second = list({ maxResults: 2, nextToken: first.nextToken });
    expect([...first.imageIds, ...second.imageIds]).toEqual(list({}).imageIds);
    expect(second.nextToken).toBeUndefined();
  });

  test.for([
    [{ tagStatus: "TAGGED" }, 1],
    [{ tagStatus: "UNTAGGED" }, 1],
    [{ tagStatus: "ANY", imageStatus: "ACTIVE" }, 2],
    [{ imageStatus: "ARCHIVED" }, 0],
  ] as const)("filters by %j", ([filter, count]) => {
    expect(describeImages(world, { filter })).toHaveLength(count);
  });
});

describe("a tag", () => {
  test.for([
    ["MUTABLE", [], "v1", "accepted"],
    ["IMMUTABLE", [], "v1", "ImageTagAlreadyExistsException"],
    ["IMMUTABLE_WITH_EXCLUSION", ["dev-*"], "v1", "ImageTagAlreadyExistsException"],
    ["IMMUTABLE_WITH_EXCLUSION", ["dev-*"], "dev-1", "accepted"],
    ["MUTABLE_WITH_EXCLUSION", ["v*"], "v1", "ImageTagAlreadyExistsException"],
    ["MUTABLE_WITH_EXCLUSION", ["v*"], "dev-1", "accepted"],
  ] as const)("in a repository that is %s but for %j: moving %s is %s", (row) => {
    const [imageTagMutability, filters, imageTag, outcome] = row;
    const world = aRepository();
    push(world, one, imageTag);
    call(world, "ecr:PutImageTagMutability", {
      repositoryName: "app",
      imageTagMutability,
      imageTagMutabilityExclusionFilters: filters.map((filter) => ({
        filterType: "WILDCARD",
        filter,
      })),
    });
    const moved = { repositoryName: "app", imageManifest: two, imageTag };
    expect(refusal(world, "ecr:PutImage", moved)).toMatch(outcome);
  });
});

const image = { repositoryName: "app", imageManifest: one, imageTag: "v1" };

test.for<[string, string, object, RegExp]>([
  [
    "the same image under the same tag",
    "PutImage",
    image,
    /^ImageAlreadyExistsException: Image with digest 'sha256:[0-9a-f]{64}' and tag 'v1' already exists in the repository with name 'app' in registry with id '123456789012'$/,
  ],
  [
    "an index of images that are not there",
    "PutImage",
    { ...image, imageManifest: index("sha256:00") },
    /^ReferencedImagesNotFoundException/,
  ],
  [
    "another digest",
    "PutImage",
    { ...image, imageDigest: "sha256:00", imageTag: "v2" },
    /^ImageDigestDoesNotMatchException/,
  ],
  [
    "what is not JSON",
    "PutImage",
    { ...image, imageManifest: "{" },
    /^InvalidParameterException: .*Invalid JSON syntax/,
  ],
  [
    "a manifest of no kind",
    "PutImage",
    { ...image, imageManifest: "{}" },
    /imageManifestMediaType/,
  ],
  [
    "a repository that is not there",
    "ListImages",
    { repositoryName: "none" },
    /^RepositoryNotFoundException: The repository with name 'none' does not exist in the registry with id '123456789012'$/,
  ],
  [
    "a repository that is there",
    "CreateRepository",
    { repositoryName: "app" },
    /^RepositoryAlreadyExistsException/,
  ],
  ["a bad name", "CreateRepository", { repositoryName: "App" }, /^InvalidParameterException/],
  [
    "the deletion of a full repository",
    "DeleteRepository",
    { repositoryName: "app" },
    /^RepositoryNotEmptyException/,
  ],
])("%s is refused", ([, operation, input, message]) => {
  const world = aRepository();
  push(world, one, "v1");
  expect(refusal(world, `ecr:${operation}`, input)).toMatch(message);
});

describe("a scan", () => {
  const annotated = JSON.stringify({
    ...JSON.parse(one),
    annotations: { "trueup.sandbox.findings.HIGH": "2" },
  });
  const findings = (world: World, imageId: object) =>
    call(world, "ecr:DescribeImageScanFindings", { repositoryName: "app", imageId });

  test("begins with the push where the repository says so, and tells when it is done", () => {
    const heard: BusEvent[] = [];
    const world = aRepository(heard);
    const configuration = { imageScanningConfiguration: { scanOnPush: true } };
    call(world, "ecr:PutImageScanningConfiguration", { repositoryName: "app", ...configuration });
    push(world, annotated, "v1");
    const imageId = { imageTag: "v1" };
    expect(findings(world, imageId)).toMatchObject({ imageScanStatus: { status: "IN_PROGRESS" } });
    world.advanceTo(world.now + 3_000);
    expect(findings(world, imageId)).toMatchObject({
      imageScanStatus: { status: "COMPLETE" },
      imageScanFindings: { findingSeverityCounts: { HIGH: 2 } },
    });
    expect(heard.at(-1)).toMatchObject({
      "detail-type": "ECR Image Scan",
      detail: { "image-tags": ["v1"], "finding-severity-counts": { HIGH: 2 } },
    });
  });

  test("is made when asked for, of a single image that is there", () => {
    const world = aRepository();
    push(world, one, "v1");
    const start = (imageId: object) => ({ repositoryName: "app", imageId });
    expect(refusal(world, "ecr:DescribeImageScanFindings", start({ imageTag: "v1" }))).toMatch(
      /^ScanNotFoundException/,
    );
    call(world, "ecr:StartImageScan", start({ imageTag: "v1" }));
    world.advanceTo(world.now + 3_000);
    expect(findings(world, { imageTag: "v1" }).imageScanFindings.findingSeverityCounts).toEqual({});
    push(world, index(digestOf(one)), "multi");
    expect(refusal(world, "ecr:StartImageScan", start({ imageTag: "multi" }))).toMatch(
      /^UnsupportedImageTypeException/,
    );
    expect(refusal(world, "ecr:StartImageScan", start({ imageTag: "v2" }))).toMatch(
      /^ImageNotFoundException/,
    );
  });
});

describe("a repository of another account", () => {
  const other = { ...principal, account: "210987654321", arn: "arn:aws:iam::210987654321:user/o" };
  const input = { repositoryName: "app", registryId: principal.account };
  const policy = (Principal: unknown, Action: unknown, Effect = "Allow") =>
    JSON.stringify({ Statement: { Effect, Principal, Action } });
  const asked = (world: World, operation = "ecr:ListImages"): string => {
    try {
      world.call(operation, input, other);
      return "let in";
    } catch (error) {
      return String(error);
    }
  };

  test.for([
    ["*", "ecr:ListImages", "let in"],
    [{ AWS: other.account }, ["ecr:ListImages"], "let in"],
    [{ AWS: [`arn:aws:iam::${other.account}:root`] }, "ecr:*", "let in"],
    [{ AWS: "333333333333" }, "ecr:*", "not authorized to perform: ecr:ListImages"],
    ["*", "ecr:DescribeImages", "not authorized to perform: ecr:ListImages"],
  ] as const)("with a policy for %j to %j: %s", ([who, what, expected]) => {
    const world = aRepository();
    expect(asked(world)).toContain("not authorized");
    call(world, "ecr:SetRepositoryPolicy", {
      repositoryName: "app",
      policyText: policy(who, what),
    });
    expect(asked(world)).toContain(expected);
  });

  test("keeps its policy to itself, and takes none that is not understood", () => {
    const world = aRepository();
    const repositoryName = "app";
    expect(refusal(world, "ecr:GetRepositoryPolicy", { repositoryName })).toMatch(
      /^RepositoryPolicyNotFoundException/,
    );
    const policyText = policy("*", "ecr:*");
    call(world, "ecr:SetRepositoryPolicy", { repositoryName, policyText });
    expect(call(world, "ecr:GetRepositoryPolicy", { repositoryName }).policyText).toBe(policyText);
    expect(asked(world, "ecr:GetRepositoryPolicy")).toContain("not emulated");
    for (const text of ["{", policy("*", "ecr:*", "Deny")])
      expect(
        refusal(world, "ecr:SetRepositoryPolicy", { repositoryName, policyText: text }),
      ).toMatch(/Invalid repository policy|not emulated/);
  });
});

test("a repository tells its address, and can be deleted by force", () => {
  const world = aRepository();
  push(world, one, "v1");
  const { repositories } = call(world, "ecr:DescribeRepositories", { repositoryNames: ["app"] });
  expect(repositories).toMatchObject([
    {
      repositoryUri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app",
      repositoryArn: "arn:aws:ecr:eu-west-1:123456789012:repository/app",
      imageTagMutability: "MUTABLE",
    },
  ]);
  call(world, "ecr:DeleteRepository", { repositoryName: "app", force: true });
  expect(call(world, "ecr:DescribeRepositories", {}).repositories).toEqual([]);
});
