import { describe, expect, test } from "vitest";
import { checkHostRights } from "../../src/application/host-rights.ts";
import type { DesiredStack } from "../../src/model/bundle.ts";
import { type Ceiling, type HostRight, hostRights } from "../../src/model/registration.ts";
import type { Properties } from "../../src/model/template.ts";

const origin = { file: "docker-compose.yml", line: 3, column: 5, path: "services.web" };

const bundleOf = (task: Properties) => {
  const stack: DesiredStack = {
    name: "trueup-myapps-prod-s-web",
    unit: "s-web",
    template: {
      AWSTemplateFormatVersion: "2010-09-09",
      Resources: {
        Task: { Type: "AWS::ECS::TaskDefinition", Properties: task },
        Other: { Type: "AWS::SQS::Queue", Properties: { Privileged: true } },
      },
    },
    parameters: {},
    tags: {},
    capabilities: [],
    dependsOn: [],
    origins: { Task: origin },
    originOf: (_, property) => ({ ...origin, path: `services.web.${property.at(-1)}` }),
  };
  return { stacks: [stack] };
};

const refusals = (task: Properties, environments: Readonly<Record<string, Ceiling>>) =>
  checkHostRights(bundleOf(task), "prod", {
    application: "myapps",
    repository: "myapps",
    branch: "main",
    file: "trueup.yaml",
    environments,
    ssm: [],
  }).map(({ code, path }) => `${code} ${path}`);

const container = (properties: Properties): Properties => ({ ContainerDefinitions: [properties] });

const takers: Readonly<Record<HostRight, readonly [Properties, string]>> = {
  capabilities: [
    container({ LinuxParameters: { Capabilities: { Add: ["NET_ADMIN"] } } }),
    "LinuxParameters",
  ],
  devices: [
    container({ LinuxParameters: { Devices: [{ HostPath: "/dev/fuse" }] } }),
    "LinuxParameters",
  ],
  "host-namespaces": [{ PidMode: "host" }, "PidMode"],
  "host-network": [{ NetworkMode: "host" }, "NetworkMode"],
  "host-paths": [{ Volumes: [{ Name: "a", Host: { SourcePath: "/var/run" } }] }, "Volumes"],
  privileged: [container({ Privileged: true }), "Privileged"],
};

describe.for(hostRights)("%s", (right) => {
  const [task, property] = takers[right];

  test("is had where nothing denies it", () => expect(refusals(task, { "*": {} })).toEqual([]));

  test("is refused where it is asked for, if one limit denies it", () => {
    expect(refusals(task, { "*": { deny: [right] }, prod: {} })).toEqual([
      `not-permitted services.web.${property}`,
    ]);
  });

  test("is not what others are", () => {
    const others = hostRights.filter((one) => one !== right);
    expect(refusals(task, { "*": { deny: others } })).toEqual([]);
  });

  test("of another environment is not asked about", () =>
    expect(refusals(task, { test: { deny: [right] } })).toEqual([]));
});

test("what takes nothing of its host is not refused", () => {
  const plain = {
    NetworkMode: "bridge",
    IpcMode: "task",
    Volumes: [{ Name: "a" }],
    ...container({
      Privileged: false,
      LinuxParameters: { Capabilities: { Drop: ["ALL"] }, InitProcessEnabled: true },
    }),
  };
  expect(refusals(plain, { "*": { deny: hostRights } })).toEqual([]);
});
