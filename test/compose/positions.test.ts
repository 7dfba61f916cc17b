import { expect, test } from "vitest";
import type { Path } from "../../src/compose/tree.ts";
import { projectOf } from "./loading.ts";

const files = {
  "compose.yml": `include: [sub/inc.yml]
x-env: &env
  SHARED: anchor
services:
  web:
    image: base
    environment:
      <<: *env
      OWN: here
    ports:
      - "80:80"
      - "1000-1001:2000-2001"
  ext:
    extends: {file: sub/ext.yml, service: base}
    user: ext
    env_file: e.env
`,
  "compose.over.yml": `services:
  web:
    image: over
    environment: [OWN=there]
    ports: ["81:81"]
`,
  "sub/inc.yml": `services:
  inc:
    image: included
`,
  "sub/ext.yml": `services:
  base:
    image: extended
    labels: [a=b]
`,
  "e.env": `# first
FROM_FILE=1
`,
};

const project = projectOf(files);

// The place of the text to edit, whatever has happened to it on the way.
test.for<[string, Path, string]>([
  ["an overriding value", ["services", "web", "image"], "compose.over.yml:3:12"],
  [
    "an item of an overriding list",
    ["services", "web", "environment", "OWN"],
    "compose.over.yml:4:19",
  ],
  ["a value behind a merge key", ["services", "web", "environment", "SHARED"], "compose.yml:3:11"],
  ["an item that was kept", ["services", "web", "ports", 0], "compose.yml:11:9"],
  ["one port of a range", ["services", "web", "ports", 2, "target"], "compose.yml:12:9"],
  ["an appended item", ["services", "web", "ports", 3], "compose.over.yml:5:13"],
  ["an included service", ["services", "inc", "image"], "sub/inc.yml:3:12"],
  ["a value of a base", ["services", "ext", "image"], "sub/ext.yml:3:12"],
  ["a label of a base", ["services", "ext", "labels", "a"], "sub/ext.yml:4:14"],
  ["a value beside extends", ["services", "ext", "user"], "compose.yml:15:11"],
  ["a variable of an env file", ["services", "ext", "environment", "FROM_FILE"], "e.env:2:1"],
  ["a block, at its key", ["services", "web", "environment"], "compose.yml:7:5"],
  [
    "a value nobody wrote, at what it follows from",
    ["services", "web", "networks", "default"],
    "compose.yml:5:3",
  ],
  [
    "a path that is not there, at the nearest above",
    ["services", "web", "gone", 3],
    "compose.yml:5:3",
  ],
])("%s", ([, path, place]) => {
  const { file, line, column } = project.positionOf(path);
  expect(`${file}:${line}:${column}`).toBe(place);
});
