import { describe, expect, test } from "vitest";
import { commitMessage } from "../../src/images/message.ts";
import type { RegistryImage } from "../../src/model/image.ts";
import { digest, image, lookWith, type Project, registry, repositoriesOf } from "./world.ts";

const held: Readonly<Record<string, readonly RegistryImage[]>> = {
  web: [image("1.0.0", "a"), image("1.0.1", "b")],
  worker: [image("2.0.0", "c"), image("2.1.0", "d")],
};

const look = (projects: readonly Project[]) => lookWith(held, projects);

const merge = (
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
): Project => ({ files, variables });

/** What becomes of one compose file. */
function become(
  text: string,
  variables: Readonly<Record<string, string>> = {},
): string | undefined {
  return look([merge({ "compose.yml": text }, variables)]).files.get("compose.yml");
}

/** `service: state message` of every image under a policy. */
const states = (...merges: readonly Project[]): readonly string[] =>
  look(merges).images.map(({ service, state, message }) => `${service}: ${state} ${message}`);

const reasonFor = (text: string, variables: Readonly<Record<string, string>> = {}): string => {
  const updates = look([merge({ "compose.yml": text }, variables)]);
  expect(updates.files.size).toBe(0);
  return states(merge({ "compose.yml": text }, variables)).join("\n");
};

const pinned = `1.0.1@${digest("b")}`;

describe("an image under a policy", () => {
  test("is replaced in its place, all else kept", () => {
    const text = `# The shop.
services:
  web:   # public
    image: ${registry}/web:1.0.0   # moved by hand no more
    x-image-policy: { semver: "^1.0" }
    environment: { IMAGE: "${registry}/web:1.0.0" }
`;
    expect(become(text)).toBe(text.replace("web:1.0.0 ", `web:${pinned} `));
  });

  test.for([
    ["single quotes", `'${registry}/web:1.0.0'`, `'${registry}/web:${pinned}'`],
    ["double quotes", `"${registry}/web:1.0.0"`, `"${registry}/web:${pinned}"`],
    ["no tag", `${registry}/web`, `${registry}/web:${pinned}`],
    ["an old pin", `${registry}/web:1.0.0@${digest("a")}`, `${registry}/web:${pinned}`],
    ["a digest alone", `${registry}/web@${digest("a")}`, `${registry}/web:${pinned}`],
    ["a tag of YAML's", `!!str ${registry}/web:1.0.0`, `!!str ${registry}/web:${pinned}`],
    ["an anchor", `&web ${registry}/web:1.0.0`, `&web ${registry}/web:${pinned}`],
    ["a name from a variable", `\${R}/web:1.0.0`, `\${R}/web:${pinned}`],
    ["a whole name from a variable", `\${N}:1.0.0`, `\${N}:${pinned}`],
    ["a default", `"\${W:-${registry}/web:1.0.0}"`, `"\${W:-${registry}/web:${pinned}}"`],
    ["a default tag", `"${registry}/web:\${T-1.0.0}"`, `"${registry}/web:\${T-${pinned}}"`],
    ["a variable and a default", `"\${R}/web:\${E:-1.0.0}"`, `"\${R}/web:\${E:-${pinned}}"`],
  ] as const)("is replaced where it is written with %s", ([, before, after]) => {
    const file = (written: string) =>
      `services: {a: {image: "b"}}\n---\r\nservices:\r\n  web:\r\n    image: ${written} # c\r\n    x-image-policy: { semver: ^1.0 }\r\n`;
    const variables = { R: registry, N: `${registry}/web`, E: "" };
    expect(become(file(before), variables)).toBe(file(after));
  });

  test("is found in a flow mapping, a merge base and an extension of its own", () => {
    const flow = `services: { web: { image: ${registry}/web:1.0.0, x-image-policy: { tag: 1.0.1 } } }`;
    expect(become(flow)).toBe(flow.replace("web:1.0.0", `web:${pinned}`));

    const base = `
x-web: &web
  image: ${registry}/web:1.0.0
  x-image-policy: { semver: ^1 }
services:
  one: { <<: *web, command: [a] }
  two: { <<: [*web] }
`;
    expect(become(base)).toBe(base.replace("1.0.0", pinned));
    expect(states(merge({ a: base })).map((line) => line.split(" ")[1])).toEqual([
      "updated",
      "updated",
    ]);

    const policy = `
x-policy: &p { semver: &s ^1 }
services:
  one: { image: "${registry}/web:1.0.0", x-image-policy: *p }
  two: { image: "${registry}/worker:1.0.0", x-image-policy: { semver: *s } }
`;
    expect(become(policy)).toBe(policy.replace("web:1.0.0", `web:${pinned}`));

    const alias = `
x-image: &i ${registry}/web:1.0.0
services:
  one: { image: *i, x-image-policy: { semver: ^1 } }
`;
    expect(become(alias)).toBe(alias.replace("1.0.0", pinned));
  });

  test("is its own before it is a base's, and the first base's before the next", () => {
    const text = `
x-one: &one { image: "${registry}/web:1.0.0" }
x-two: &two { image: "${registry}/worker:2.0.0", x-image-policy: { semver: "*" } }
services:
  own: { <<: *two, image: "${registry}/web:1.0.0" }
  first: { <<: [*one, *two] }
`;
    expect(become(text)).toBe(text.replaceAll("web:1.0.0", `web:${pinned}`));
  });

  test("is nobody's, where the service's name is none", () => {
    const text = `services: { "a\\nb": { image: "${registry}/web:1.0.0", x-image-policy: { semver: ^1 } } }`;
    expect(become(text)).toBeUndefined();
  });

  test("is current once it is what the policy wants", () => {
    const text = `services: { web: { image: "${registry}/web:${pinned}", x-image-policy: { semver: ^1 } } }`;
    const updates = look([merge({ "compose.yml": text })]);
    expect(updates.files.size).toBe(0);
    expect(updates.images).toEqual([
      {
        service: "web",
        image: `${registry}/web:${pinned}`,
        repository: "web",
        state: "current",
        message: "1.0.1 is what the policy wants",
      },
    ]);
  });

  test("without a policy or a marker never moves", () => {
    const text = `services: { web: { image: "${registry}/web:1.0.0" }, b: { build: . } }`;
    expect(become(text)).toBeUndefined();
    expect(states(merge({ a: text }))).toEqual([]);
    expect(repositoriesOf([merge({ a: text })])).toEqual([]);
  });
});

