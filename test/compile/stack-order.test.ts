import { describe, expect, test } from "vitest";
import { graphOf, nodesOf, saidOf } from "./from-text.ts";

/** Services by name: the family each is in, and whom it waits for. */
const services = (given: Readonly<Record<string, { in?: string; after?: string }>>): string =>
  `services:\n${Object.entries(given)
    .map(
      ([name, { in: family = name, after = "" }]) =>
        `  ${name}:\n    image: ${name}:1\n    depends_on: [${after}]\n    deploy: { labels: { ecs.task.family: "${family}" } }\n`,
    )
    .join("")}`;

const orderIn = (text: string) =>
  Object.fromEntries([...graphOf(text).order].filter(([, after]) => after.length > 0));

const circlesIn = (text: string) => saidOf(text).filter((line) => line.includes("circle"));

describe("families that wait for each other", () => {
  const pair = services({
    web: { in: "shop", after: "cache" },
    db: { in: "shop" },
    cache: { in: "store", after: "db" },
  });

  test("start together, and each line that has no effect says so", () => {
    expect(orderIn(pair)).toEqual({});
    expect(circlesIn(pair)).toEqual([
      "warning circle services.cache.depends_on.db",
      "warning circle services.web.depends_on.cache",
    ]);
    const waits = nodesOf(graphOf(pair), "AWS::ECS::Service").flatMap((node) =>
      (node.dependsOn ?? []).filter((id) => id.endsWith("Service")),
    );
    expect(waits).toEqual([]);
  });

  test("by a detour do, too", () => {
    const detour = services({
      web: { in: "shop", after: "queue" },
      db: { in: "shop" },
      queue: { after: "cache" },
      cache: { after: "db" },
    });
    expect(orderIn(detour)).toEqual({});
    expect(circlesIn(detour)).toHaveLength(3);
  });

  test("and what waits for them, or they for it, keeps its order", () => {
    const text = `${pair}  ui:\n    image: ui:1\n    depends_on: [web]\n  dns: { image: "dns:1" }\n`;
    const after = text.replace("[db]", "[db, dns]");
    expect(orderIn(after)).toEqual({ store: ["dns"], ui: ["shop"] });
    expect(circlesIn(after)).toHaveLength(2);
  });

  test("in a line do so one after the other", () => {
    const line = services({ a: { after: "b" }, b: { after: "c" }, c: {} });
    expect(orderIn(line)).toEqual({ a: ["b"], b: ["c"] });
    expect(circlesIn(line)).toEqual([]);
  });
});
