import type { Desired } from "../desired/desired.ts";
import type { Moment } from "../desired/moment.ts";
import { environmentKey } from "../model/key.ts";
import { outlinePath } from "../model/outline.ts";
import { outlineOf } from "../plan/outline.ts";

/** Says what is wanted now, before the status names it: once for each commit that is wanted. */
export async function publishOutline(
  { bundle, revision }: Pick<Desired, "bundle" | "revision">,
  { application, before, environment, ports }: Moment,
): Promise<void> {
  if (before.revision.desired === revision && before.digest.bundle === bundle.digest) return;
  const outline = outlineOf(bundle, revision);
  const path = outlinePath(environmentKey(application, environment), outline);
  await ports.artifacts.put(path, JSON.stringify(outline));
}
