import { expect, test } from "vitest";
import { siteAt } from "../../src/cli/site.ts";
import { foundPath } from "../../src/cli/trace-found.ts";
import { emptyRecord } from "../../src/model/record.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";
import { fakePorts } from "../handle/fakes.ts";

const place = { application: "shop", environment: "dev" };

const refuses = (name: string) => async (): Promise<never> => {
  throw Object.assign(new Error("User: ann is not authorized to perform: s3:GetObject"), { name });
};

const portsWith = (read: () => Promise<never>) => {
  const { ports } = fakePorts();
  const statuses = { ...ports.statuses, readEnvironment: async () => emptyStatus };
  return { ...ports, statuses, records: { ...ports.records, read } };
};

test("who may not look into the bucket still has the status, and is told why no more", async () => {
  const site = await siteAt(place, portsWith(refuses("AccessDenied")));
  expect(site).toMatchObject({ ...place, status: emptyStatus, record: emptyRecord });
  expect(site.refused).toContain("not authorized");
});

test("what may not be read is not said to be missing", async () => {
  const question = { kind: "path", place, path: "services.web" } as const;
  const asked = foundPath(question, portsWith(refuses("AccessDenied")));
  await expect(asked).rejects.toThrow("What shop/dev should hold may not be read: AccessDenied");
});

test("what passes by itself is no refusal", async () => {
  const slow = async (): Promise<never> => {
    throw Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
  };
  await expect(siteAt(place, portsWith(slow))).rejects.toThrow("Rate exceeded");
});
