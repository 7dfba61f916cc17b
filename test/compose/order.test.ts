import { expect, test } from "vitest";
import { projectOf } from "./loading.ts";

const one = `services:
  web: {user: me, image: a, deploy: {replicas: 2, labels: {b: "1", a: "2"}}, environment: {B: x, A: y}, x-z: {d: 1, c: {f: 2, e: 3}}}
  db: {image: b}
volumes: {v: {labels: {b: "1", a: "2"}}}
x-own: [{b: 1, a: 2}]`;

const other = `x-own: [{a: 2, b: 1}]
volumes: {v: {labels: {a: "2", b: "1"}}}
services:
  db: {image: b}
  web: {x-z: {c: {e: 3, f: 2}, d: 1}, environment: {A: y, B: x}, deploy: {labels: {a: "2", b: "1"}, replicas: 2}, image: a, user: me}`;

test("the order of keys in a file means nothing", () => {
  const [project, same] = [one, other].map((text) => projectOf({ "compose.yml": text }));
  expect(JSON.stringify(same)).toBe(JSON.stringify(project));
  const skip = new Set(["interpolation"] as const);
  const [raw, alike] = [one, other].map((text) => projectOf({ "compose.yml": text }, { skip }));
  expect(JSON.stringify(alike)).toBe(JSON.stringify(raw));
  expect(Object.keys(project?.services.web ?? {})).toEqual([
    "command",
    "deploy",
    "entrypoint",
    "environment",
    "image",
    "networks",
    "user",
    "x-z",
  ]);
});
