import { describe, expect, test } from "vitest";
import { findings, serviceOf } from "./loading.ts";

const skip = new Set(["consistency"] as const);

describe("short ports are spelled out", () => {
  test.for<[string, readonly object[]]>([
    ["80", [{ target: 80 }]],
    ["'8080:80'", [{ target: 80, published: "8080" }]],
    [
      "'127.0.0.1:8080:80/UDP'",
      [{ target: 80, published: "8080", host_ip: "127.0.0.1", protocol: "udp" }],
    ],
    ["'[::1]:8080:80'", [{ target: 80, published: "8080", host_ip: "::1" }]],
    ["'127.0.0.1::80'", [{ target: 80, host_ip: "127.0.0.1" }]],
    ["'8000-8010:80'", [{ target: 80, published: "8000-8010" }]],
    [
      "'1080-1081:80-81'",
      [
        { target: 80, published: "1080" },
        { target: 81, published: "1081" },
      ],
    ],
    ["98-101", [{ target: 100 }, { target: 101 }, { target: 98 }, { target: 99 }]],
  ])("%s", ([text, ports]) =>
    expect(serviceOf(`ports: [${text}]`).ports).toEqual(
      ports.map((port) => ({ mode: "ingress", protocol: "tcp", ...port })),
    ),
  );

  test.for([
    ["'80:'", "names no container port"],
    ["'70000:80'", "70000 is no host port"],
    ["'80:70000'", "70000 is no container port"],
    ["'90-80'", "90-80 is no container port"],
    ["'80-82:1-2'", "differ in length"],
    ["-1", "-1 is no container port"],
    ["0", "0 is no container port"],
    ["8.0", "a port is a number or text"],
    ["'80/xyz'", "xyz is not tcp, udp or sctp"],
    ["'300.1.1.1:80:80'", "300.1.1.1 is no IP address"],
    ["'::1:80:80'", "::1 needs brackets around it"],
    ["{published: 80}", "a port needs a target"],
    ["{target: 80, host_ip: localhost}", "localhost is no IP address"],
  ])("%s is an error", ([text, message]) =>
    expect(
      findings({ "compose.yml": `services: {web: {image: a, ports: [${text}]}}` })[0],
    ).toContain(message),
  );
});

describe("short mounts are spelled out", () => {
  const created = { create_host_path: true };
  test.for<[string, object]>([
    ["/data", { type: "volume", target: "/data", volume: {} }],
    ["/a/../b/", { type: "volume", target: "/b", volume: {} }],
    ["xy", { type: "volume", target: "xy" }],
    ["data:/d:ro", { type: "volume", source: "data", target: "/d", read_only: true, volume: {} }],
    ["data:/d:nocopy", { type: "volume", source: "data", target: "/d", volume: { nocopy: true } }],
    ["v:/d", { type: "volume", target: "v:/d", volume: {} }],
    ["./a:/d", { type: "bind", source: "/p/a", target: "/d", bind: created }],
    ["../a:/d", { type: "bind", source: "/a", target: "/d", bind: created }],
    ["~/a:/d", { type: "bind", source: "/home/me/a", target: "/d", bind: created }],
    [
      "/a:/d:z,rshared,cached",
      {
        type: "bind",
        source: "/a",
        target: "/d",
        bind: { ...created, selinux: "z", propagation: "rshared" },
      },
    ],
    ["d:/x:ro", { type: "bind", source: "d:/x", target: "ro", bind: created }],
    ["c:\\a:/d", { type: "bind", source: "c:\\a", target: "/d", bind: created }],
  ])("%s", ([text, mount]) =>
    expect(
      serviceOf(`volumes: ['${text}']`, {
        skip,
        projectDirectory: "/p",
        variables: { HOME: "/home/me" },
      }).volumes,
    ).toEqual([mount]),
  );

  test.for([
    [":/d", "nothing stands between two colons"],
    ["''", "a mount cannot be empty"],
    ["{type: volume}", "a mount needs a target"],
    ["{type: bind, target: /d}", "a bind mount needs a source"],
    ["{type: other, target: /d}", "must be one of bind"],
  ])("%s is an error", ([text, message]) =>
    expect(
      findings({
        "compose.yml": `services:\n  web:\n    image: a\n    volumes:\n      - ${text}\n`,
      })[0],
    ).toContain(message),
  );
});

