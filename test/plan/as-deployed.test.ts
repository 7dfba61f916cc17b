import { describe, expect, test } from "vitest";
import { stampOutput } from "../../src/link/digests.ts";
import { inPack } from "../../src/link/packs.ts";
import type { Bundle, DesiredStack } from "../../src/model/bundle.ts";
import { join, ref } from "../../src/model/template.ts";
import { asDeployed } from "../../src/plan/as-deployed.ts";
import { forecastsOf } from "../../src/plan/forecast.ts";
import { base, queue, target, web } from "./laid.ts";

const bundleOf = (...stacks: readonly DesiredStack[]): Bundle => ({ digest: "d", target, stacks });

/** What changes from one to the other: `action logicalId property`. */
function changed(from: Bundle, to: Bundle): readonly string[] {
  const forecasts = [...forecastsOf(asDeployed(from, to), new Map()).values()];
  return forecasts.flatMap(({ planned }) =>
    planned.map(({ action, logicalId, property }) => `${action} ${logicalId} ${property}`.trim()),
  );
}

const withQueue = (Properties: { readonly [name: string]: string }): DesiredStack => ({
  ...base,
  template: { ...base.template, Resources: { Jobs: { ...queue, Properties } } },
});

describe("a bundle as deployed", () => {
  test("is what it is: nothing changes", () => {
    const same = bundleOf(base, web);
    const { leaving, templates, units } = asDeployed(same, same);
    expect(units.map(({ applied }) => applied?.deployed)).toEqual([true, true]);
    expect([leaving, templates]).toEqual([[], new Map()]);
  });

  test("is so whoever deploys it", () => {
    const same = bundleOf(base, web);
    const others = { ...same, target: { ...target, cloudFormationRole: "arn:role" } };
    const { units } = asDeployed(same, others);
    expect(units.map(({ applied }) => applied?.deployed)).toEqual([true, true]);
  });

  test("gives what is in packs, too", () => {
    const name = inPack("GroupRef");
    const [pack = ""] = name.split("/");
    const Value = join(["GroupRef=", ref("Group")]);
    const outputs = { ...base.template.Outputs, [pack]: { Value } };
    const packing = { ...base, template: { ...base.template, Outputs: outputs } };
    const taking = { ...web, parameters: { JobsRef: { output: ["base", name] as const } } };
    const { units } = asDeployed(bundleOf(packing, taking), bundleOf(packing, taking));
    expect(units.map(({ applied }) => applied)).toMatchObject([
      { deployed: true },
      { deployed: true, missing: [], parameters: { JobsRef: `base.${name}` } },
    ]);
  });

  test("says of an output that it will be another, to those who take it", () => {
    const from = bundleOf(withQueue({ QueueName: "a" }), web);
    const to = bundleOf(withQueue({ QueueName: "b" }), web);
    expect(changed(from, to)).toEqual(["replace Jobs QueueName", "modify Web Name"]);
  });

  test("has its values: known ones, those of others, and none where nobody gives them", () => {
    const known = { ...web, parameters: { JobsRef: "jobs" } };
    const stray = { ...web, parameters: { JobsRef: { output: ["none", "Ref"] as const } } };
    const lost = { ...web, parameters: { JobsRef: { output: ["base", "None"] as const } } };
    for (const [stack, text] of [
      [known, "jobs"],
      [web, "base.JobsRef"],
      [stray, ""],
      [lost, ""],
    ] as const) {
      const bundle = bundleOf(base, stack);
      const [, unit] = asDeployed(bundle, bundle).units;
      expect(unit?.stack?.parameters).toEqual({ JobsRef: text });
    }
    const other = { ...web, parameters: { JobsRef: "other" } };
    expect(changed(bundleOf(known), bundleOf(other))).toEqual(["modify Web Name"]);
  });

  test("loses what the other has no more, families first, with the lines that asked for it", () => {
    const origin = { file: "a.yml", line: 3, column: 1, path: "services.web" };
    const told = { ...web, origins: { Web: origin } };
    const observed = asDeployed(bundleOf(base, told), bundleOf());
    expect(observed.leaving.map(({ unit }) => unit)).toEqual(["s-web", "base"]);
    const forecast = forecastsOf(observed, new Map()).get("s-web");
    expect(forecast?.planned).toMatchObject([{ action: "remove", cause: origin }]);
  });

  test("has none of what is new", () => {
    expect(changed(bundleOf(base), bundleOf(base, web))).toEqual(["add Web"]);
    expect(changed(bundleOf(), bundleOf(base))).toEqual(["add Jobs"]);
    expect(asDeployed(bundleOf(), bundleOf(base)).templates).toEqual(new Map());
  });

  test("carries our stamp: nobody takes it for a stranger's", () => {
    const { units } = asDeployed(bundleOf(base), bundleOf(base));
    expect(units[0]?.stack?.outputs[stampOutput]).toMatch(/^[0-9a-f]{64}$/);
  });
});
