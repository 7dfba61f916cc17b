import { describe, expect, test } from "vitest";
import {
  approve,
  began,
  edited,
  good,
  push,
  said,
  statusOf,
  trueup,
  withStatus,
} from "./promotion.ts";

describe("an environment that takes from another", () => {
  test("has what that one verified, as soon as it has", async () => {
    const scene = await began(trueup());
    const { revision } = await statusOf(scene, "test");
    expect(await said(scene, "test")).toEqual([revision.desired, ...good]);
    expect(await said(scene, "prod")).toEqual([revision.desired, ...good]);
  });

  test("never has what failed there, and leaves nothing behind", async () => {
    const scene = await began(trueup());
    const first = (await statusOf(scene, "prod")).revision.deployed;
    const bad = await push(scene, {
      "docker-compose.yml": withStatus(await edited(scene), '"500"'),
    });
    expect(await said(scene, "test")).toEqual([
      bad,
      "Ready=True Deployed",
      "Verified=False Failed",
    ]);
    expect(await said(scene, "prod")).toEqual([first, ...good]);

    const mended = await push(scene, {
      "docker-compose.yml": withStatus(await edited(scene), '"200"'),
    });
    expect(await said(scene, "prod")).toEqual([mended, ...good]);
  });

  test("waits where nothing was verified yet, and says so", async () => {
    const scene = await began(trueup().replace("match: ok", "match: nowhere"));
    expect(await said(scene, "prod")).toEqual(["nothing", "Ready=False NothingVerified"]);
  });

  test("asks first, and a newer candidate takes the place of one that waits", async () => {
    const scene = await began(trueup({ approval: "manual" }));
    const waits = [
      "Ready=False Held",
      "Held=True AwaitingApproval",
      "Approved=False AwaitingApproval",
    ];
    expect(await said(scene, "prod")).toEqual(["nothing", ...waits]);
    const before = (await statusOf(scene, "prod")).digest.plan;

    const second = await push(scene, { "docker-compose.yml": await edited(scene) });
    const { digest, revision } = await statusOf(scene, "prod");
    expect(revision.desired).toBe(second);
    expect(digest.plan).not.toBe(before);

    await approve(scene);
    expect(await said(scene, "prod")).toEqual([
      second,
      "Ready=True Deployed",
      "Approved=True Approved",
      "Verified=True Passed",
    ]);
  });
});

describe("what an environment takes from another", () => {
  test("goes back when it fails here, says so, and lets the next one through", async () => {
    const scene = await began(trueup({ approval: "manual" }));
    await approve(scene);
    const first = (await statusOf(scene, "prod")).revision.deployed;

    const second = await push(scene, {
      "trueup.yaml": trueup({ approval: "manual", status: 500 }),
    });
    await approve(scene);
    expect(await said(scene, "test")).toEqual([second, ...good]);
    const { conditions, revision } = await statusOf(scene, "prod");
    expect(revision).toMatchObject({ deployed: first, verified: first });
    expect(conditions.find(({ type }) => type === "Held")).toMatchObject({
      reason: "VerificationFailed",
      message: expect.stringMatching(`^${second.slice(0, 8)} failed here: http .*answers 500`),
    });

    const third = await push(scene, { "trueup.yaml": trueup({ approval: "manual" }) });
    // It is what runs already: there is nothing to approve.
    expect((await said(scene, "prod")).slice(0, 2)).toEqual([third, "Ready=True Deployed"]);
    const held = (await statusOf(scene, "prod")).conditions.find(({ type }) => type === "Held");
    expect(held).toBeUndefined();
  });

  test("is refused where it would run what was not verified, though the revision was", async () => {
    const overlay = "services: { app02: { image: public.ecr.aws/nginx/nginx:1.27 } }\n";
    const scene = await began(trueup());
    await push(scene, {
      "envs/prod.yml": overlay,
      "trueup.yaml": trueup().replace(
        "from: test\n    compose: [envs/dev.yml]",
        "from: test\n    compose: [envs/dev.yml, envs/prod.yml]",
      ),
    });
    const { conditions } = await statusOf(scene, "prod");
    expect(conditions.find(({ type }) => type === "Stalled")).toMatchObject({
      reason: "NotWhatWasVerified",
      message: expect.stringContaining("App02/app02 would run public.ecr.aws/nginx/nginx:1.27"),
    });
  });

  test("is compiled from its own revision's files, whatever came since", async () => {
    const scene = await began(trueup({ approval: "manual" }));
    const wanted = (await statusOf(scene, "prod")).revision.desired;
    const broken = withStatus(await edited(scene), '"500"');
    await push(scene, {
      "docker-compose.yml": broken,
      "trueup.yaml": trueup({ approval: "manual", prod: "    parameters: { VpcId: vpc-1 }\n" }),
    });
    await approve(scene);
    const { conditions, revision } = await statusOf(scene, "prod");
    expect(revision.deployed).toBe(wanted);
    expect(conditions.find(({ type }) => type === "Ready")?.status).toBe("True");
  });
});

describe("a promotion whose process dies", () => {
  test.for(["before", "after"] as const)(
    "at any call, %s its effect, ends the same",
    async (when) => {
      const calls = (await began(trueup())).calls.length;
      for (let at = Math.floor(calls / 3); at < calls; at += Math.ceil(calls / 25)) {
        const fate = (count: number) => (count === at ? (`dies ${when}` as const) : "lives");
        const scene = await began(trueup(), { fate });
        expect((await said(scene, "prod")).slice(1), `dies ${when} call ${at}`).toEqual(good);
      }
    },
  );
});
