import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { expect, test } from "vitest";
import { createDriver } from "../../src/sandbox/driver.ts";
import { startServer } from "../../src/sandbox/server.ts";
import { setQuota } from "../../src/sandbox/service-quotas.ts";
import { aWorld, call, refusal } from "./world-of-services.ts";

const place = { account: "123456789012", region: "eu-west-1" };
const vpcs = { ServiceCode: "vpc", QuotaCode: "L-F678F1CE" };

test("a quota is what AWS gives until it is raised, in one account and region", () => {
  const world = aWorld();
  const value = () =>
    (call(world, "servicequotas:GetServiceQuota", vpcs) as { readonly Quota: unknown }).Quota;
  expect(value()).toMatchObject({ ...vpcs, QuotaName: "VPCs per Region", Value: 5 });
  setQuota({ ...place, region: "us-east-1", world }, "vpc L-F678F1CE", 9);
  expect(value()).toMatchObject({ Value: 5 });
  setQuota({ ...place, world }, "vpc L-F678F1CE", 7);
  expect(value()).toMatchObject({ Value: 7 });
  expect(refusal(world, "servicequotas:GetServiceQuota", { ...vpcs, QuotaCode: "L-1" })).toMatch(
    /^NoSuchResourceException: /,
  );
});

test("the SDK's client is answered", async () => {
  const world = aWorld();
  const server = await startServer({ world, driver: () => createDriver(world, {}), port: 0 });
  const client = new ServiceQuotasClient({
    region: "eu-west-1",
    endpoint: server.url,
    credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  try {
    const { Quota } = await client.send(new GetServiceQuotaCommand(vpcs));
    expect(Quota?.Value).toBe(5);
    const wrong = client.send(new GetServiceQuotaCommand({ ...vpcs, QuotaCode: "L-1" }));
    await expect(wrong).rejects.toMatchObject({ name: "NoSuchResourceException" });
  } finally {
    client.destroy();
    await server.close();
  }
});