test("a refused edit among ever so many others is found in no time", () => {
  const names = Array.from({ length: 300 }, (_, n) => `s${n}`);
  const services = names.map((name, n) => {
    const image = n === 100 ? `>-\n      ${registry}/web:1.0.0` : `${registry}/web:1.0.0`;
    return `  ${name}:\n    x-image-policy: { semver: ^1 }\n    image: ${image}\n`;
  });
  const { changes, images } = look([merge({ text: `services:\n${services.join("")}` })]);
  expect(changes).toHaveLength(299);
  const stalled = images.filter(({ state }) => state === "stalled");
  expect(stalled.map(({ service }) => service)).toEqual(["s100"]);
});

test("an image is found in no time, however often the same is merged in", () => {
  const levels = Array.from({ length: 60 }, (_, n) => {
    const below = n === 0 ? "" : `<<: [*b${n - 1}, *b${n - 1}], `;
    return `  - &b${n} { ${below}a${n}: 1 }\n`;
  });
  const text = `x-bases:\n${levels.join("")}services: { web: { <<: *b59, image: ${registry}/web:1.0.0 } }\n`;
  expect(states(merge({ text }))).toEqual([]);
});

describe("Flux's marker", () => {
  const file = (marker: string, more = "") => `
x-image-policies:
  web: { semver: ^1 }
services:
  web:
    image: ${registry}/web:1.0.0 # ${marker}
${more}`;

  test("names a policy of the file", () => {
    const text = file('{"$imagepolicy": "web"}');
    expect(become(text)).toBe(text.replace("web:1.0.0", `web:${pinned}`));
    expect(become(text.replaceAll("\n", "\r\n"))).toBe(
      text.replaceAll("\n", "\r\n").replace("web:1.0.0", `web:${pinned}`),
    );
  });

  test("is read though the next line is a comment too", () => {
    const text = file('{"$imagepolicy": "web"} \n      # a second line', "    restart: always\n");
    expect(become(text)).toBe(text.replace("web:1.0.0", `web:${pinned}`));
  });

  test("may stand where the image is defined", () => {
    const text = `
x-image-policies: { web: { semver: ^1 } }
x-image: &i ${registry}/web:1.0.0 # {"$imagepolicy": "web"}
services: { web: { image: *i } }
`;
    expect(become(text)).toBe(text.replace("web:1.0.0", `web:${pinned}`));
    expect(look([merge({ text })]).problems).toEqual([]);
  });

  test.for([
    ['{"$imagepolicy": "api"}', "there is no `api`"],
    ['{"$imagepolicy": "web:tag"}', "`:tag` is of part of an image"],
    ['{"$imagepolicy": "web:version"}', "`:version` is not one of"],
    ['{"$imagepolicy": web}', "its marker is not"],
  ] as const)("%s is refused", ([marker, why]) => {
    expect(reasonFor(file(marker))).toContain(`web: stalled ${why}`.slice(0, 30));
    expect(reasonFor(file(marker))).toContain(why);
  });

  test("beside a policy of the service's own is refused", () => {
    const text = file('{"$imagepolicy": "web"}', "    x-image-policy: { newest: true }\n");
    expect(reasonFor(text)).toContain("both");
  });

  test("anywhere else is told, with its place", () => {
    const text = file("a note", '    # {"$imagepolicy": "web:tag"}\n    command: a\n');
    expect(look([merge({ "a.yml": text })]).problems).toEqual([
      expect.objectContaining({ file: "a.yml", line: 7, column: 8, severity: "error" }),
    ]);
    expect(look([merge({ "a.yml": file('{"$imagepolicy": "web"}') })]).problems).toEqual([]);
  });
});

