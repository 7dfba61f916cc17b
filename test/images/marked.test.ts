import { describe, expect, test } from "vitest";
import { digest, image, lookWith, type Project, registry } from "./world.ts";

const held = {
  web: [image("1.0.0", "a"), image("1.0.1", "b"), image("20260131", "c")],
  worker: [image("2.0.0", "d"), image("2.1.0", "e")],
};
const policies =
  'x-image-policies: { web: { semver: ^1 }, worker: { semver: ^2 }, day: { pattern: "^[0-9]{8}$", order: numeric } }\n';
const marker = (name: string) => `# {"$imagepolicy": "${name}"}`;

const look = (text: string, more: Partial<Project> = {}) =>
  lookWith(held, [{ files: { "compose.yml": policies + text }, variables: {}, ...more }]);
const become = (text: string): string | undefined =>
  look(text).files.get("compose.yml")?.slice(policies.length);
const states = (text: string): readonly string[] =>
  look(text).images.map(({ service, state, message }) => `${service}: ${state} ${message}`);

describe("a marker behind part of an image", () => {
  const parts = (name: string, tag: string, pin: string) => `
x-web:
  name: ${name} ${marker("web:name")}
  tag: "${tag}" ${marker("web:tag")}   
  digest: '${pin}' ${marker("web:digest")}
`;

  test("moves tag and digest together, the name with neither", () => {
    const text = parts(`${registry}/web`, "1.0.0", digest("a"));
    expect(become(text)).toBe(parts(`${registry}/web`, "1.0.1", digest("b")));
    expect(states(parts(`${registry}/web`, "1.0.1", digest("b")))).toEqual([
      "x-web.digest: current 1.0.1 is what the policy wants",
      "x-web.name: current 1.0.1 is what the policy wants",
      "x-web.tag: current 1.0.1 is what the policy wants",
    ]);
  });

  test("is itself, though another one of its kind stands beside it", () => {
    const two = (tag: string) => `
x-web:
  name: ${registry}/web ${marker("web:name")}
  front: "1.0.1" ${marker("web:tag")}
  back: "${tag}" ${marker("web:tag")}
`;
    expect(become(two("1.0.0"))).toBe(two("1.0.1"));
  });

  test("stays where nobody can say which of several beside it it goes with", () => {
    const two = `${parts(`${registry}/web`, "1.0.1", digest("b"))}  other: "1.0.0" ${marker("web:tag")}\n`;
    expect(become(two)).toBe(undefined);
    expect(states(two)[0]).toBe(
      "x-web.digest: stalled several values beside it are its `:tag`: give each image a mapping of its own",
    );
  });

  test("keeps a pinned version whose tag was pushed again", () => {
    expect(states(parts(`${registry}/web`, "1.0.1", digest("f")))[0]).toContain("pushed again");
  });

  test("is of the repository of the whole images under its policy, where no name is beside it", () => {
    const text = (tag: string, pin: string) => `
services:
  web:
    image: ${registry}/web:${pin} ${marker("web")}
    environment:
      VERSION: ${tag} ${marker("web:tag")}
`;
    expect(become(text("1.0.0", "1.0.0"))).toBe(text("1.0.1", `1.0.1@${digest("b")}`));
  });

  test("may be a list's item, and has to be in quotes where it would be a number", () => {
    const text = (tag: string) => `
x-images: &i ${registry}/web:1 ${marker("day")}
services:
  web: { image: *i }
  job:
    command:
      - ${tag} ${marker("day:tag")}
`;
    const moved = (tag: string) => text(tag).replace("web:1 ", `web:20260131@${digest("c")} `);
    expect(become(text("'old'"))).toBe(moved("'20260131'"));
    expect(become(text("old"))).toBe(moved("old"));
    expect(states(text("old"))[0]).toContain("20260131 would be a number there");
  });

  test.for([
    [`x-a: { b: 1.0.0 } ${marker("web:tag")}`, undefined],
    [`x-a:\n  tag: 1.0.0 ${marker("web:tag")}`, "nothing says which repository"],
    [`x-a:\n  tag: 1 ${marker("web:tag")}`, "put it in quotes"],
    [`x-a:\n  tag: \${T} ${marker("web:tag")}`, "cannot come from a variable"],
    [`x-a:\n  name: nginx ${marker("web:name")}`, "not in an ECR registry"],
    [`x-a:\n  tag: 1.0.0 ${marker("api:tag")}`, "there is no `api`"],
    [`x-a:\n  tag: 1.0.0 ${marker("web:part")}`, "`:part` is not one of"],
    [`x-a:\n  digest: a ${marker("web:digest")}`, "a digest alone does not say"],
    [
      `x-a:\n  one: ${registry}/web:1 ${marker("web")}\n  two: ${registry}/worker:1 ${marker("web")}\nx-b:\n  tag: 1.0.0 ${marker("web:tag")}`,
      "several repositories",
    ],
  ] as const)("%s", ([text, why]) => {
    const { images, problems } = look(text);
    if (why === undefined) expect(problems).toHaveLength(1);
    else expect(images.map(({ message }) => message).join("\n")).toContain(why);
  });

  test("does not move where another part of the same image cannot", () => {
    const text = `
x-web:
  name: ${registry}/web ${marker("web:name")}
  tag: 1.0.0 ${marker("web:tag")}
  digest: &d ${digest("a")} ${marker("web:digest")}
x-note: { pin: *d }
`;
    expect(become(text)).toBeUndefined();
    expect(states(text)).toEqual(
      ["digest", "name", "tag"].map((part) => expect.stringContaining(`x-web.${part}: stalled`)),
    );
  });

  test("may stand in trueup.yaml", () => {
    const settings = (tag: string) =>
      `application: shop\nvariables:\n  WEB_TAG: "${tag}" ${marker("web:tag")}\n`;
    const text = `services:\n  web: { image: "${registry}/web:1.0.0" }\n  two:\n    image: ${registry}/web:1.0.1@${digest("b")} ${marker("web")}\n`;
    const updates = look(text, {
      beside: { "trueup.yaml": settings("1.0.0") },
      others: ["trueup.yaml"],
    });
    expect([...updates.files]).toEqual([["trueup.yaml", settings("1.0.1")]]);
  });
});

test("a marker behind a whole image moves it wherever it stands", () => {
  const text = (pin: string) =>
    `services:\n  job:\n    environment:\n      IMAGE: ${registry}/worker:${pin} ${marker("worker")}\n`;
  expect(become(text("2.0.0"))).toBe(text(`2.1.0@${digest("e")}`));
});
