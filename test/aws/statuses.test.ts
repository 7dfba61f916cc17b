import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { artifactsIn } from "../../src/aws/artifacts.ts";
import { statusesOf } from "../../src/aws/statuses.ts";
import { digestOf } from "../../src/model/digest.ts";
import type {
  ApplicationStatus,
  EnvironmentStatus,
  PublishedError,
} from "../../src/model/status.ts";
import { errorsBeside, fitting, statusFrom, statusText } from "../../src/model/status-text.ts";
import { awsError, recorder } from "./recorder.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

const status: EnvironmentStatus = {
  v: 1,
  revision: { desired: "c2", deployed: "c1", verified: undefined },
  digest: { bundle: "b".repeat(64), plan: undefined },
  conditions: [
    {
      type: "Ready",
      status: "False",
      reason: "SourceInvalid",
      message: "docker-compose.yml:3:5 is wrong",
      since: "2026-03-02T10:31:48.000Z",
      observedRevision: "c2",
    },
  ],
  stacks: [{ name: "trueup-myapps-dev-base-1a2b3c4d", status: "READY", digest: "d".repeat(64) }],
  errors: [],
  moreErrors: 0,
  requestedAt: undefined,
  nextLook: undefined,
};

const errorOf = (line: number, length = 80): PublishedError => ({
  file: "docker-compose.yml",
  line,
  column: 5,
  path: `services.app${line}`,
  message: "m".repeat(length),
  help: "h",
});

describe("a status", () => {
  test("is written and read back as it was", async () => {
    const name = "/trueup/myapps/dev/status";
    const { call, requests } = recorder({
      "ssm:PutParameter": [{}],
      "ssm:GetParameters": [{ Parameters: [{ Name: name, Value: statusText(status) }] }],
    });
    const statuses = statusesOf(call, artifactsIn("bucket", call));
    await statuses.writeEnvironment("myapps", "dev", status);
    expect(await statuses.readEnvironment("myapps", "dev")).toEqual(status);
    expect(requests[0]?.input).toEqual({
      Name: name,
      Value: statusText(status),
      Type: "String",
      Overwrite: true,
    });
  });

  test("of an application has a parameter of its own", async () => {
    const { call, requests } = recorder({ "ssm:GetParameters": [{}] });
    expect(
      await statusesOf(call, artifactsIn("bucket", call)).readApplication("myapps"),
    ).toBeUndefined();
    expect(requests[0]?.input).toEqual({ Names: ["/trueup/myapps/status"] });
  });

  test.for(["", "{", "null", "[]", '{"v":1}', '{"v":2,"conditions":[],"errors":[]}'])(
    "that reads %j is none",
    (text) => {
      expect(statusFrom(text)).toBeUndefined();
    },
  );

  test("never holds the braces that Parameter Store refuses", () => {
    const texts = fc.array(fc.constantFrom("{", "}", "\\", '"', "x", "ü"), { maxLength: 40 });
    fc.assert(
      fc.property(texts, (parts) => {
        const [condition] = status.conditions;
        const message = parts.join("");
        const quoting = { ...status, conditions: [{ ...condition, message }] } as EnvironmentStatus;
        const text = statusText(quoting);
        expect(text).not.toContain("{{");
        expect(statusFrom<EnvironmentStatus>(text)?.conditions[0]?.message).toBe(message);
      }),
    );
  });
});

