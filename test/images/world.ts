import type { RegistryImage } from "../../src/model/image.ts";

export const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

/** `sha256:` and one hex digit, 64 times. */
export const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** An image with these tags, pushed in this minute of an hour. */
export const image = (
  tags: string | readonly string[],
  digit: string,
  minute = 0,
): RegistryImage => ({
  digest: digest(digit),
  tags: typeof tags === "string" ? [tags] : tags,
  pushedAt: `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`,
  active: true,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
});
