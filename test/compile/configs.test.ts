import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { graphOf, only, saidOf } from "./from-text.ts";

const web = (use: string, config = "content: a", more = ""): string => `
services: { web: { image: "web:1", configs: [${use}] ${more} } }
configs: { c: { ${config} } }
x-vpc: { Properties: { SingleNat: true } }`;

interface Container {
  readonly Name: string;
  readonly Command: readonly string[];
  readonly Environment: readonly { readonly Name: string; readonly Value: string }[];
  readonly DependsOn?: readonly object[];
  readonly MountPoints: readonly object[];
}

const containersOf = (text: string): readonly Container[] =>
  only(graphOf(text), "AWS::ECS::TaskDefinition").ContainerDefinitions;

describe("a config", () => {
  test("is there before its container starts, and cannot be changed by it", () => {
    const [app, writer] = containersOf(web("{ source: c, target: /config/c.txt }"));
    expect(app?.DependsOn).toEqual([{ ContainerName: writer?.Name, Condition: "SUCCESS" }]);
    expect(app?.MountPoints).toEqual([
      { ContainerPath: "/config", SourceVolume: "config-files-1", ReadOnly: true },
    ]);
  });

  test("is written as it is, whatever is in it", () => {
    const content = "a'b\"c $HOME `id` %s \\\\n\nend\n";
    const [, writer] = containersOf(
      web(
        '{ source: c, target: "/config/it\'s $$HOME.txt", mode: 0400 }',
        `content: ${JSON.stringify(content.replaceAll("$", "$$$$"))}`,
      ),
    );
    const folder = mkdtempSync(join(tmpdir(), "configs-"));
    // As whoever runs this, where the container would be root.
    const script = (writer?.Command[2] ?? "")
      .replaceAll("/config-files-1/", `${folder}/`)
      .replaceAll(/^chown .*$/gm, "");
    const env = Object.fromEntries(
      (writer?.Environment ?? []).map(({ Name, Value }) => [Name, Value]),
    );
    execFileSync("sh", ["-c", script], { env });
    const file = join(folder, "it's $HOME.txt");
    expect(readFileSync(file, "utf8")).toBe(content);
    expect(statSync(file).mode & 0o777).toBe(0o400);
  });

  test.for([
    ["c", "error cannot-honour services.web.configs[0].target"],
    ["{ source: c, target: /etc/web.conf }", "error cannot-honour services.web.configs[0].target"],
    ["{ source: c, target: /srv/c }", "warning covers services.web.configs[0]"],
  ])("%s: the folder is the image's, or hidden", ([use = "", said]) => {
    expect(saidOf(web(use))).toContain(said);
  });

  test("that says nothing of what it holds is an error", () => {
    expect(saidOf(web("{ source: c, target: /config/c }", "external: true"))).toContain(
      "error no-source services.web.configs[0]",
    );
  });

  test("and a volume cannot be in one folder", () => {
    const text = web("{ source: c, target: /config/c }", "content: a", ', volumes: ["/config"]');
    expect(saidOf(text)).toContain("error contradiction services.web.configs[0].target");
  });

  test("too long for a task definition is an error", () => {
    const text = web("{ source: c, target: /config/c }", `content: ${"a".repeat(33_000)}`);
    expect(saidOf(text)).toContain("error too-big services.web.configs[0]");
  });

  test("is no way to a secret", () => {
    const text = web("{ source: c, target: /config/c }", "content: '{{resolve:ssm:x}}'");
    expect(saidOf(text)).toContain("error dynamic-reference configs.c.content");
  });
});