describe("an image that cannot be moved says why", () => {
  const service = (image: string, policy = "{ semver: ^1 }") =>
    `services:\n  web:\n    image: ${image}\n    x-image-policy: ${policy}\n`;

  test.for([
    ["docker.io/library/nginx:1.0", "not in an ECR registry"],
    ["nginx", "not in an ECR registry"],
    ["registry.example.com:5000/web:1.0", "not in an ECR registry"],
    [`${registry}/web:1.0.0@sha256:abc`, "digest is malformed"],
    [`${registry}/web@sha256:${"A".repeat(64)}`, "digest is malformed"],
    [`${registry}/web:-1`, "tag is malformed"],
    [`${registry}/Web:1`, "does not name an ECR repository"],
    [`${registry}/gone:1.0.0`, "there is no ECR repository gone"],
    [`${registry}/web:\${TAG}`, "variable TAG is not set"],
    [`${registry}/web:\${SET}`, "tag comes from a variable"],
    [`\${FULL}`, "tag comes from a variable"],
    [`"\${SET:-${registry}/web:1.0.0}"`, "SET decides"],
    [`"${registry}/web:\${SET:-1.0.0}"`, "SET decides"],
    [`"${registry}/web:\${SET?no}"`, "tag comes from a variable"],
    [`>-\n      ${registry}/web:1.0.0`, "several lines"],
    ["[a]", "not text"],
  ] as const)("%s", ([written, why]) => {
    const variables = { SET: "1.0.0", FULL: `${registry}/web:1.0.0` };
    expect(reasonFor(service(written), variables)).toContain(`web: stalled`);
    expect(reasonFor(service(written), variables)).toContain(why);
  });

  test("a policy that cannot be read", () => {
    expect(reasonFor(service(`${registry}/web:1.0.0`, "^1"))).toContain("a policy is a mapping");
  });

  test("a policy of more aliases than can be followed", () => {
    const policy = `{ semver: &s ^1, x: [${Array(200).fill("*s").join(", ")}] }`;
    expect(reasonFor(service(`${registry}/web:1.0.0`, policy))).toContain("a policy is a mapping");
  });

  test("none at all, or of a base that is not there", () => {
    const text = "services: { web: { extends: base, x-image-policy: { newest: true } } }";
    expect(reasonFor(text)).toContain("no image");
    expect(reasonFor(text.replace("extends: base", "build: ."))).toContain("no image");
  });

  test("nothing newer than what is there", () => {
    const text = service(`${registry}/web:1.0.2@${digest("f")}`);
    expect(reasonFor(text)).toContain("web: unchanged 1.0.2 is newer than 1.0.1");
  });
});

