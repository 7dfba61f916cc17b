import { describe, expect, test } from "vitest";
import { compiledFrom, errorsOf, graphOf, only, saidOf } from "./from-text.ts";

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

  test("is kept by a directory of its instance, where that mounts no file system of AWS", () => {
    const helpOf = (platform: string) =>
      warned(file("", "{}").replace("ecs.task.family: f", `ecs.compute.platform: ${platform}`)).map(
        ({ help }) => help,
      );
    expect(helpOf("EXTERNAL")).toEqual([
      "To keep what is in it, mount a directory of the instance: /srv/data:/data.",
    ]);
    expect(helpOf("EC2")).toEqual(["To keep what is in it, add x-efs: {} to volumes.data."]);
  });

  test("is one where it is a file system", () => {
    expect(warned(file('volumes: ["data:/data"]', "{ x-efs: {} }"))).toEqual([]);
  });
});

describe("two tasks that write to one file system, while one replaces the other,", () => {
  const said = (lines: string, mount = "data:/data") =>
    saidOf(`services:
  db: { image: "db:1", volumes: ["${mount}"], ${lines} }
volumes: { data: { x-efs: {} }, other: {} }
`).filter((line) => line.includes("two-writers"));
  const order = (word: string) => `deploy: { update_config: { order: ${word} } }`;
  const warning = ["warning two-writers services.db.volumes[0]"];

  test("are warned of where nobody says whether they may", () => {
    expect(said("")).toEqual(warning);
    expect(said("deploy: { update_config: { parallelism: 1 } }")).toEqual(warning);
    expect(said(order("stop-first"))).toEqual([]);
    expect(said(order("start-first"))).toEqual([]);
  });

  test("are no news where there are always several, or none writes, or the old one goes first", () => {
    expect(said("scale: 2")).toEqual([]);
    expect(said("x-scaling: { Range: 1-3 }")).toEqual([]);
    expect(said("", "data:/data:ro")).toEqual([]);
    expect(said("", "other:/data")).toEqual([]);
    expect(said("x-aws-min_percent: 0, x-aws-max_percent: 100")).toEqual([]);
  });
});

const machine =
  "Remove it, or run the service on container instances, with the label ecs.compute.platform: EC2.";

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

test.for([
  [
    "./nginx.conf",
    "Put the files into the image, name each in configs, or use a volume with x-efs.",
  ],
  ["~/data", "Put the files into the image, or use a volume with x-efs."],
  ["/var/run/docker.sock", machine],
  ["/proc", machine],
  ["/", machine],
])("what to do about a bind of %s fits what it is", ([source, help]) => {
  const text = `services: { web: { image: "web:1", volumes: ["${source}:/srv"] } }\nx-vpc: {}\n`;
  expect(errorsOf(text)).toEqual([expect.stringContaining(`(${help})`)]);
});

describe("on Fargate a tmpfs", () => {
  const file = (lines: string) =>
    `services: { web: { image: "web:1", ${lines} } }\nx-vpc: { Properties: { SingleNat: true } }\n`;
  const task = (lines: string) => only(graphOf(file(lines)), "AWS::ECS::TaskDefinition");

  test.for([
    ['tmpfs: "/run:size=64m,noexec"', { Size: 64, MountOptions: ["noexec"] }],
    ["volumes: [{ type: tmpfs, target: /run, tmpfs: { size: 10m } }]", { Size: 10 }],
  ] as const)("of a size is memory, as there: %s", ([lines, memory]) => {
    const [{ LinuxParameters, MountPoints }] = task(lines).ContainerDefinitions;
    expect(LinuxParameters.Tmpfs).toEqual([{ ContainerPath: "/run", ...memory }]);
    expect(MountPoints).toBeUndefined();
    expect(task(lines)).not.toHaveProperty("Volumes");
    expect(saidOf(file(lines))).toEqual([]);
  });

  test.for(["/run", "/run:size=64m,mode=1777", "/run:size=a"])(
    "that ECS cannot have in memory is on the disk of its task, and says so: %s",
    (text) => {
      const lines = `tmpfs: "${text}"`;
      const [{ LinuxParameters, MountPoints }] = task(lines).ContainerDefinitions;
      expect(LinuxParameters).toBeUndefined();
      expect(MountPoints).toEqual([expect.objectContaining({ ContainerPath: "/run" })]);
      expect(saidOf(file(lines))).toEqual(["warning no-effect services.web.tmpfs[0]"]);
    },
  );
});

