import { describe, expect, test } from "vitest";
import { choose } from "../../src/images/choose.ts";
import { gateOf, inspectionKey } from "../../src/images/gates.ts";
import { type Policy, readPolicy } from "../../src/images/policy.ts";
import type { IndexEntry, Inspection, RegistryImage, Scan } from "../../src/model/image.ts";
import { digest, image } from "./world.ts";

const repository = { account: "123456789012", region: "eu-west-1", name: "web" };
const index = (tag: string, digit: string): RegistryImage => ({
  ...image(tag, digit),
  mediaType: "application/vnd.oci.image.index.v1+json",
});
const entries: Readonly<Record<string, readonly IndexEntry[]>> = {
  [digest("a")]: [
    { digest: digest("1"), platform: "linux/amd64" },
    { digest: digest("2"), platform: "linux/arm64/v8" },
    { digest: digest("3"), platform: "unknown/unknown" },
  ],
  [digest("b")]: [{ digest: digest("4"), platform: "linux/amd64" }],
};
const scans: Readonly<Record<string, Scan>> = {
  [digest("1")]: { status: "COMPLETE", findings: { LOW: 3 } },
  [digest("2")]: { status: "ACTIVE", findings: { MEDIUM: 1, HIGH: 0 } },
  [digest("4")]: { status: "IN_PROGRESS", findings: {} },
  [digest("c")]: { status: "COMPLETE", findings: { CRITICAL: 2, HIGH: 1 } },
  [digest("d")]: { status: "COMPLETE", findings: { UNTRIAGED: 1 } },
};

/** Chooses as the controller does: asks until everything is known. */
function pick(data: unknown, images: readonly RegistryImage[], tag?: string) {
  const inspected = new Map<string, readonly IndexEntry[] | Scan | undefined>();
  const asked: string[] = [];
  const answer = (one: Inspection): void => {
    const key = inspectionKey(one);
    if (inspected.has(key)) throw new Error(`Asked twice: ${key}`);
    inspected.set(key, one.what === "scan" ? scans[one.digest] : entries[one.digest]);
    asked.push(`${one.what} ${one.digest.at(-1)}`);
  };
  const policy = policyOf(data);
  const now = { tag, digest: images.find(({ tags: [first] }) => first === tag)?.digest };
  for (;;) {
    const choice = choose(policy, images, gateOf(policy.gates, repository, inspected))(now);
    if (choice.kind !== "asks") return { asked, said: saidBy(choice) };
    choice.asks.forEach(answer);
  }
}

function policyOf(data: unknown): Policy {
  const read = readPolicy(data);
  if (read.kind === "refused") throw new Error(read.reason);
  return read.policy;
}

type Choice = Exclude<ReturnType<ReturnType<typeof choose>>, { readonly kind: "asks" }>;

const saidBy = (choice: Choice): string =>
  choice.kind === "chosen" ? `${choice.tag} ${choice.note}`.trim() : choice.reason;

describe("platform", () => {
  const images = [index("1.0.0", "a"), index("1.1.0", "b"), image("1.2.0", "c")];

  test("passes over images that are not made for it, newest first", () => {
    expect(pick({ semver: "*", platform: "linux/arm64" }, images)).toEqual({
      asked: ["platforms b", "platforms a"],
      said: "1.0.0 1.2.0 is passed over: it is of one platform and does not say which: only an index does; 1.1.0 is passed over: it is not made for linux/arm64",
    });
    expect(pick({ semver: "*", platform: "linux/amd64" }, images).said).toMatch(/^1\.1\.0 /);
  });

  test("asks for all of several, and for a variant where it says one", () => {
    const both = ["linux/amd64", "linux/arm64"];
    expect(pick({ semver: "*", platform: both }, images).said).toMatch(/^1\.0\.0 /);
    expect(pick({ semver: "*", platform: "linux/arm64/v8" }, images).said).toMatch(/^1\.0\.0 /);
    expect(pick({ semver: "*", platform: "linux/arm64/v7" }, images).said).toMatch(/^no image/);
  });

  test("asks for nothing, where nothing is asked of the image", () => {
    expect(pick({ semver: "*" }, images)).toEqual({ asked: [], said: "1.2.0" });
  });
});

describe("scan", () => {
  test("passes over what has findings above the limit, of a name that it does not know too", () => {
    const images = [image("1.0.0", "1"), image("1.1.0", "d"), image("1.2.0", "c")];
    expect(pick({ semver: "*", scan: "low" }, images)).toEqual({
      asked: ["scan c", "scan d", "scan 1"],
      said: "1.0.0 1.2.0 is passed over: its scan found 1 HIGH, 2 CRITICAL; 1.1.0 is passed over: its scan found 1 UNTRIAGED",
    });
    expect(pick({ semver: "*", scan: "critical" }, images).said).toBe("1.2.0");
    expect(pick({ semver: "*", scan: "none" }, images).said).toMatch(/^no image in the registry/);
  });

  test("waits for a scan that is not done, or was never made", () => {
    const images = [image("1.0.0", "4"), image("1.1.0", "9")];
    expect(pick({ semver: "*", scan: "critical" }, images).said).toContain(
      "its scan is IN_PROGRESS",
    );
    expect(pick({ semver: "*", scan: "critical" }, images).said).toContain("it was not scanned");
  });

  test("of an index looks at the images that it is made of and that run", () => {
    const images = [index("1.0.0", "a")];
    expect(pick({ semver: "*", scan: "medium" }, images)).toEqual({
      asked: ["platforms a", "scan 1", "scan 2"],
      said: "1.0.0",
    });
    expect(pick({ semver: "*", scan: "low" }, images).said).toContain("found 1 MEDIUM");
    expect(pick({ semver: "*", scan: "low", platform: "linux/amd64" }, images)).toEqual({
      asked: ["platforms a", "scan 1"],
      said: "1.0.0",
    });
  });

  test("never takes back what runs: an image found bad since stays until a better one is there", () => {
    const images = [image("1.0.0", "1"), image("1.1.0", "c")];
    expect(pick({ semver: "*", scan: "low" }, images, "1.1.0").said).toMatch(/^1\.1\.0/);
    const pushed = [image("b1", "1", 1), image("b2", "c", 2)];
    expect(pick({ newest: true, scan: "medium" }, pushed, "b2").said).toMatch(
      /^b2 b2 is passed over/,
    );
    const better = [...pushed, image("b3", "2", 3)];
    expect(pick({ newest: true, scan: "medium" }, better, "b2").said).toBe("b3");
    expect(pick({ newest: true, scan: "medium" }, pushed, "b1").said).toMatch(
      /^b1 b2 is passed over/,
    );
  });
});

test("gives up after twenty images that do not pass", () => {
  const images = Array.from({ length: 30 }, (_, n) => image(`1.0.${n}`, (n % 10).toString()));
  const distinct = images.map((one, n) => ({
    ...one,
    digest: `${one.digest.slice(0, -2)}${n + 10}`,
  }));
  const { asked, said } = pick({ semver: "*", scan: "low" }, distinct);
  expect(asked).toHaveLength(20);
  expect(said).toContain("no image in the registry fits the policy; 1.0.29 is passed over");
});
