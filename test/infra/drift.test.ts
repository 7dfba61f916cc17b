import { expect, test } from "vitest";
import { handlers } from "./handlers.ts";
import { having, listOf, template } from "./template.ts";

/** Reads that tell values which nobody but their users may know, or the objects of a bucket. */
const withheld: ReadonlySet<string> = new Set([
  "s3:ListBucket",
  "secretsmanager:GetRandomPassword",
  "secretsmanager:GetSecretValue",
  "ssm:GetParameters",
]);

test("drift is looked for with the reads of every type that is compiled, and no more", () => {
  const read = Object.values(handlers)
    .flatMap((handler) => handler.split("; "))
    .flatMap((part) => {
      const [service, names = ""] = part.split(": ");
      return names.split(" ").map((name) => `${service}:${name}`);
    })
    .filter((action) => /:(?:Describe|Get|List)/.test(action) && !withheld.has(action));
  const granted = having("Action", template.Resources.DriftPolicy).flatMap(({ Action }) =>
    listOf(Action).map(String),
  );
  expect(granted.length).toBeGreaterThan(100);
  expect(granted).toEqual([...new Set(read)].sort());
});
