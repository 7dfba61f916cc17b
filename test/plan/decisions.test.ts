import { expect, test } from "vitest";
import { stackClassOf, stackStatuses } from "../../src/model/phases.ts";
import { decide } from "../../src/plan/decide.ts";
import { type Gated, rollOutOfOne } from "./roll-outs.ts";
import {
  arnOf,
  brief,
  changeSetIn,
  driftedUnit,
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

const twoDays = 172_800;

/** What was acted upon when the stack was brought to where it is. */
function ofDeployment() {
  const { approval } = rollOutOfOne(unitOf(stackIn("CREATE_COMPLETE")), {
    required: 1,
    votes: ["approved"],
  });
  return approval.kind === "approved" ? approval.by : undefined;
}
const gates: Readonly<Record<string, Gated>> = {
  none: {},
  suspended: { requests: { suspended: { reason: "holidays", until: undefined } } },
  "suspended until yesterday": {
    requests: { suspended: { reason: "", until: "2026-01-01T00:00:00Z" } },
  },
  "a request that cannot be read": { requests: { broken: { hold: "is not JSON" } } },
  "approval: 1": { required: 1 },
  "approval: 1, one for it": { required: 1, votes: ["approved"] },
  "approval: 2, one for it": { required: 2, votes: ["approved"] },
  "approval: 2, two for it": { required: 2, votes: ["approved", "approved"] },
  "approval: 1, one for it and one against": { required: 1, votes: ["approved", "rejected"] },
  "approval: 1 within two days": { required: 1, expiresSeconds: twoDays, votes: [] },
  "approval: 1 within an hour": { required: 1, expiresSeconds: 3600, votes: ["approved"] },
  "approval: 1 by the registration": { floor: 1 },
  "approval: none, 1 before": { requiredBefore: 1 },
  "approval: none, 1 before, one for it": { requiredBefore: 1, votes: ["approved"] },
  "approval: 1, 2 before, one for it": { required: 1, requiredBefore: 2, votes: ["approved"] },
  "approval: 1, that of its deployment": { required: 1, record: { approval: ofDeployment() } },
  "approval: 1, one for it, suspended": {
    required: 1,
    votes: ["approved"],
    requests: { suspended: { reason: "holidays", until: undefined } },
  },
};

const gateCells = (gated: Gated): readonly string[] =>
  [
    unitOf(stackIn("CREATE_COMPLETE"), true),
    unitOf(stackIn("CREATE_COMPLETE")),
    driftedUnit(stackIn("CREATE_COMPLETE")),
  ].map((unit) => {
    const { approval, conclusion, steps } = rollOutOfOne(unit, gated);
    const written = steps.length === 0 ? "nothing" : steps.map(({ kind }) => kind).join(", ");
    const asked =
      approval.kind === "unneeded"
        ? ""
        : `; ${approval.kind === "approved" ? "Approved" : approval.reason}`;
    return `${written}; ${conclusion.state}${asked}`;
  });

const table = (header: readonly string[], lines: readonly (readonly string[])[]): string =>
  [header, header.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");

const page = `# Decisions

What \`plan/decide.ts\` answers for one stack that is not at the desired digest, and has no older change set of ours (that one
is deleted first). Written by a test; \`npm run golden\` writes it anew.

*act*: one write. *waiting*: something will announce it, or, for a change set, it is looked at again at once. *stalled*: a new
revision or a person has to change something. While a gate holds every *act* is left undone.

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

## Gates

What becomes of that when something of people's, of the file's or of the clock's stands before it: the writes that are made, what
the environment is then, and what is said of approval.

${table(
  ["gate", "nothing differs", "something differs", "drift to put back"],
  Object.entries(gates).map(([name, gated]) => [name, ...gateCells(gated)]),
)}

A plan is approved for one roll-out: what was approved stays so in all its waves, and another revision asks again. So does what
others changed since and \`selfHeal: revert\` puts back; a change set that finds nothing to put back is deleted and the stack is deployed. Leaving stacks go
within \`prune\`, by an approved plan, or by consent to just those; an environment that left \`trueup.yaml\` by consent alone.

An objection is data at risk without consent, or a change set that is riskier than its plan. A stack that rests at the desired
digest is *deployed* and nothing is written to it. A digest that was tried and failed is tried again when the revision is another
or a person asks anew; one whose update was broken off for something newer did not fail.
`;

const asks = ({ floor, required, requiredBefore }: Gated): boolean =>
  [floor, required, requiredBefore].some((count) => count !== undefined);

test("while a gate holds nothing is written, whatever the stack, and only enough votes open it", () => {
  const tried = { changeSetId: arnOf(wantedName) };
  const stacks = [undefined, ...stackStatuses.map((status) => stackIn(status, tried))];
  for (const [name, gated] of Object.entries(gates)) {
    for (const stack of stacks) {
      const { approval, gates: held, steps } = rollOutOfOne(unitOf(stack), gated);
      const at = { name, status: stack?.status };
      if (held.length > 0) expect({ ...at, steps }).toEqual({ ...at, steps: [] });
      if (approval.kind === "withheld") expect({ ...at, held }).not.toEqual({ ...at, held: [] });
      expect({ ...at, asked: approval.kind !== "unneeded" }).toEqual({ ...at, asked: asks(gated) });
    }
  }
});

test("docs/decisions.md says what is decided", async () => {
  await expect(page).toMatchFileSnapshot("../../docs/decisions.md");
});
