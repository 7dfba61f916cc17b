import { describe, expect, test } from "vitest";
import { keysFor } from "../../src/handle.ts";
import { TerminalError } from "../../src/model/errors.ts";
import { instanceOfBranch } from "../../src/promote/instance.ts";
import { fakePorts, registration } from "./fakes.ts";

const yaml = (...environments: readonly string[]) =>
  [
    "application: myapps",
    "environments:",
    ...environments.map((one) => `  ${one}: { on: { branch: ${one === "dev" ? "main" : one} } }`),
  ].join("\n");

describe("a repository that moved", () => {
  const world = {
    registrations: [registration("myapps"), registration("shop")],
    files: { myapps: yaml("dev", "next"), shop: "application: shop" },
    statuses: { myapps: { environments: ["dev", "old"] } },
  };

  test("means its applications, and the environments they have and had", async () => {
    const keys = await keysFor(
      { look: "repository", repository: "myapps" },
      fakePorts(world).ports,
    );
    expect(keys).toEqual(["myapps/@images", "myapps/dev", "myapps/old", "myapps/next"]);
  });

  test("on the branch of trueup.yaml means all of it", async () => {
    const hint = { look: "repository", repository: "myapps", pushed: { branch: "main" } } as const;
    expect(await keysFor(hint, fakePorts(world).ports)).toHaveLength(4);
  });

  test("on another branch means the environments that follow it", async () => {
    const hint = { look: "repository", repository: "myapps", pushed: { branch: "next" } } as const;
    expect(await keysFor(hint, fakePorts(world).ports)).toEqual(["myapps/next"]);
  });

  test("means the instances that have a record, and on a branch of several that one's", async () => {
    const yaml = 'application: myapps\nenvironments: { preview: { on: { branch: "feature/*" } } }';
    const records = ["myapps/preview.feature-a-1a2b3c", "shop/dev"];
    const { ports } = fakePorts({ ...world, files: { myapps: yaml }, records });
    const all = { look: "repository", repository: "myapps" } as const;
    expect(await keysFor(all, ports)).toEqual([
      "myapps/@images",
      "myapps/dev",
      "myapps/old",
      "myapps/preview",
      "myapps/preview.feature-a-1a2b3c",
    ]);
    const one = { ...all, pushed: { branch: "feature/b" } };
    expect(await keysFor(one, ports)).toEqual([
      "myapps/preview",
      `myapps/preview.${instanceOfBranch("feature/b")}`,
    ]);
    expect(await keysFor({ ...all, pushed: { tag: "feature/b" } }, ports)).toEqual([]);
  });

  test("that nobody registered means nothing", async () => {
    const hint = { look: "repository", repository: "other" } as const;
    expect(await keysFor(hint, fakePorts(world).ports)).toEqual([]);
  });

  test.for([
    ["is broken", "environments: ["],
    ["is unreachable", undefined],
  ] as const)("whose trueup.yaml %s means the environments it had", async ([, file]) => {
    const files: Record<string, string> = file === undefined ? {} : { myapps: file };
    const { lines, ports } = fakePorts({ ...world, files });
    const keys = await keysFor({ look: "repository", repository: "myapps" }, ports);
    expect(keys).toEqual(["myapps/@images", "myapps/dev", "myapps/old"]);
    expect(lines).toMatchObject([{ message: "application not read", application: "myapps" }]);
  });
});

test("everything means every application, the unreachable too", async () => {
  const world = {
    registrations: [registration("myapps"), registration("shop")],
    files: { myapps: yaml("dev") },
    statuses: { shop: { environments: ["prod"] } },
  };
  expect(await keysFor({ look: "everything" }, fakePorts(world).ports)).toEqual([
    "myapps/@images",
    "myapps/dev",
    "shop/@images",
    "shop/prod",
  ]);
});

describe("a registration that changed", () => {
  const hint = { look: "application", application: "myapps" } as const;

  test("means all of its application", async () => {
    const world = { registrations: [registration("myapps")], files: { myapps: yaml("dev") } };
    const keys = await keysFor(hint, fakePorts(world).ports);
    expect(keys).toEqual(["myapps/@images", "myapps/dev"]);
  });

  test("or went, or broke, means its status", async () => {
    const { ports } = fakePorts();
    expect(await keysFor(hint, ports)).toEqual(["myapps/@images"]);
    const read = async () => {
      throw new TerminalError("RegistrationInvalid", "is not JSON");
    };
    const broken = { ...ports, registrations: { ...ports.registrations, read } };
    expect(await keysFor(hint, broken)).toEqual(["myapps/@images"]);
  });

  test("under a name that no application can have means nothing", async () => {
    const odd = { look: "application", application: "My_App" } as const;
    expect(await keysFor(odd, fakePorts().ports)).toEqual([]);
  });
});

describe("an image that was pushed", () => {
  const image = (repository: string) => ({
    service: "app02",
    image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${repository}:1.0.0`,
    repository,
    state: "current" as const,
    message: "",
  });

  test("means whoever names its repository, or has not said yet what it names", async () => {
    const { ports } = fakePorts({
      registrations: ["a", "b", "c", "d"].map((name) => registration(name)),
      statuses: {
        a: { images: [image("other"), image("blog-app-02")] },
        b: { images: [image("other")] },
        c: { images: [] },
      },
    });
    const keys = await keysFor({ look: "images", repository: "blog-app-02" }, ports);
    expect(keys).toEqual(["a/@images", "c/@images", "d/@images"]);
  });
});

describe("a stack that moved", () => {
  const name = "trueup-myapps-dev-base-1a2b3c4d";
  const keysOf = (stack: string, index?: object) => {
    const artifacts = index === undefined ? {} : { "index/1a2b3c4d": JSON.stringify(index) };
    return keysFor({ look: "stack", name: stack }, fakePorts({ artifacts }).ports);
  };

  test("means the environment that the index names", async () => {
    expect(await keysOf(name, { key: "myapps/dev", stack: name })).toEqual(["myapps/dev"]);
  });

  test("of somebody else means nothing", async () => {
    expect(await keysOf(name)).toEqual([]);
    expect(await keysOf("foreign", { key: "myapps/dev", stack: name })).toEqual([]);
    expect(await keysOf("foreign-1a2b3c4d", { key: "myapps/dev", stack: name })).toEqual([]);
  });
});

test("a key means itself, if it is one", async () => {
  const { ports } = fakePorts();
  expect(await keysFor({ look: "key", key: "myapps/dev" }, ports)).toEqual(["myapps/dev"]);
  expect(await keysFor({ look: "key", key: "My Apps" }, ports)).toEqual([]);
});

test("what is asked of an environment is asked of its instances, and of no other's", async () => {
  const records = ["myapps/test.main-1a2b3c", "myapps/test2.main-1a2b3c", "shop/test.main-1a2b3c"];
  const { ports } = fakePorts({ records });
  const hint = { look: "environment", application: "myapps", environment: "test" } as const;
  expect(await keysFor(hint, ports)).toEqual(["myapps/test", "myapps/test.main-1a2b3c"]);
  expect(await keysFor({ ...hint, environment: "My Test" }, ports)).toEqual([]);
});
