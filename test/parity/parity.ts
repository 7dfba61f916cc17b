import { type Diagnostic, renderDiagnostic } from "../../src/model/diagnostic.ts";
import { type ParityCase, renderCase } from "./cases.ts";
import { acceptedBy, differences } from "./differences.ts";
import { faultsIn } from "./faults.ts";
import { summaryOf } from "./summary.ts";

/** How a case ended: `later` needs what is not built yet, and nothing else is wrong with it. */
export type Ending =
  | { readonly kind: "later"; readonly errors: readonly string[] }
  | {
      readonly kind: "refused";
      readonly errors: readonly string[];
      readonly differences: readonly string[];
      readonly unexplained: readonly string[];
    }
  | {
      readonly kind: "rendered";
      readonly warnings: readonly string[];
      /** What the schemas of CloudFormation's registry find wrong. */
      readonly faults: readonly string[];
      readonly differences: readonly string[];
      readonly unexplained: readonly string[];
    };

/** Renders a case, checks what comes out, and lays it beside what the old tool made. */
export function runCase(one: ParityCase): Ending {
  const rendered = renderCase(one);
  if (rendered.kind === "failed") {
    const errors = rendered.diagnostics.filter(({ severity }) => severity === "error");
    return refusal(errors);
  }
  const { bundle, warnings } = rendered;
  const found = differences(one.summary, summaryOf(bundle));
  return {
    kind: "rendered",
    warnings: warnings.map(renderDiagnostic),
    faults: bundle.stacks.flatMap(({ template, unit }) =>
      faultsIn(template).map((fault) => `${unit}: ${fault}`),
    ),
    differences: found,
    unexplained: unexplained(found),
  };
}

function refusal(diagnostics: readonly Diagnostic[]): Ending {
  const errors = diagnostics.map(renderDiagnostic);
  if (diagnostics.every(({ code }) => code === "not-supported-yet"))
    return { kind: "later", errors };
  const said = diagnostics
    .filter(({ code }) => code !== "not-supported-yet")
    .map(({ code, message, path }) => `! ${code} ${path} ${message}`);
  return { kind: "refused", errors, differences: said, unexplained: unexplained(said) };
}

const unexplained = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => acceptedBy(line) === undefined);

/** `N of M render, K schema-clean, D unexplained differences`, and what is no failure of these. */
export function summarised(endings: readonly Ending[]): string {
  const rendered = endings.filter((ending) => ending.kind === "rendered");
  const clean = rendered.filter(({ faults }) => faults.length === 0).length;
  const later = endings.filter(({ kind }) => kind === "later").length;
  const refused = endings.filter(
    (ending) => ending.kind === "refused" && ending.unexplained.length === 0,
  ).length;
  const lines = endings.flatMap((ending) => (ending.kind === "later" ? [] : ending.unexplained));
  const due = endings.length - later - refused;
  return [
    `${rendered.length} of ${due} render`,
    `${clean} schema-clean`,
    `${lines.length} unexplained differences`,
    ...(later > 0 ? [`${later} need what is not built yet`] : []),
    ...(refused > 0 ? [`${refused} refused with reason`] : []),
  ].join(", ");
}
