import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";

const part = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const registry = "[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?";

const digest = "(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})";

/** As the registries' own grammar has it (distribution/reference). */
const name = new RegExp(
  `^(?:${registry}/)?${part}(?:/${part})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@${digest})?$`,
);

/** What ECS takes as an image. */
const longest = 255;

/** Says of an image that no registry can have one of that name: its task would start for ever. */
export function checkImage(image: string, path: Path, { report }: Scope): void {
  if (image.length <= longest && name.test(image)) return;
  const shown = image.length > longest ? `${image.slice(0, 40)}…` : image;
  const message = `${JSON.stringify(shown)} is no name of an image`;
  const help = `registry/name:tag@sha256:…, the name in small letters, at most ${longest} characters.`;
  report.error({ code: "unknown-value", path, message, help });
}
