import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { begin, history, registry, settings } from "./repository.ts";
import { writesAfter } from "./three-uses.ts";
import { testWorld } from "./world.ts";

const compose = (...policies: readonly string[]) => `services:
  web:
    image: ${registry}/web:1.0.0
    x-image-policy: ${policies[0] ?? "{ semver: ^1 }"}
  worker:
    image: ${registry}/worker:1.0.0
    x-image-policy: ${policies[1] ?? "{ semver: ^1 }"}
`;

const began = async (more = "", text = compose()) => {
  const scene = testWorld();
  await begin(scene, { "trueup.yaml": settings("myapps", more), "compose.yml": text });
  return scene;
};

describe("a burst of pushes", () => {
  test("is one commit, once it is over, and then silence", async () => {
    const scene = await began();
    const before = (await history(scene)).length;
    await scene.pushImage("web", "1.0.1");
    await scene.pushImage("worker", "1.0.1");
    scene.world.advanceTo(scene.world.now + 500);
    await scene.pushImage("web", "1.0.2");
    await scene.settle();
    const messages = await history(scene);
    expect(messages).toHaveLength(before + 1);
    expect(messages[0]).toContain("Update the images of web, worker\n");
    expect(await scene.read("compose.yml")).toMatch(/web:1\.0\.2@sha256:[\s\S]*worker:1\.0\.1@/);
    expect(await writesAfter(scene)).toBe(0);
  });

  test("that goes on for longer than a pass can wait is waited for by a schedule", async () => {
    const scene = await began("images: { quiet: 5m }\n");
    // What the files began with is pinned first.
    expect(await scene.read("compose.yml")).toMatch(/web:1\.0\.0@sha256:/);
    const before = (await history(scene)).length;
    const minutes = (count: number) =>
      scene.driver.settle({ at: scene.world.now + count * 60_000 });
    await scene.pushImage("web", "1.0.1");
    await minutes(3);
    expect((await scene.applicationStatus()).images[0]).toMatchObject({
      service: "web",
      state: "waiting",
      message: "1.0.0 → 1.0.1, once pushes come to rest",
    });
    const { Schedules } = (await scene.ask("scheduler:ListSchedules", {})) as {
      readonly Schedules: readonly { readonly Name: string }[];
    };
    expect(Schedules.some(({ Name }) => Name.startsWith("i-"))).toBe(true);
    await scene.pushImage("web", "1.0.2");
    await minutes(3);
    expect(await history(scene)).toHaveLength(before);
    await scene.settle();
    expect(await history(scene)).toHaveLength(before + 1);
    expect((await history(scene))[0]).toContain("Update web to 1.0.2");
  });

  test("of n images is between 1 and n commits, whenever they come, and then silence", async () => {
    const push = fc.record({
      repository: fc.constantFrom("web", "worker"),
      after: fc.integer({ min: 0, max: 40_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(push, { minLength: 1, maxLength: 6 }), async (pushes) => {
        const scene = await began();
        const before = (await history(scene)).length;
        for (const [index, { after, repository }] of pushes.entries()) {
          await scene.driver.settle({ at: scene.world.now + after });
          await scene.pushImage(repository, `1.1.${index}`);
        }
        await scene.settle();
        const made = (await history(scene)).length - before;
        expect(made).toBeGreaterThanOrEqual(1);
        expect(made).toBeLessThanOrEqual(pushes.length);
        const last = (name: string) =>
          pushes.findLastIndex(({ repository }) => repository === name);
        for (const name of ["web", "worker"])
          if (last(name) >= 0)
            expect(await scene.read("compose.yml")).toContain(`${name}:1.1.${last(name)}@`);
        expect(await writesAfter(scene)).toBe(0);
      }),
      { numRuns: 15 },
    );
  });
});

describe("nothing is written", () => {
  test("when a pinned version's tag is pushed again, or an image without a policy", async () => {
    const text = compose().replace("    x-image-policy: { semver: ^1 }\n  worker", "  worker");
    const scene = await began("", text);
    const before = await history(scene);
    for (const repositoryName of ["web", "worker"])
      await scene.ask("ecr:PutImage", {
        repositoryName,
        imageTag: "1.0.0",
        imageManifest: JSON.stringify({
          schemaVersion: 2,
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: "sha256:1" },
          layers: [],
        }),
      });
    await scene.settle();
    expect(await history(scene)).toEqual(before);
    expect((await scene.applicationStatus()).images).toMatchObject([
      { service: "worker", state: "unchanged", message: expect.stringContaining("pushed again") },
    ]);
  });

  test("for untagged images, the parts of an index, signatures and attestations", async () => {
    const scene = await began("", compose("{ newest: true }"));
    const before = await history(scene);
    const put = (manifest: object, imageTag?: string) =>
      scene.ask("ecr:PutImage", {
        repositoryName: "web",
        imageManifest: JSON.stringify({ schemaVersion: 2, ...manifest }),
        ...(imageTag === undefined ? {} : { imageTag }),
      }) as Promise<{ readonly image: { readonly imageId: { readonly imageDigest: string } } }>;
    const single = {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: "sha256:2" },
      layers: [],
    };
    const { image } = await put(single);
    const { imageDigest: digest } = image.imageId;
    const config = { mediaType: "application/vnd.dev.cosign.sig.v1+json", digest: "sha256:3" };
    await put({ ...single, config }, "1.7.0");
    await put({ ...single, layers: [{}] }, `${digest.replace(":", "-")}.sig`);
    await put({ ...single, layers: [{}, {}] }, `${digest.replace(":", "-")}.att`);
    await scene.settle();
    expect(await history(scene)).toEqual(before);

    // Their index has a tag: that is an update.
    const mediaType = "application/vnd.oci.image.index.v1+json";
    const { image: index } = await put({ mediaType, manifests: [{ digest, size: 1 }] }, "1.8.0");
    await scene.settle();
    expect(await scene.read("compose.yml")).toContain(`web:1.8.0@${index.imageId.imageDigest}`);
  });
});

