import { expect, test } from "vitest";
import { render } from "../../src/render.ts";

const pin = `@sha256:${"a".repeat(64)}`;

/** The services that are warned of, with the line of their image. */
function warned(text: string): readonly string[] {
  const inputs = {
    files: ["compose.yml"],
    projectDirectory: "",
    projectName: "shop",
    contents: new Map([
      ["compose.yml", text],
      [".env", undefined],
    ]),
    variables: new Map([["TAG", "1"]]),
    profiles: [],
    dialect: "composex" as const,
  };
  const rendered = render(inputs, {
    application: "shop",
    environment: "dev",
    target: { account: "123456789012", region: "eu-west-1" },
    prefix: "trueup",
    layout: "per-service",
  });
  if (rendered.kind !== "rendered") throw new Error(JSON.stringify(rendered));
  return rendered.warnings
    .filter(({ code }) => code === "not-pinned")
    .map(({ file, line, message, path }) => `${file}:${line} ${path} ${message.slice(0, 13)}`);
}

test("an image that runs by its tag is warned of, at its line, and a pinned one is not", () => {
  const text = `services:
  tagged: { image: "web:1" }
  bare: { image: web }
  variable:
    image: web:\${TAG}
  pinned: { image: "web:1${pin}" }
  digest: { image: "web${pin}" }
`;
  expect(warned(text)).toEqual([
    "compose.yml:2 services.tagged.image is not pinned",
    "compose.yml:3 services.bare.image is not pinned",
    "compose.yml:5 services.variable.image is not pinned",
  ]);
});

test("an image under a policy is not: its next look pins it", () => {
  const policy = "x-image-policy: { semver: ^1.0 }";
  expect(warned(`services: { web: { image: "web:1", ${policy} } }`)).toEqual([]);
});
