import type { Ports } from "./ports/ports.ts";
import { reconcile } from "./reconcile/reconcile.ts";
import { automate } from "./write/automate.ts";

/** What keys are worked on with: each reads everything afresh and takes it one step further. */
export interface Loops {
  /** An environment: from what it is towards what its repository says. */
  reconcile(application: string, environment: string, ports: Ports): Promise<void>;
  /** An application: its images, and what is to be said of its `trueup.yaml`. */
  automate(application: string, ports: Ports): Promise<void>;
}

export const loops: Loops = { automate, reconcile };