describe("a text that is the image of several", () => {
  const shared = (one: string, two: string, more = "") => `
x-image: &i ${registry}/web:1.0.0
services:
  one: { image: *i${one} }
  two: { image: *i${two}${more} }
`;

  test("moves where all want the same", () => {
    const text = shared(", x-image-policy: { semver: ^1 }", ', x-image-policy: { semver: "^1" }');
    expect(become(text)).toBe(text.replace("1.0.0", pinned));
  });

  test("stays where one has no policy, or another one", () => {
    const semver = ", x-image-policy: { semver: ^1 }";
    expect(reasonFor(shared(semver, ""))).toContain("two, which has no policy");
    expect(reasonFor(shared(semver, ", x-image-policy: { newest: true }"))).toContain(
      "two policies",
    );
  });

  test("stays where it is something else besides", () => {
    const semver = ", x-image-policy: { semver: ^1 }";
    const env = shared(semver, semver, ", environment: { IMAGE: *i }");
    expect(reasonFor(env)).toContain("it is also services.two.environment.IMAGE");
    const label = `services:\n  web:\n    labels: { image: &i "${registry}/web:1.0.0" }\n    image: *i\n    x-image-policy: { semver: ^1 }\n`;
    expect(reasonFor(label)).toContain("it is also services.web.labels.image");
  });

  test("a refused edit does not keep others in the same file from theirs", () => {
    const text = `
services:
  bad:
    labels: { image: &i "${registry}/web:1.0.0" }
    image: *i
    x-image-policy: { semver: ^1 }
  good: { image: "${registry}/worker:2.0.0", x-image-policy: { semver: ^2 } }
`;
    expect(become(text)).toBe(text.replace("worker:2.0.0", `worker:2.1.0@${digest("d")}`));
    expect(states(merge({ a: text })).map((line) => line.slice(0, 14))).toEqual([
      "bad: stalled t",
      "good: updated ",
    ]);
  });
});

describe("several files", () => {
  const base = `services:\n  web:\n    image: ${registry}/web:1.0.0\n    x-image-policy: { semver: ^1 }\n`;
  const overlay = `services:\n  web:\n    image: ${registry}/worker:2.0.0\n`;

  test("the last that sets the image decides", () => {
    const updates = look([merge({ base, overlay: overlay.replace("worker:2.0.0", "web:1.0.0") })]);
    expect([...updates.files.keys()]).toEqual(["overlay"]);
  });

  test("a later one may take the image away, or all that was said before", () => {
    const reset = "services: { web: { image: !reset null, build: . } }";
    expect(states(merge({ base, reset }))).toEqual(["web: stalled it has a policy and no image"]);
    const override = `services: { web: !override { image: "${registry}/web:1.0.0" } }`;
    expect(states(merge({ base, override }))).toEqual([]);
    const all = `services: !override { web: { image: "${registry}/web:1.0.0" } }`;
    expect(states(merge({ base, all }))).toEqual([]);
  });

  test("each environment's own image moves, each once", () => {
    const prod = overlay.replace("worker:2.0.0", "web:1.0.0");
    const updates = look([merge({ base }), merge({ base, prod }), merge({ base })]);
    expect([...updates.files.keys()].sort()).toEqual(["base", "prod"]);
    expect(updates.changes).toHaveLength(2);
    expect(updates.images).toHaveLength(1 + 1);
  });

  test("one that does not follow has no say in what another reads, and has its own moved", () => {
    const policy = "{ semver: ^1 }";
    const text = `services: { web: { image: "${registry}/web:\${TAG:-1.0.0}", x-image-policy: ${policy} } }`;
    const prod = overlay.replace("worker:2.0.0", "web:1.0.0");
    const updates = lookWith(held, [merge({ text })], [merge({ text, prod }, { TAG: "1.0.0" })]);
    expect([...updates.files.keys()].sort()).toEqual(["prod", "text"]);
  });

  test("a text stays that another environment reads differently", () => {
    const without = base.replace("    x-image-policy: { semver: ^1 }\n", "");
    const policy = "services: { web: { x-image-policy: { semver: ^1 } } }";
    const both = [merge({ without, policy }), merge({ without })];
    expect(states(...both)).toEqual([
      "web: stalled its image is the same text in an environment where it has no policy",
    ]);
    const text = `services: { web: { image: "\${R}/web:1.0.0", x-image-policy: { semver: ^1 } } }`;
    const other = registry.replace("123456789012", "210987654321");
    expect(states(merge({ text }, { R: registry }), merge({ text }, { R: other }))).toEqual([
      "web: stalled its image is of another repository in each environment",
    ]);
  });

  test("nothing moves while one of them cannot be read", () => {
    const broken = "services: {\n";
    const updates = look([merge({ base, broken })]);
    expect(updates.files.size).toBe(0);
    expect(updates.problems).toEqual([
      expect.objectContaining({ file: "broken", message: expect.stringContaining("not YAML") }),
    ]);
    expect(look([merge({ base: `${base}# \uFFFD\n` })]).problems[0]?.message).toContain("UTF-8");
  });
});