describe("other short forms are spelled out", () => {
  test.for<[string, Readonly<Record<string, unknown>>]>([
    ["command: echo 'a b' \"c\" d\\ e", { command: ["echo", "a b", "c", "d e"] }],
    ["command: a b | c", { command: ["a", "b"] }],
    ["command: a 2> b", { command: ["a"] }],
    ["command: 'echo $$(date now)'", { command: ["echo", "$(date now)"] }],
    ["command: ''", { command: [] }],
    ["build: .", { build: { context: "/p", dockerfile: "Dockerfile" } }],
    [
      "build: {dockerfile_inline: FROM a}",
      { build: { context: "/p", dockerfile_inline: "FROM a" } },
    ],
    [
      "build: 'https://a.b/c.git'",
      { build: { context: "https://a.b/c.git", dockerfile: "Dockerfile" } },
    ],
    [
      "build: {args: [A=1, GONE, HOME], ssh: [default]}",
      { build: { args: { A: "1", HOME: "/h" }, ssh: ["default"] } },
    ],
    [
      "devices: [/dev/a, '/dev/a:/dev/b:r']",
      {
        devices: [
          { source: "/dev/a", target: "/dev/a", permissions: "rwm" },
          { source: "/dev/a", target: "/dev/b", permissions: "r" },
        ],
      },
    ],
    ["gpus: all", { gpus: [{ count: -1 }] }],
    [
      "extra_hosts: {b: 2.2.2.2, a: ['::1', 1.1.1.1]}",
      { extra_hosts: ["a=1.1.1.1", "a=::1", "b=2.2.2.2"] },
    ],
    ["extra_hosts: ['a=']", { extra_hosts: ["a="] }],
    [
      "devices: ['/dev/a::rw']",
      { devices: [{ source: "/dev/a", target: "/dev/a", permissions: "rw" }] },
    ],
    ["secrets: [s]", { secrets: [{ source: "s", target: "/run/secrets/s" }] }],
    ["configs: [c]", { configs: [{ source: "c" }] }],
    [
      "secrets: [{source: s, target: t, mode: 0440}]",
      { secrets: [{ source: "s", target: "t", mode: "0440" }] },
    ],
    ["pull_policy: if_not_present", { pull_policy: "missing" }],
    ["build: {context: ., provenance: true}", { build: { provenance: "true" } }],
    ["group_add: [5, g]", { group_add: ["5", "g"] }],
    [
      "provider: {type: t, options: {a: 1, b: [x]}}",
      { provider: { type: "t", options: { a: ["1"], b: ["x"] } } },
    ],
  ])("%s", ([body, result]) =>
    expect(
      serviceOf(body, { skip, projectDirectory: "/p", variables: { HOME: "/h" } }),
    ).toMatchObject(result),
  );

  test.for([["command: 'a \"b'"], ["command: 'a (b'"], ["command: 'a b)'"]])(
    "%s is never closed",
    ([body]) =>
      expect(findings({ "compose.yml": `services: {web: {image: a, ${body}}}` })[0]).toContain(
        "is not closed",
      ),
  );
});

describe("sizes, durations and numbers have one spelling", () => {
  test.for<[string, Readonly<Record<string, unknown>>]>([
    ["mem_limit: 512m", { mem_limit: "536870912" }],
    ["mem_limit: 1.5 GiB", { mem_limit: "1610612736" }],
    ["mem_limit: 1024", { mem_limit: "1024" }],
    ["memswap_limit: -1", { memswap_limit: "-1" }],
    ["shm_size: 1kb", { shm_size: "1024" }],
    ["stop_grace_period: 90s", { stop_grace_period: "1m30s" }],
    ["stop_grace_period: 1d", { stop_grace_period: "24h0m0s" }],
    ["stop_grace_period: 1.5s", { stop_grace_period: "1.5s" }],
    ["stop_grace_period: 40us", { stop_grace_period: "40µs" }],
    ["stop_grace_period: '0'", { stop_grace_period: "0s" }],
    ["cpus: 0.1", { cpus: 0.1 }],
    ["scale: 0", { scale: 0 }],
    ["init: false", { init: false }],
  ])("%s", ([body, result]) => expect(serviceOf(body)).toMatchObject(result));

  test.for([
    ["tty: false"],
    ["mem_limit: 0"],
    ["cpus: 0"],
    ["labels: {}"],
    ["ports: []"],
    ["user: ''"],
  ])("%s says no more than its absence", ([body]) =>
    expect(serviceOf(body ?? "")).toEqual(serviceOf("")),
  );

  test.for([
    ["stop_grace_period: '30'", "no duration"],
    ["stop_grace_period: 5y", "no duration"],
    ["stop_grace_period: ''", "no duration"],
    ["stop_grace_period: 30", "must be text"],
    ["mem_limit: lots", "no size"],
    ["mem_limit: 1ki", "no size"],
    ["mem_limit: '-1'", "no size"],
    ["gpus: [{count: some}]", "no number of devices"],
  ])("%s is an error", ([body, message]) =>
    expect(findings({ "compose.yml": `services: {web: {image: a, ${body}}}` })[0]).toContain(
      message,
    ),
  );
});
