import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { kindOf, type Operation } from "../../src/aws/call.ts";
import { crashing, type TestWorld, testWorld } from "./world.ts";

// What is good to know and need not be known stops nothing where nobody may look.

/** Without these an environment cannot be told what to be, or not be told what it is: all waits. */
const essential: readonly Operation[] = [
  "cloudformation:DescribeChangeSet",
  "cloudformation:DescribeStacks",
  "cloudformation:GetTemplate",
  "codecommit:GetBlob",
  "codecommit:GetBranch",
  "codecommit:GetDifferences",
  "s3:GetObject",
  "s3:ListObjectsV2",
  "ssm:GetParameters",
  "ssm:GetParametersByPath",
  "sts:AssumeRole",
  "sts:GetCallerIdentity",
];

/** Read only for who asks for what needs them, and told there. */
const asked: readonly Operation[] = [
  "cloudcontrolapi:ListResources", // lookups, quotas
  "cloudformation:ListStacks", // leases
  "codebuild:BatchGetBuilds", // verification
  "codecommit:BatchGetCommits", // tags
  "codecommit:GetApprovalRuleTemplate", // what is written back
  "codecommit:GetCommit",
  "codecommit:GetPullRequest",
  "codecommit:ListAssociatedApprovalRuleTemplatesForRepository",
  "codecommit:ListPullRequests",
  "http:Get", // verification
  "s3:ListObjectVersions", // leases
  "servicequotas:GetServiceQuota", // leases
  "ssm:GetParameterHistory", // approvals, consents
  "tagging:GetResources", // lookups, and a record that is lost
];

const well = "Ready Deployed, Healthy Running";

interface Said {
  /** After a deployment. */
  readonly deployed?: string;
  /** After an image was pushed that suits a policy with gates. */
  readonly image?: RegExp;
  /** After a deployment that failed. */
  readonly failed?: RegExp;
  /** Of an image whose scan may find only so much. */
  readonly limited?: RegExp;
  /** A day later. */
  readonly day?: string;
}

const unknown = "Ready Deployed, Healthy Refused";
const unseen = { deployed: unknown, day: unknown };

