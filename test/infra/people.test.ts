import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { having, listOf, template, templateIn } from "./template.ts";

const people = templateIn("infra/people.yaml");

/** The leaves that a person's command writes. */
const leaves = [
  ...new Set(
    [...readFileSync("src/aws/people.ts", "utf8").matchAll(/\/trueup\/[^`]*\/([a-z-]+)`/g)].map(
      ([, leaf = ""]) => leaf,
    ),
  ),
  // What `trueup reconcile` writes, through the port that the controller has too.
  "requested-at",
].sort();

/** The leaves that a statement is about, of those that are `denied` or not. */
const leavesOf = (name: string, effect: string): readonly string[] =>
  having("Effect", people.Resources[name])
    .filter(
      ({ Action, Effect }) => Effect === effect && listOf(Action).includes("ssm:PutParameter"),
    )
    .flatMap(({ Resource }) => listOf(Resource))
    .map((one) => String((one as { readonly Sub: string }).Sub).replace(/.*\//, ""))
    .sort();

describe("policies for people", () => {
  test("give every request to one of them, and the status to nobody", () => {
    const given = ["Viewer", "Operator", "Approver", "Administrator"].flatMap((name) =>
      leavesOf(name, "Allow"),
    );
    expect(leaves.length).toBeGreaterThan(8);
    expect(given.toSorted()).toEqual(leaves);
  });

  test("keep everybody else from every request, and from the status", () => {
    expect(leavesOf("Others", "Deny")).toEqual([...leaves, "status"].sort());
    const conditions = having("ArnNotLike", people.Resources.Others);
    expect(conditions).toHaveLength(having("Effect", people.Resources.Others).length);
  });

  test("know every request that wakes the controller", () => {
    const woken = having("wildcard", template.Resources.SignalFunction)
      .map(({ wildcard }) => String(wildcard))
      .filter((name) => name.startsWith("/trueup/"))
      .map((name) => name.replace(/.*\//, ""));
    expect(woken.toSorted()).toEqual(leaves);
  });

  test("let nobody delete a vote, whose history is what is counted", () => {
    const actions = having("Effect", people.Resources.Approver).flatMap(({ Action }) =>
      listOf(Action),
    );
    expect(actions).toEqual(["ssm:PutParameter"]);
  });
});
