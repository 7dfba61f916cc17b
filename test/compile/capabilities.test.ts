import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, only, saidOf } from "./from-text.ts";

const file = (lines: string, label = ""): string => `services:
  web:
    image: web@sha256:${"0".repeat(64)}
    ${lines}
    deploy: { labels: { ${label} } }
x-vpc: { Properties: { SingleNat: true } }
x-cluster: { Lookup: shared }
`;

const onInstances = "ecs.compute.platform: EC2";

const made = (text: string) =>
  only(graphOf(text, { lookups: "placeholder" }), "AWS::ECS::TaskDefinition")
    .ContainerDefinitions[0].LinuxParameters?.Capabilities;

describe("a capability", () => {
  test.for(["all", "ALL", "All"])("taken away as %s is ECS's ALL", (all) => {
    expect(made(file(`cap_drop: [${all}]`))).toEqual({ Drop: ["ALL"] });
  });

  test("is added in Docker's spellings", () => {
    expect(made(file("cap_add: [cap_sys_ptrace]"))).toEqual({ Add: ["SYS_PTRACE"] });
    expect(made(file("cap_add: [net_admin, CAP_NET_RAW]", onInstances))).toEqual({
      Add: ["NET_ADMIN", "NET_RAW"],
    });
  });

  test("that ECS does not know is refused where it would be asked for", () => {
    expect(errorsOf(file("cap_drop: [NET_ADMN]"), { lookups: "placeholder" })).toEqual([
      "unknown-value services.web.cap_drop[0]: ECS knows no capability NET_ADMN (Did you mean NET_ADMIN?)",
    ]);
    const added = file("cap_add: [PERFORM]", onInstances);
    expect(saidOf(added, { lookups: "placeholder" })).toContain(
      "error unknown-value services.web.cap_add[0]",
    );
    expect(saidOf(file("cap_add: [PERFMON]"), { lookups: "placeholder" })).toEqual([
      "warning no-effect services.web.cap_add[0]",
    ]);
  });
});
