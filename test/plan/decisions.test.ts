import { expect, test } from "vitest";
import { decide } from "../../src/plan/decide.ts";
import { stackClassOf, stackStatuses } from "../../src/plan/phases.ts";
import {
  arnOf,
  brief,
  changeSetIn,
  situationOf,
  stackIn,
  unitOf,
  wantedName,
  withChangeSets,
} from "./situations.ts";

// docs/decisions.md is what `decide` answers, so the page cannot drift. `npm run golden` writes it.

const changeSets = {
  none: undefined,
  computing: changeSetIn("CREATE_IN_PROGRESS", "UNAVAILABLE"),
  executable: changeSetIn("CREATE_COMPLETE", "AVAILABLE"),
  executed: changeSetIn("CREATE_COMPLETE", "EXECUTE_IN_PROGRESS"),
  empty: changeSetIn("FAILED", "UNAVAILABLE", "The submitted information didn't contain changes."),
  failed: changeSetIn("FAILED", "UNAVAILABLE", "Parameters: [X] must have values"),
} as const;

const rows = [undefined, ...stackStatuses.filter((status) => status !== "DELETE_COMPLETE")];
const kinds = Object.keys(changeSets) as (keyof typeof changeSets)[];
const objections = new Map([["base", { reason: "DataAtRisk", message: "" } as const]]);

const cells = (status: string | undefined): readonly string[] => {
  const unit = unitOf(status === undefined ? undefined : stackIn(status));
  const tried = unitOf(
    status === undefined ? undefined : stackIn(status, { changeSetId: arnOf(wantedName) }),
  );
  const verdict = (more: Parameters<typeof situationOf>[1], of = unit) =>
    brief(decide(situationOf(of, more))[0]);
  return [
    ...kinds.map((kind) => verdict(withChangeSets({ wanted: changeSets[kind] }))),
    verdict({}, tried),
    verdict({ objections }),
  ];
};

const table = (header: readonly string[], lines: readonly (readonly string[])[]): string =>
  [header, header.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");

const page = `# Decisions

What \`plan/decide.ts\` answers for one stack that is not at the desired digest, and has no older change set of ours (that one
is deleted first). Written by a test; \`npm run golden\` writes it anew.

*act*: one write. *waiting*: something will announce it, or, for a change set, it is looked at again at once. *stalled*: a new
revision or a person has to change something. While an environment is suspended every *act* is left undone.

${table(
  [
    "stack",
    "class",
    ...kinds.map((kind) => `change set: ${kind}`),
    "this digest was tried last",
    "an objection",
  ],
  rows.map((status) => [status ?? "none", stackClassOf(status), ...cells(status)]),
)}

An objection is data at risk without consent, or a change set that is riskier than its plan. A stack that rests at the desired
digest is *deployed* and nothing is written to it. A digest that was tried and failed is tried again when the revision is another
or a person asks anew; one whose update was broken off for something newer did not fail.
`;

test("docs/decisions.md says what is decided", async () => {
  await expect(page).toMatchFileSnapshot("../../docs/decisions.md");
});
