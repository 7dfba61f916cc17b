import { expect, test } from "vitest";
import { explained } from "../../src/cli/explained.ts";
import { UsageError } from "../../src/cli/usage.ts";
import { invalid, TerminalError } from "../../src/model/errors.ts";

const named = (name: string, more: object = {}): Error =>
  Object.assign(new Error("No."), { name, ...more });

const diagnostic = {
  file: "trueup.yaml",
  line: 3,
  column: 5,
  path: "environments",
  severity: "error",
  code: "empty",
  message: "is empty",
  help: "name one",
} as const;

test.for<[string, unknown, readonly (string | RegExp)[]]>([
  ["a wrong word with the usage", new UsageError("Say which."), ["Say which.", "usage: trueup x"]],
  ["what a revision is wrong in, by line", invalid("X", [diagnostic]), [/^trueup\.yaml:3:5/]],
  [
    "what is only warned of as that, before what is wrong",
    invalid("X", [
      { ...diagnostic, severity: "warning", line: 9 },
      diagnostic,
      { ...diagnostic, severity: "warning", line: 1 },
      { ...diagnostic, line: 5 },
    ]),
    [
      /^warning: trueup\.yaml:9:5/,
      /^warning: trueup\.yaml:1:5/,
      /^trueup\.yaml:3:5/,
      /^trueup\.yaml:5:5/,
    ],
  ],
  [
    "what is only warned of as it is, where nothing is wrong",
    invalid("X", [{ ...diagnostic, severity: "warning" }]),
    [/^trueup\.yaml:3:5/],
  ],
  ["a reason in its own word", new TerminalError("TargetChanged", "No."), ["TargetChanged: No."]],
  ["an error of AWS as it is", named("AccessDenied"), ["AccessDenied: No."]],
  ["no credentials", named("CredentialsProviderError"), [/: No\.$/, /AWS_PROFILE.*trueup dev env/]],
  ["a session that is over", named("ExpiredTokenException"), [/: No\.$/, /sign in again/]],
  [
    "no sandbox",
    named("Error", { code: "ECONNREFUSED" }),
    [/: No\.$/, /^Nothing answers at http:/],
  ],
  [
    "no sandbox to push to",
    Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } }),
    ["TypeError: fetch failed", /^Nothing answers at http:/],
  ],
  ["no such host", named("Error", { code: "ENOTFOUND" }), [/: No\.$/, /^Nothing answers at http:/]],
  ["no installation here", named("NoSuchBucket"), [/: No\.$/, /AWS_REGION.*trueup doctor/]],
  [
    "an endpoint that is none",
    named("TypeError", { code: "ERR_INVALID_URL" }),
    [/: No\.$/, /^AWS_ENDPOINT_URL is .*: write/],
  ],
  ["what is no error", "odd", ["odd"]],
])("a person is told %s", ([, error, lines]) => {
  const io = { env: { AWS_ENDPOINT_URL: "http://127.0.0.1:4566" } };
  const said = explained(error, { usage: "trueup x" }, io);
  expect(said).toHaveLength(lines.length);
  for (const [at, line] of lines.entries()) expect(said[at]).toMatch(line);
});
