import { describe, expect, test } from "vitest";
import { graphOf, only, saidOf } from "./from-text.ts";

const service = (fireLens: string) => `services:
  web:
    image: web@sha256:${"0".repeat(64)}
    x-logging: { FireLens: ${fireLens} }
x-vpc: { Properties: { SingleNat: true } }`;

const containerOf = (text: string, name: string) =>
  only(graphOf(text), "AWS::ECS::TaskDefinition").ContainerDefinitions.find(
    ({ Name }: { Name: string }) => Name === name,
  );

const advanced = (lines: string) =>
  service(`{ Advanced: { ComposeXManagedAwsDestinations: [{ log_group_name: /x }], ${lines} } }`);

describe("LogDriverBufferLimit", () => {
  test("is what the container may keep for the router, and room in the task", () => {
    const text = advanced("LogDriverBufferLimit: 67108864");
    expect(containerOf(text, "web").LogConfiguration.Options["log-driver-buffer-limit"]).toBe(
      "67108864",
    );
    const reserved = (of: string) => containerOf(of, "log_router").MemoryReservation;
    expect(reserved(text) - reserved(advanced(""))).toBe(64);
  });

  test.for([-1, 536_870_913])("%d is refused", (bytes) => {
    expect(saidOf(advanced(`LogDriverBufferLimit: ${bytes}`))).toEqual([
      "error out-of-bounds services.web.x-logging.FireLens.Advanced.LogDriverBufferLimit",
    ]);
  });
});

test("variables of the router may be what only CloudFormation knows", () => {
  const text = advanced(
    `EnvironmentVariables: { B: text, A: { 'Fn::Sub': '\${AWS::Region}-a' }, C: { 'Fn::Ref': AWS::AccountId } }`,
  );
  expect(containerOf(text, "log_router").Environment).toEqual([
    { Name: "A", Value: { "Fn::Join": ["", [{ Ref: "AWS::Region" }, "-a"]] } },
    { Name: "B", Value: "text" },
    { Name: "C", Value: { Ref: "AWS::AccountId" } },
  ]);
  expect(saidOf(advanced("EnvironmentVariables: { A: { 'Fn::GetAtt': [A, B] } }"))).toEqual([
    "error function-refused services.web.x-logging.FireLens.Advanced.EnvironmentVariables.A",
  ]);
});

describe("FirelensConfiguration", () => {
  const place = "services.web.x-logging.FireLens.Shorthands.FirelensConfiguration";
  const shorthands = (lines: string) =>
    service(`{ Shorthands: { ReplaceAwsLogs: true, FirelensConfiguration: { ${lines} } } }`);

  test.for([true, false])("metadata: %s", (wanted) => {
    const text = shorthands(`Type: fluentbit, Options: { enable-ecs-log-metadata: ${wanted} }`);
    expect(saidOf(text)).toEqual([]);
    expect(containerOf(text, "log_router").FirelensConfiguration).toEqual({
      Type: "fluentbit",
      Options: { "enable-ecs-log-metadata": String(wanted) },
    });
  });

  test("another router, or a file of its image, is refused", () => {
    expect(saidOf(shorthands("Type: fluentd"))).toEqual([`error cannot-honour ${place}.Type`]);
    const file = "config-file-type: file, config-file-value: /fluent-bit/configs/parse-json.conf";
    expect(saidOf(shorthands(`Options: { ${file} }`))).toEqual([
      `error cannot-honour ${place}.Options.config-file-type`,
    ]);
  });
});