test("an image is written once its scan is done and clean", async () => {
  const scene = await began("", compose("{ semver: ^1, scan: low }"));
  const repositoryName = "web";
  const imageScanningConfiguration = { scanOnPush: true };
  await scene.ask("ecr:PutImageScanningConfiguration", {
    repositoryName,
    imageScanningConfiguration,
  });
  const put = (imageTag: string, annotations: object) =>
    scene.ask("ecr:PutImage", {
      repositoryName,
      imageTag,
      imageManifest: JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: "sha256:4" },
        layers: [],
        annotations,
      }),
    });
  await put("1.0.1", {});
  await put("1.0.2", { "trueup.sandbox.findings.HIGH": "1" });
  await scene.settle();
  expect(await scene.read("compose.yml")).toContain("web:1.0.1@");
  const { images } = await scene.applicationStatus();
  expect(images[0]?.message).toContain("1.0.2 is passed over: its scan found 1 HIGH");
});

test("two applications that fight over an image are stopped, and told of each other", async () => {
  const scene = testWorld();
  const base = `services:\n  web:\n    image: ${registry}/web:1.0.0\n`;
  const policy = (range: string) =>
    `services: { web: { x-image-policy: { semver: "${range}" } } }\n`;
  const application = (name: string) => settings(name, `compose: [compose.yml, ${name}.yml]\n`);
  await begin(
    scene,
    {
      "compose.yml": base,
      "a.yaml": application("a"),
      "a.yml": policy("1.x"),
      "b.yaml": application("b"),
      "b.yml": policy("2.x"),
    },
    { a: "a.yaml", b: "b.yaml" },
  );
  await scene.pushImage("web", "2.0.0");
  await scene.settle();
  await scene.driver.settle({ at: scene.world.now + 3 * 3_600_000 });
  const messages = await history(scene);
  expect(messages.length).toBeLessThanOrEqual(6);
  const statuses = await Promise.all(
    ["a", "b"].map(async (name) => {
      const asked = { Name: `/trueup/${name}/status` };
      const { Parameter } = (await scene.ask("ssm:GetParameter", asked)) as {
        readonly Parameter: { readonly Value: string };
      };
      return JSON.parse(Parameter.Value).images[0];
    }),
  );
  const stalled = statuses.filter(({ state }) => state === "stalled");
  expect(stalled).toHaveLength(1);
  expect(stalled[0].message).toMatch(/two policies fight over it: .* of [ab] .* of [ab] /);
  expect(await writesAfter(scene)).toBe(0);
});

describe("images that are written for others alone", () => {
  const overlay = (tag: string) => `services:
  api:
    image: ${registry}/web:${tag}
    x-image-policy: { semver: ^1 }
`;
  const trueup = (more: string) =>
    `application: myapps\nenvironments:\n  dev: { on: { branch: main } }\n${more}`;

  test.for([
    ["verified before", "  prod: { from: dev, compose: [prod.yml] }\n"],
    ["tagged", '  prod: { on: { tag: "v*" }, compose: [prod.yml] }\n'],
    ["in branches", '  prod: { on: { branch: "feature/*" }, compose: [prod.yml] }\n'],
  ] as const)("move too: %s", async ([, more]) => {
    const scene = testWorld();
    await begin(scene, {
      "trueup.yaml": trueup(more),
      "compose.yml": compose(),
      "prod.yml": overlay("1.0.0"),
    });
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    expect(await scene.read("prod.yml")).toContain("web:1.0.1@sha256:");
    expect(await scene.read("compose.yml")).toContain("web:1.0.1@sha256:");
    expect(await writesAfter(scene)).toBe(0);
  });

  test("that cannot be read keep nobody's from moving who follows", async () => {
    const scene = testWorld();
    await begin(scene, {
      "trueup.yaml": trueup("  prod: { from: dev, compose: [prod.yml] }\n"),
      "compose.yml": compose(),
      "prod.yml": "services: {\n",
    });
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    expect(await scene.read("compose.yml")).toContain("web:1.0.1@sha256:");
  });

  test("where nobody follows the branch, those of tags and branches are all that move", async () => {
    const scene = testWorld();
    await begin(scene, {
      "trueup.yaml": 'application: myapps\nenvironments:\n  prod: { on: { tag: "v*" } }\n',
      "compose.yml": compose(),
    });
    await scene.pushImage("web", "1.0.1");
    await scene.settle();
    expect(await scene.read("compose.yml")).toContain("web:1.0.1@sha256:");
  });
});