describe("a status that is too long", () => {
  const written = (long: Partial<EnvironmentStatus>): EnvironmentStatus => {
    const text = statusText({ ...status, ...long });
    expect(bytesOf(text)).toBeLessThanOrEqual(3500);
    return statusFrom(text) as EnvironmentStatus;
  };

  test("counts the errors that do not fit and keeps the others whole", () => {
    const errors = Array.from({ length: 40 }, (_, index) => errorOf(index));
    const { errors: kept, moreErrors } = written({ errors, moreErrors: 2 });
    expect(kept.length).toBeGreaterThan(5);
    expect(kept).toEqual(errors.slice(0, kept.length));
    expect(moreErrors).toBe(42 - kept.length);
  });

  test("keeps the place of the first error when its text is endless", () => {
    const { errors, moreErrors } = written({ errors: [errorOf(7, 9000), errorOf(8)] });
    expect(errors).toEqual([{ ...errorOf(7), message: `${"m".repeat(399)}…` }]);
    expect(moreErrors).toBe(1);
  });

  test("shortens digests before it leaves out a list", () => {
    const stacks = Array.from({ length: 22 }, (_, index) => ({
      name: `trueup-myapps-dev-s-app${index}-1a2b3c4d`,
      status: "CREATE_COMPLETE",
      digest: "d".repeat(64),
    }));
    const kept = written({ stacks, errors: [errorOf(1, 500)] }).stacks;
    expect(kept).toEqual(stacks.map((stack) => ({ ...stack, digest: "d".repeat(12) })));
  });

  test("leaves out a list that would not fit, never a part of it", () => {
    const stacks = Array.from({ length: 200 }, (_, index) => ({
      name: `trueup-myapps-dev-s-app${index}-1a2b3c4d`,
      status: "CREATE_COMPLETE",
      digest: "d".repeat(64),
    }));
    expect(written({ stacks }).stacks).toEqual([]);
  });

  test("of an application keeps its environments, else is an error", () => {
    const application = (environments: number): ApplicationStatus => ({
      v: 1,
      revision: "c1",
      conditions: [],
      errors: [errorOf(1)],
      moreErrors: 0,
      environments: Array.from({ length: environments }, (_, index) => `environment-${index}`),
      images: Array.from({ length: 40 }, (_, index) => ({
        service: `app${index}`,
        image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/app${index}:1.0.0`,
        repository: `app${index}`,
        state: "current",
        message: "m".repeat(100),
      })),
    });
    const text = statusText(application(100));
    expect(bytesOf(text)).toBeLessThanOrEqual(3500);
    const { environments, images } = application(100);
    expect(statusFrom(text)).toMatchObject({ environments, images: [] });
    expect(images).toHaveLength(40);
    expect(() => statusText(application(1000))).toThrow("does not fit");
  });
});

describe("errors that a status has no room for", () => {
  const errors = Array.from({ length: 60 }, (_, line) => errorOf(line));
  const wrong = { ...status, errors };
  const kept = `errors/${digestOf(errors)}.json`;

  test("are counted, and kept beside it before it is written", async () => {
    const { call, requests } = recorder({ "s3:PutObject": [{}], "ssm:PutParameter": [{}] });
    await statusesOf(call, artifactsIn("bucket", call)).writeEnvironment("myapps", "dev", wrong);
    const [object, parameter] = requests.map(({ input }) => input as Record<string, string>);
    expect(object).toMatchObject({ Bucket: "bucket", Key: kept, Body: JSON.stringify(errors) });
    const written = statusFrom<EnvironmentStatus>(parameter?.Value ?? "");
    expect(written).toMatchObject({ more: kept });
    expect((written?.errors.length ?? 0) + (written?.moreErrors ?? 0)).toBe(60);
    expect(written).toEqual(fitting(wrong));
  });

  test("keep no status from being written where they cannot be kept", async () => {
    const { call, requests } = recorder({
      "s3:PutObject": [awsError("AccessDenied")],
      "ssm:PutParameter": [{}],
    });
    await statusesOf(call, artifactsIn("bucket", call)).writeEnvironment("myapps", "dev", wrong);
    expect(requests.map(({ operation }) => operation)).toEqual([
      "s3:PutObject",
      "ssm:PutParameter",
    ]);
  });

  test("are where it says for as long as it is published, and nowhere once there are none", () => {
    const published = fitting(wrong);
    expect(fitting(published)).toEqual(published);
    expect(errorsBeside(published)).toBeUndefined();
    expect(fitting({ ...published, errors: [], moreErrors: 0 }).more).toBeUndefined();
    expect(errorsBeside(status)).toBeUndefined();
  });
});
