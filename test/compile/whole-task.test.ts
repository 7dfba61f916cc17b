import { describe, expect, test } from "vitest";
import { errorsOf, saidOf } from "./from-text.ts";

const family = (...services: readonly string[]) => {
  const own = services.map((service) => service.split(/ (.*)/s));
  const lines = own.map(
    ([name, more = ""]) =>
      `  ${name}: { image: "a:1", deploy: { labels: { ecs.task.family: f } }${more} }\n`,
  );
  return `services:\n${lines.join("")}x-vpc: { Properties: { SingleNat: true } }\n`;
};

describe("a task", () => {
  const services = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);

  test("has ten containers at most", () => {
    expect(errorsOf(family(...services(10)))).toEqual([]);
    expect(errorsOf(family(...services(11)))).toEqual([
      "too-many services.c0: 11 containers are more than the 10 that ECS lets a task have (Give some of them another ecs.task.family.)",
    ]);
  });

  test("counts those that Trueup adds", () => {
    const [first, ...rest] = services(10);
    const said = saidOf(family(`${first} , x-xray: true`, ...rest));
    expect(said).toContain("error too-many services.c0");
  });

  test("tells its containers apart by their names", () => {
    expect(errorsOf(family("a.b", "a-b"))).toEqual([
      "same-name services.a.b: a-b is the container a-b of the task already (Rename the service: a dot is written as - there.)",
    ]);
    expect(errorsOf(family("xray-daemon , x-xray: true"))).toContain(
      "same-name services.xray-daemon: the task has a container xray-daemon that Trueup adds (Rename the service.)",
    );
  });
});

describe("what Trueup adds to a task is not there already:", () => {
  test.for([
    ["x-xray: true", "2000:2000/udp", "xray-daemon"],
    ["x-monitoring: { CWAgentCollectEmf: true }", "25888", "cloudwatch-agent"],
    ["x-monitoring: { CWAgentCollectEmf: true }", "25888/udp", "cloudwatch-agent"],
  ] as const)("with %s the port %s", ([key, port, container]) => {
    const message = `${container}, which Trueup adds, listens on ${port.replace(/.*:/, "")}${port.includes("/") ? "" : "/tcp"} too, in the same task`;
    const text = (other: string) => family(`a , ${key}`, `b , ${other}`);
    expect(errorsOf(text(`ports: ["${port}"]`))).toEqual([
      `same-port services.b.ports: ${message} (Listen on another, or leave out what has ${container} beside it.)`,
    ]);
    expect(errorsOf(text('ports: ["2000", "25889", "2001/udp"]'))).toEqual([]);
    const other = text(`ports: ["${port}"]`).replace("family: f }", "family: g }");
    expect(errorsOf(other)).toEqual([]);
  });

  const configs = "configs: { c: { content: x } }";
  const volumes =
    "volumes: { config-files-1: {}, config-files-2: { x-efs: {} }, log-router-files: {} }";
  const shared = (own: string, other: string) =>
    `${family(`a , ${own}`, `b , ${other}`)}${configs}\n${volumes}\n`;
  const written = "configs: [{ source: c, target: /one/x }, { source: c, target: /two/x }]";
  const routed =
    "logging: { driver: awsfirelens, options: { Name: http } }, x-logging: { FireLens: { Advanced: { GracePeriod: 20 } } }";

  test.for([
    [written, "config-files-1"],
    [written, "config-files-2"],
    [routed, "log-router-files"],
  ] as const)("beside %s the volume %s", ([own, volume]) => {
    const other = `volumes: ["${volume}:/x"]`;
    expect(errorsOf(shared(own, other))).toEqual([
      `same-name services.b.volumes[0]: the task has a volume ${volume} that Trueup adds (Rename the volume.)`,
    ]);
    expect(errorsOf(shared("tty: true", other))).toEqual([]);
  });
});

test("configs are not written where memory is mounted, which would be mounted twice", () => {
  const file = (lines: string) => `services:
  web: { image: "web:1", ${lines} }
x-vpc: { Properties: { SingleNat: true } }
configs: { a: { content: x } }
`;
  const configs = "configs: [{ source: a, target: /app/a }]";
  const mounted = "error contradiction services.web.configs[0].target";
  expect(saidOf(file(`${configs}, tmpfs: ["/app:size=1m"]`))).toContain(mounted);
  expect(saidOf(file(`${configs}, tmpfs: /app`))).toContain(mounted);
  expect(saidOf(file(`${configs}, tmpfs: [/appl]`))).not.toContain(mounted);
});

test("a device is a path of the instance", () => {
  const file = (device: string) => `services:
  web: { image: "web:1", devices: ["${device}"], deploy: { labels: { ecs.compute.platform: EC2 } } }
x-vpc: { Properties: { SingleNat: true } }
`;
  expect(errorsOf(file("/dev/fuse"))).toEqual([]);
  expect(errorsOf(file("nvidia.com/gpu=all"))).toEqual([
    "cannot-honour services.web.devices[0]: nvidia.com/gpu=all is no path of an instance, and ECS hands on no other devices (GPUs go below gpus: [{ count: 1 }].)",
  ]);
});
