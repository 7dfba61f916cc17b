import { expect, test } from "vitest";
import { storedTexts } from "../../src/desired/stored.ts";
import type { Artifacts, StoredValue } from "../../src/ports/ports.ts";

const asking = {
  keys: ["variables"],
  positionOf: () => ({ file: "trueup.yaml", line: 3, column: 1 }),
  environment: "dev",
  commit: "c0ffee",
  registration: {
    application: "myapps",
    repository: "myapps",
    branch: "main",
    file: "trueup.yaml",
    environments: {},
    ssm: ["/shared/a"],
  },
};

function bucket() {
  const kept = new Map<string, string>();
  const artifacts = {
    read: async (path: string) => kept.get(path),
    put: async (path: string, text: string) => void kept.set(path, text),
  } as Artifacts;
  return { artifacts, kept };
}

test("a parameter that the installation does not let the controller read stalls, and is asked for again once it does", async () => {
  const { artifacts, kept } = bucket();
  let value: StoredValue = { refused: "User: x is not authorized to perform: ssm:GetParameters" };
  const stored = { read: async () => new Map([["/shared/a", value]]) };
  const read = () => storedTexts({ LEVEL: "ssm:/shared/a" }, asking, { artifacts, stored });
  await expect(read()).rejects.toMatchObject({
    name: "TerminalError",
    reason: "NotPermitted",
    message: expect.stringMatching(/may not read the parameter `\/shared\/a`.*SharedParameters/),
  });
  expect(kept.size).toBe(0);
  value = { text: "debug" };
  expect(await read()).toEqual({ LEVEL: "debug" });
});
