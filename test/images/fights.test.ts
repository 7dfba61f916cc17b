import { describe, expect, test } from "vitest";
import { fightsIn, moveOf, movesIn } from "../../src/images/fights.ts";
import { commitMessage } from "../../src/images/message.ts";
import type { ImageChange } from "../../src/images/updates.ts";
import { digest } from "./world.ts";

const repository = { account: "123456789012", region: "eu-west-1", name: "web" };
const [one, two, three] = [
  { tag: "1.0.0", digest: digest("a") },
  { tag: "2.0.0", digest: digest("b") },
  { tag: "3.0.0", digest: digest("c") },
] as const;
const change = (
  from: ImageChange["from"],
  to: ImageChange["to"],
  policy = '{"semver":"^1"}',
  path = "services.web.image",
): ImageChange => ({
  key: path,
  services: ["web"],
  file: "compose.yml",
  path,
  policy,
  repository,
  from,
  to,
  pushed: 0,
  since: 0,
});
const other = '{"semver":"^2"}';
const message = (application: string, ...changes: readonly ImageChange[]) =>
  commitMessage(changes, { application, message: undefined });

test("a commit tells machines what it moved, and any other commit nothing", () => {
  const moved = change({ tag: undefined, digest: undefined }, one);
  expect(movesIn(message("shop", moved))).toEqual([moveOf("shop", moved)]);
  expect(moveOf("shop", moved)).toMatchObject({ from: "", to: `1.0.0@${digest("a")}` });
  for (const text of ["Fix it", "Image-Moved: {", "Image-Moved: 1", 'Image-Moved: {"file":1}'])
    expect(movesIn(text)).toEqual([]);
});

describe("a fight", () => {
  const back = change(two, one);
  /** Newest first: the other one moved it to 2 again, we had moved it to 1. */
  const history = [message("b", change(one, two, other)), message("a", back)];
  const fights = (messages: readonly string[], changes = [back], application = "a") => [
    ...fightsIn(changes, application, messages),
  ];

  test("is what two policies do in turns, and names them both", () => {
    expect(fights(history)).toEqual([
      [
        "services.web.image",
        'two policies fight over it: {"semver":"^1"} of a moves it to 1.0.0 and {"semver":"^2"} of b moves it to 2.0.0, in turns: change one of them',
      ],
    ]);
  });

  test("may be of two policies of one application", () => {
    const own = [message("a", change(one, two, other)), message("a", back)];
    expect(fights(own)).toHaveLength(1);
  });

  test.for([
    ["the first time", [message("b", change(one, two, other))]],
    [
      "of one policy whose registry goes to and fro",
      [message("a", change(one, two)), message("a", back)],
    ],
    ["of another scalar", history.map((text) => text.replaceAll("services.web", "services.api"))],
    ["of another file", history.map((text) => text.replaceAll("compose.yml", "prod.yml"))],
    ["that a person stepped into", [history[0] as string, "Settle it", history[1] as string]],
    [
      "that went on to something else",
      [message("b", change(one, three, other)), message("a", back)],
    ],
  ] as const)("is not seen in a move %s", ([, messages]) => {
    expect(fights(messages)).toEqual([]);
  });

  test("bars nothing but what is fought over", () => {
    const free = change(one, two, undefined, "services.api.image");
    expect(fights(history, [back, free]).map(([key]) => key)).toEqual(["services.web.image"]);
  });
});
