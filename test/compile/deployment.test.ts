import { describe, expect, test } from "vitest";
import { graphOf, only, saidOf } from "./from-text.ts";

const web = (lines: string) => `services:
  web:
    image: web@sha256:${"0".repeat(64)}
${lines.replaceAll(/^/gm, "    ")}
x-vpc: { Properties: { SingleNat: true } }
`;

const percentages = (lines: string): readonly number[] => {
  const { DeploymentConfiguration: made } = only(graphOf(web(lines)), "AWS::ECS::Service");
  return [made.MinimumHealthyPercent, made.MaximumPercent];
};
const said = (lines: string) => saidOf(web(lines)).filter((line) => !line.endsWith(".replicas"));

describe("as many tasks at once as parallelism says are so many of those that there are at least", () => {
  const update = (order: string) =>
    `deploy: { replicas: 4, update_config: { parallelism: 1, order: ${order} } }`;

  test.for([
    ["start-first", [100, 125]],
    ["stop-first", [75, 100]],
  ] as const)("%s, without scaling", ([order, expected]) => {
    expect(percentages(update(order))).toEqual(expected);
  });

  test.for([
    // Of one task 125 % are one, and 75 % are one too: nothing would ever be replaced.
    ["start-first", "1-6", [100, 200]],
    ["stop-first", "1-6", [0, 100]],
    ["start-first", "0-6", [100, 200]],
    ["start-first", "5-9", [100, 120]],
    ["stop-first", "5-9", [80, 100]],
  ] as const)("%s, scaled between %s", ([order, range, expected]) => {
    expect(percentages(`${update(order)}\nx-scaling: { Range: ${range} }`)).toEqual(expected);
  });
});

describe("x-aws-min_percent and x-aws-max_percent", () => {
  test("are read at the service, and nowhere below it", () => {
    const below = "deploy: { update_config: { order: stop-first, x-aws-min_percent: 50 } }";
    expect(said(below)).toEqual([
      "warning unknown-key services.web.deploy.update_config.x-aws-min_percent",
    ]);
  });

  const shares = (least: number, most: number, more = "") =>
    `x-aws-min_percent: ${least}\nx-aws-max_percent: ${most}\n${more}`;
  const contradiction = (key: string) => [`error contradiction services.web.x-aws-${key}_percent`];

  test.for([
    ["x-aws-max_percent: 100", "max"],
    ["x-aws-min_percent: 100\ndeploy: { update_config: { order: stop-first } }", "min"],
    [shares(100, 100), "max"],
    [shares(100, 100, "deploy: { replicas: 0 }"), "max"],
  ] as const)("have to leave ECS something to do: %s", ([lines, key]) => {
    expect(said(lines)).toEqual(contradiction(key));
  });

  test.for([
    [1, 50, 150],
    [2, 60, 140],
    [3, 100, 133],
  ] as const)(
    "%d tasks of which at least %d and at most %d of a hundred run are never replaced",
    ([replicas, least, most]) => {
      const warning = ["warning contradiction services.web.x-aws-max_percent"];
      expect(said(shares(least, most, `deploy: { replicas: ${replicas} }`))).toEqual(warning);
      expect(said(shares(least, most, `x-scaling: { Range: ${replicas}-9 }`))).toEqual(warning);
      expect(percentages(shares(least, most))).toEqual([least, most]);
    },
  );

  test("neither are the last ones of those that scale to nothing", () => {
    expect(said(shares(50, 150, "x-scaling: { Range: 0-9 }"))).toHaveLength(1);
  });

  test.for([
    [1, 0, 100],
    [1, 100, 200],
    [2, 50, 100],
    [3, 100, 134],
  ] as const)(
    "%d tasks of which at least %d and at most %d of a hundred run are replaced",
    ([replicas, least, most]) => {
      expect(said(shares(least, most, `deploy: { replicas: ${replicas} }`))).toEqual([]);
    },
  );
});