test.for([
  ['tmpfs: "/run:rw,noexec,nosuid"', ", without noexec,nosuid"],
  ['tmpfs: "/run:rw"', ""],
  ["volumes: [{ type: tmpfs, target: /run, read_only: true }]", ""],
])("what a tmpfs on the disk is without is told: %s", ([lines, without]) => {
  const text = `services: { web: { image: "web:1", ${lines} } }\nx-vpc: { Properties: { SingleNat: true } }\n`;
  const compiled = compiledFrom(text);
  const said = compiled.kind === "compiled" ? compiled.warnings : [];
  expect(said.map(({ message }) => message)).toEqual([
    `/run is on the task's own disk, not in memory${without}`,
  ]);
});

describe("a file system that is there already", () => {
  const file = (volume: string) => `services:
  web: { image: "web:1", volumes: ["data:/data"], deploy: { update_config: { order: stop-first } } }
volumes: { data: ${volume} }
x-vpc: { Properties: { SingleNat: true } }
`;
  const made = (volume: string) => {
    const lookups = new Map([["volumes.data", { FileSystemId: "fs-12", Arn: "arn:fs-12" }]]);
    const { nodes } = graphOf(file(volume), { lookups });
    return [...nodes.values()].map(({ id, properties }) => ({ id, properties }));
  };

  test.for([
    ["{ x-efs: { Use: fs-12 } }", "x-efs.Use"],
    ["{ external: true, name: fs-12 }", "name"],
  ] as const)("may be said by its id: %s", ([volume, place]) => {
    expect(made(volume)).toEqual(made("{ x-efs: { Lookup: { Identifier: fs-12 } } }"));
    const asked = errorsOf(file(volume));
    expect(asked).toEqual([expect.stringContaining(`lookup-unanswered volumes.data.${place}: `)]);
    expect(asked[0]).toContain("AWS::EFS::FileSystem fs-12");
    expect(saidOf(file(volume), { lookups: "placeholder" })).toEqual([
      `warning no-way volumes.data.${place}`,
    ]);
  });

  test("is mounted as it is, from its root", () => {
    const mode = "MacroParameters: { EnforceIamAuth: true, RootDirectoryCreateMode: '0777' }";
    const text = file(`{ x-efs: { Use: fs-12, ${mode} } }`);
    const accessPoint = only(graphOf(text, { lookups: "placeholder" }), "AWS::EFS::AccessPoint");
    expect(accessPoint).not.toHaveProperty("RootDirectory");
    expect(saidOf(text, { lookups: "placeholder" })).toEqual([
      "warning no-effect volumes.data.x-efs.MacroParameters",
      "warning no-way volumes.data.x-efs.Use",
    ]);
    const own = only(graphOf(file(`{ x-efs: { ${mode} } }`)), "AWS::EFS::AccessPoint");
    expect(own).toMatchObject({
      RootDirectory: { Path: "/data", CreationInfo: { Permissions: "0777" } },
    });
  });

  test("is not what an id is beside that a Lookup overrules", () => {
    const text = file("{ x-efs: { Lookup: { Identifier: fs-12 }, Use: fs-34 } }");
    expect(saidOf(text, { lookups: "placeholder" })).toEqual([
      "warning no-effect volumes.data.x-efs.Use",
      "warning no-way volumes.data.x-efs.Lookup",
    ]);
  });

  test("has an id that says so", () => {
    expect(saidOf(file("{ external: true, name: theirs }"))).toEqual([
      "error cannot-honour services.web.volumes[0]",
    ]);
  });
});
