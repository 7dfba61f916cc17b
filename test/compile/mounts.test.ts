import { describe, expect, test } from "vitest";
import { compiledFrom, errorsOf } from "./from-text.ts";

const warned = (text: string) => {
  const compiled = compiledFrom(text);
  const said = compiled.kind === "failed" ? compiled.diagnostics : compiled.warnings;
  return said.filter(({ code }) => code === "not-kept");
};

describe("a volume that is no file system", () => {
  const file = (other: string, volume = "{}") => `services:
  web: { image: "web:1", volumes: ["data:/data"], deploy: { labels: { ecs.task.family: f } } }
  tail: { image: "tail:1", ${other} }
volumes: { data: ${volume} }
x-vpc: { Properties: { SingleNat: true } }
`;
  const shared = file('volumes: ["data:/data"]');

  test("is another one in each task, of which services that share it are told", () => {
    expect(warned(shared).map(({ code, message, path }) => [code, path, message])).toEqual([
      [
        "not-kept",
        "services.tail.volumes[0]",
        "the volume data lives as long as its task, and that of f has another",
      ],
      [
        "not-kept",
        "services.web.volumes[0]",
        "the volume data lives as long as its task, and that of tail has another",
      ],
    ]);
  });

  test("is one for the containers of a task", () => {
    const text = file('volumes: ["data:/data"], deploy: { labels: { ecs.task.family: f } }');
    expect(warned(text).map(({ code }) => code)).toEqual(["not-kept"]);
  });

  test("is one where it is a file system", () => {
    expect(warned(file('volumes: ["data:/data"]', "{ x-efs: {} }"))).toEqual([]);
  });
});

describe("on Fargate what is mounted from elsewhere is refused, and named:", () => {
  test.for([
    ["bind", "/srv is on the machine compose runs on, which ECS has none of"],
    ["image", "ECS mounts no images, and so not /srv"],
    ["cluster", "ECS has no volumes of a cluster, and so not /srv"],
    ["npipe", "/srv is a pipe of Windows, which no task here has"],
  ] as const)("%s", ([type, message]) => {
    const mount = `volumes: [{ type: ${type}, source: /srv, target: /srv }]`;
    const said = errorsOf(`services: { web: { image: "web:1", ${mount} } }\nx-vpc: {}\n`);
    expect(said).toEqual([
      `cannot-honour services.web.volumes[0]: ${message} (Put the files into the image, or use a volume with x-efs.)`,
    ]);
  });
});
