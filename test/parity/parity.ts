import { renderDiagnostic } from "../../src/model/diagnostic.ts";
import { type ParityCase, renderCase } from "./cases.ts";
import { acceptedBy, differences } from "./differences.ts";
import { faultsIn } from "./faults.ts";
import { summaryOf } from "./summary.ts";

/** How a case ended: `later` needs what is not built yet, and nothing else is wrong with it. */
export type Ending =
  | { readonly kind: "later"; readonly errors: readonly string[] }
  | { readonly kind: "failed"; readonly errors: readonly string[] }
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
    const later = errors.some(({ code }) => code === "not-supported-yet");
    return { kind: later ? "later" : "failed", errors: errors.map(renderDiagnostic) };
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
    unexplained: found.filter((difference) => acceptedBy(difference) === undefined),
  };
}

/** `N of M render, K schema-clean, D unexplained differences`, and what needs more than is built. */
export function summarised(endings: readonly Ending[]): string {
  const rendered = endings.filter((ending) => ending.kind === "rendered");
  const clean = rendered.filter(({ faults }) => faults.length === 0).length;
  const unexplained = rendered.reduce((sum, ending) => sum + ending.unexplained.length, 0);
  const later = endings.filter(({ kind }) => kind === "later").length;
  const waiting = later === 0 ? "" : ` (${later} more need what is not built yet)`;
  return `${rendered.length} of ${endings.length - later} render, ${clean} schema-clean, ${unexplained} unexplained differences${waiting}`;
}