/** What is said where nobody may look; everything else is as it is where everybody may. */
const optional: readonly (readonly [Operation, Said])[] = [
  ["cloudcontrolapi:GetResource", {}],
  [
    "cloudformation:DetectStackDrift",
    { day: "Ready Deployed, Drifted DetectionIncomplete, Healthy Running" },
  ],
  [
    "cloudformation:DescribeStackDriftDetectionStatus",
    { day: "Ready Deployed, Drifted DetectionIncomplete, Healthy Running" },
  ],
  ["cloudformation:DescribeStackResourceDrifts", {}],
  ["cloudformation:DescribeStackEvents", { failed: /Why is for others to see: AccessDenied/ }],
  ["cloudformation:ListStackResources", unseen],
  ["codecommit:GitPull", {}],
  [
    "ecr:BatchGetImage",
    {
      image: /what it is made of is for others to see \(AccessDenied/,
      limited: /is for others to look at in ECR \(AccessDenied/,
    },
  ],
  [
    "ecr:DescribeImageScanFindings",
    {
      image: /its scan is for others to see \(AccessDenied/,
      limited: /is for others to look at in ECR \(AccessDenied/,
    },
  ],
  [
    "ecr:DescribeImages",
    {
      image: /does not let the controller read it/,
      limited: /is for others to look at in ECR/,
    },
  ],
  ["ecs:DescribeServices", unseen],
  // What a service says of its tasks is its own event.
  ["ecs:DescribeTasks", { failed: /\(task \w+\) failed: Essential container/ }],
  ["ecs:ListTasks", { failed: /\(task \w+\) failed: Essential container/ }],
  ["ssm:DescribeParameters", {}],
];

test("every read is one of these", () => {
  const text = readFileSync(new URL("../../src/aws/call.ts", import.meta.url), "utf8");
  const all = [...text.matchAll(/^ {2}"([a-z0-9]+:\w+)": \[/gm)].map(([, name]) => name);
  const reads = all.filter((name) => kindOf(name as Operation) === "read");
  const known = [...essential, ...asked, ...optional.map(([operation]) => operation)];
  expect(reads.length).toBeGreaterThan(30);
  expect(known.filter((name) => kindOf(name) === "read").sort()).toEqual(reads.sort());
});

const said = async (scene: TestWorld): Promise<string> =>
  (await scene.status()).conditions.map(({ reason, type }) => `${type} ${reason}`).join(", ");

const message = async (scene: TestWorld): Promise<string> =>
  (await scene.status()).conditions.find(({ type }) => type === "Ready")?.message ?? "";

/** An image of one platform, behind an index, with a scan that found nothing. */
async function pushScanned(scene: TestWorld, imageTag: string): Promise<void> {
  const repositoryName = "blog-app-01";
  const put = (manifest: object, tag?: string) =>
    scene.ask("ecr:PutImage", {
      repositoryName,
      imageManifest: JSON.stringify({ schemaVersion: 2, ...manifest }),
      ...(tag === undefined ? {} : { imageTag: tag }),
    }) as Promise<{ readonly image: { readonly imageId: { readonly imageDigest: string } } }>;
  const { image } = await put({
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: "sha256:7" },
    layers: [],
  });
  const { imageDigest: digest } = image.imageId;
  await scene.ask("ecr:StartImageScan", { repositoryName, imageId: { imageDigest: digest } });
  const platform = { os: "linux", architecture: "amd64" };
  const mediaType = "application/vnd.oci.image.index.v1+json";
  await put({ mediaType, manifests: [{ digest, size: 1, platform }] }, imageTag);
}

const gated = 'x-image-policy: { semver: "^1.0", platform: linux/amd64, scan: low }';
const limits = "x-ecr: { VulnerabilitiesScan: { Thresholds: { CRITICAL: 0 } } }";

describe.for(optional)("%s refused", ([operation, { day, deployed, failed, image, limited }]) => {
  test("is said, and stops nothing but what cannot do without", async () => {
    let isRefused = false;
    const error = { error: "AccessDeniedException", when: "before" } as const;
    const scene = testWorld({
      fate: (_, one) => (isRefused && one === operation ? error : "lives"),
    });
    await scene.pushExample();
    const text = (await scene.read("docker-compose.yml")).replace(/x-image-policy: .*/, gated);
    await scene.push({ "docker-compose.yml": text });
    await scene.register();
    await scene.settle();
    isRefused = true;

    const edit = (from: string | RegExp, to: string) => async () => {
      const before = await scene.read("docker-compose.yml");
      await scene.push({ "docker-compose.yml": before.replace(from, to) });
      await scene.settle();
    };
    await edit("VisibilityTimeout: 60", "VisibilityTimeout: 90")();
    expect(await said(scene)).toBe(deployed ?? well);

    await pushScanned(scene, "1.3.0");
    await scene.pushImage("blog-app-02", "1.0.1");
    await scene.settle();
    const now = await scene.read("docker-compose.yml");
    const { images } = await scene.applicationStatus();
    expect(images.find(({ service }) => service === "app01")?.message).toMatch(
      image ?? /1\.3\.0 is what/,
    );
    // Others move all the same, where their repository may be read.
    expect(now.includes("blog-app-02:1.0.1")).toBe(operation !== "ecr:DescribeImages");
    expect(await said(scene)).toBe(deployed ?? well);

    await edit(/\S+blog-worker:\S+/, crashing)();
    expect(await said(scene)).toMatch(/^Ready RolledBack, Stalled RolledBack/);
    expect(await message(scene)).toMatch(failed ?? /Essential container in task exited/);

    await scene.push({ "docker-compose.yml": now });
    await edit(/blog-app-01:.*\n.*x-image-policy.*/, `blog-app-01:1.3.0\n    ${limits}`)();
    if (limited === undefined) expect(await said(scene)).toBe(deployed ?? well);
    else expect(await said(scene)).toMatch(/^Ready ImageVulnerable, Stalled ImageVulnerable/);
    expect(await message(scene)).toMatch(limited ?? /as the repository says/);
    // The other services go on.
    await edit("VisibilityTimeout: 90", "VisibilityTimeout: 120")();

    await scene.push({ "docker-compose.yml": now });
    await scene.settle();
    expect(await said(scene)).toBe(deployed ?? well);
    const made = scene.mutations().length;
    await scene.driver.settle({ at: scene.world.now + 90_000_000 });
    expect(await said(scene)).toBe(day ?? deployed ?? well);
    expect(scene.mutations().length).toBe(made);
  });
});
