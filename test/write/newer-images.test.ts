import { expect, test } from "vitest";
import { readApplication } from "../../src/application/read.ts";
import { forgetAll } from "../../src/memo.ts";
import type { RegistryImage } from "../../src/model/image.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { type ImagePlace, newerImages } from "../../src/write/newer-images.ts";

const digest = (character: string): string => `sha256:${character.repeat(64)}`;

const image = (tag: string, character: string): RegistryImage => ({
  digest: digest(character),
  tags: [tag],
  pushedAt: "2026-01-01T00:00:00Z",
  active: true,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
});

const settings = (name: string): string =>
  `application: ${name}\ncompose: [compose.yml]\nenvironments: { dev: { on: { branch: main } } }\n`;

const compose = (policy: string): string => `services:
  web:
    image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1.0.0@${digest("a")}
    x-image-policy: ${policy}
`;

/** An application whose files are those that blobs of its name hold. */
function placeOf(name: string): ImagePlace {
  const read = readApplication("trueup.yaml", settings(name));
  if (read.kind === "failed") throw new Error(JSON.stringify(read.diagnostics));
  const tree = new Map(["compose.yml", "trueup.yaml"].map((path) => [path, `${name}/${path}`]));
  return {
    application: read.application,
    registration: {
      application: name,
      repository: name,
      branch: "main",
      file: "trueup.yaml",
      environments: {},
      ssm: [],
    },
    tip: { repository: name, commit: "c1", tree },
  };
}

/** A registry that holds `held`; it counts the files that are read, and what is asked of images. */
function world(held: RegistryImage[], policy = "{ semver: ^1 }") {
  const counts = { files: 0, scans: 0 };
  const ports = {
    images: {
      list: async () => ({ kind: "images", images: held }),
      scan: async () => {
        counts.scans += 1;
        return { status: "COMPLETE", findings: {} };
      },
    },
    sources: {
      blob: async (repository: string, _: string, path: string) => {
        counts.files += 1;
        return path === "compose.yml" ? compose(policy) : settings(repository);
      },
      message: async () => ({ text: "Begin", parent: undefined }),
    },
  } as unknown as Ports;
  return { counts, ports };
}

test("images that are what they should be are told without a file, of ever so many applications", async () => {
  forgetAll();
  const { counts, ports } = world([image("1.0.0", "a")]);
  const places = Array.from({ length: 120 }, (_, index) => placeOf(`app${index}`));
  const look = async () => {
    const told = [];
    for (const place of places) told.push((await newerImages(place, ports)).images);
    return told;
  };
  const first = await look();
  expect(first[0]).toMatchObject([{ service: "web", state: "current" }]);
  expect(counts.files).toBe(2 * places.length);
  expect(await look()).toEqual(first);
  expect(counts.files).toBe(2 * places.length);
});

test("an image that is pushed meanwhile is seen", async () => {
  forgetAll();
  const held = [image("1.0.0", "a")];
  const { ports } = world(held);
  const place = placeOf("myapps");
  await newerImages(place, ports);
  held.push(image("1.0.1", "b"));
  const { changes, files } = await newerImages(place, ports);
  expect(changes).toMatchObject([{ to: { tag: "1.0.1", digest: digest("b") } }]);
  expect(files.get("compose.yml")).toContain(`web:1.0.1@${digest("b")}`);
});

test("what an image was found to be is asked for again by the next look", async () => {
  forgetAll();
  const gated = "{ semver: ^1, scan: medium }";
  const { counts, ports } = world([image("1.0.0", "a")], gated);
  const place = placeOf("myapps");
  const { images } = await newerImages(place, ports);
  const once = counts.scans;
  expect(images).toMatchObject([{ state: "current" }]);
  expect(once).toBeGreaterThan(0);
  await newerImages(place, ports);
  expect(counts.scans).toBe(2 * once);
});
