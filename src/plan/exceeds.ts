import type { ChangeSetChange } from "../model/observed.ts";
import type { Change, Fate } from "../model/plan.ts";
import { badness, fateOf, holdsData } from "./risk.ts";

/** One resource that a change set would treat worse than the plan says. */
export interface Excess {
  readonly logicalId: string;
  readonly planned: Fate;
  readonly reported: Fate;
}

/**
 * What stands against executing a change set. Of what holds data everything counts that is worse
 * than planned; of what holds none only a removal or a replacement that is certain and that nobody
 * spoke of, since CloudFormation is known to exaggerate. `foreseen` is the plan with its known
 * exaggerations: as bad as that is fine.
 */
export function exceeds(
  planned: readonly Change[],
  reported: readonly ChangeSetChange[],
  foreseen: readonly Change[] = planned,
): readonly Excess[] {
  const expected = fatesIn(planned);
  const tolerated = fatesIn(foreseen);
  return reported.flatMap((change) => {
    if (isNew(change)) return [];
    const { logicalId, type } = change;
    const saidFate = reportedFate(change);
    const limit = tolerated(logicalId);
    const isCertain = saidFate === "remove" || (saidFate === "replace" && limit !== "may-replace");
    const counts = isCertain || holdsData(type);
    return counts && badness(saidFate) > badness(limit)
      ? [{ logicalId, planned: expected(logicalId), reported: saidFate }]
      : [];
  });
}

/** What becomes of a resource by its logical id; what nobody speaks of stays as it is. */
function fatesIn(changes: readonly Change[]): (logicalId: string) => Fate {
  const fates = new Map(changes.map((change) => [change.logicalId, fateOf(change)]));
  return (logicalId) => fates.get(logicalId) ?? "same";
}

function reportedFate({ action, replacement }: ChangeSetChange): Fate {
  // Of `Dynamic` CloudFormation can't tell: it may be anything.
  if (action === "Remove" || action === "Dynamic") return "remove";
  if (replacement === "True") return "replace";
  return replacement === "Conditional" ? "may-replace" : "update";
}

/** What is added takes the place of nothing. */
const isNew = ({ action }: ChangeSetChange): boolean => action === "Add" || action === "Import";