test("the repository's .env counts, what the application says counts more", () => {
  const text = `services: { web: { image: "${registry}/web:\${T:-1.0.0}", x-image-policy: { semver: ^1 } } }`;
  const within = (envFile: string, variables: Readonly<Record<string, string>>) =>
    states({ ...merge({ text }, variables), beside: { ".env": envFile } });
  expect(within("T=1.0.0\n", {})).toEqual([
    "web: stalled the variable T decides, and it is set: change it there",
  ]);
  expect(within("T=1.0.0\n", { T: "" })).toEqual(["web: updated 1.0.0 → 1.0.1"]);
  const broken = look([{ ...merge({ text }), beside: { ".env": "A=1\na b=2\n" } }]);
  expect(broken.files.size).toBe(0);
  expect(broken.problems).toEqual([expect.objectContaining({ file: ".env", line: 2 })]);
});

test("the registry is asked for the repositories of policies, each once", () => {
  const text = `
services:
  b: { image: "${registry}/worker:1", x-image-policy: { newest: true } }
  a: { image: "${registry}/web:1", x-image-policy: { newest: true } }
  c: { image: "${registry}/web:2", x-image-policy: { semver: ^1 } }
  d: { image: "${registry}/free:2" }
`;
  const home = { account: "123456789012", region: "eu-west-1" };
  expect(repositoriesOf([merge({ text })])).toEqual([
    { ...home, name: "web" },
    { ...home, name: "worker" },
  ]);
});

describe("the commit", () => {
  const text = `
services:
  worker: { image: "${registry}/worker:2.0.0", x-image-policy: { semver: ^2 } }
  web: { image: "${registry}/web:1.0.0", x-image-policy: { semver: ^1 } }
`;
  const { changes } = look([merge({ text })]);

  test("lists what moved, from where to where", () => {
    expect(commitMessage(changes, { application: "shop", message: undefined })).toMatch(
      new RegExp(
        "^Update the images of web, worker\n\n" +
          "web: web 1\\.0\\.0 → 1\\.0\\.1 \\(sha256:b{12}\\)\n" +
          "worker: worker 2\\.0\\.0 → 2\\.1\\.0 \\(sha256:d{12}\\)\n\n" +
          "Image-Update-Id: [0-9a-f]{64}\nImage-Moved: {.*}\nImage-Moved: {.*}\n$",
      ),
    );
  });

  test("says the version in its subject, where there is but one", () => {
    const one = changes.slice(0, 1);
    expect(commitMessage(one, { application: "shop", message: undefined })).toMatch(
      /^Update worker to 2\.1\.0\n\n/,
    );
  });

  test("has a subject, a line and a trailer of its own, whatever keys are called", () => {
    const marked = `x-image-policies: { web: { semver: ^1 } }
x-v:
  "a\\nImage-Moved: {}": ${registry}/web:1.0.0 # {"$imagepolicy": "web"}
  $&: ${registry}/web:1.0.0 # {"$imagepolicy": "web"}
`;
    const made = commitMessage(look([merge({ marked })]).changes, {
      application: "shop",
      message: "Move {services}",
    });
    expect(made).toMatch(/^Move x-v\.\$&, x-v\.a Image-Moved: {}\n\n/);
    expect(made.match(/^Image-Moved: /gm)).toHaveLength(2);
  });

  test("has the subject that the application wants", () => {
    const message = "chore({application}): move {services}";
    expect(commitMessage(changes, { application: "shop", message })).toMatch(
      /^chore\(shop\): move web, worker\n\n/,
    );
  });

  test("is the same in whatever order things were found", () => {
    const settings = { application: "shop", message: undefined };
    expect(commitMessage(changes.toReversed(), settings)).toBe(commitMessage(changes, settings));
  });
});
