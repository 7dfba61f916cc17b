import type { Selected } from "./select.ts";
import type { Session } from "./session.ts";

/** What only shows when a whole project is looked at. */
export function checkConsistency(_selected: Selected, _session: Session): void {}
