import { expect, test } from "vitest";
import { errorsOf } from "./from-text.ts";

const errors = (image: string) =>
  errorsOf(
    `services:\n  web: { image: ${JSON.stringify(image)} }\nx-vpc: { Properties: { SingleNat: true } }\n`,
  );

const hex = "0123456789abcdef".repeat(4);

test.for([
  "web",
  "web:1",
  "team/web-1_2__3.4:v1.2.3-rc.1_x",
  "localhost:5000/web",
  "Registry.example.com:443/a/b/c--d",
  `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1@sha256:${hex}`,
  `web@sha512:${hex}${hex}`,
  `${"a".repeat(255)}`,
])("%s is the name of an image", (image) => {
  expect(errors(image)).toEqual([]);
});

test.for([
  "Web:1",
  "-web",
  "web-",
  "web/",
  "web..1",
  "web___1",
  "web 1",
  "web:",
  "web:-1",
  "https://example.com/web",
  "user:word@example.com/web:1",
  `web@sha256:${hex.slice(1)}`,
  `web@sha256:${hex.toUpperCase()}`,
  `web:1@${hex}`,
  // A Cyrillic letter.
  "123456789012.dkr.ecr.eu-west-1.\u0430mazonaws.com/web:1",
])("%s is none", (image) => {
  expect(errors(image)).toEqual([
    `unknown-value services.web.image: ${JSON.stringify(image)} is no name of an image (registry/name:tag@sha256:…, the name in small letters, at most 255 characters.)`,
  ]);
});

test("what is too long is shown in part", () => {
  expect(errors(`a${".a".repeat(500_000)}`)).toEqual([
    expect.stringContaining(`"a${".a".repeat(19)}.…" is no name of an image`),
  ]);
});

test("a tag of 129 characters is none", () => {
  expect(errors(`web:${"1".repeat(128)}`)).toEqual([]);
  expect(errors(`web:${"1".repeat(129)}`)).toHaveLength(1);
});
