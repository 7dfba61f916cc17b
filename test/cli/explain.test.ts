import { expect, test } from "vitest";
import { tipOf } from "../../src/cli/explain.ts";
import { TerminalError } from "../../src/model/errors.ts";
import type { Ports } from "../../src/ports/ports.ts";

const registration = {
  application: "shop",
  repository: "shop",
  branch: "main",
  file: "trueup.yaml",
  environments: {},
  ssm: [],
};

const told = (tip: () => Promise<string | undefined>): Promise<string> =>
  tipOf(registration, { sources: { tip } } as unknown as Ports);

const failing = (name: string, message = "no") =>
  told(() => {
    throw Object.assign(new Error(message), { name });
  });

test("where a branch is is told, as is that there is none", async () => {
  expect(await told(async () => "1a2b3c4d5e6f")).toBe("shop main is at 1a2b3c4d.");
  expect(await told(async () => undefined)).toBe("shop main is at no commit.");
  const gone = told(async () => {
    throw new TerminalError("RepositoryMissing", "There is no repository shop.");
  });
  expect(await gone).toBe("There is no repository shop.");
});

test("who may look at statuses and not at the repository is told all the rest", async () => {
  expect(await failing("AccessDeniedException", "not authorized")).toBe(
    "You may not see where shop main is: AccessDeniedException: not authorized.",
  );
  await expect(failing("ThrottlingException", "Rate exceeded")).rejects.toThrow("Rate exceeded");
});
