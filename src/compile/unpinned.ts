import type { Project } from "../compose/project.ts";
import type { Diagnostic } from "../model/diagnostic.ts";

/** Images that are run as they are written, by a tag: moved, it changes what runs and deploys nothing. */
export const unpinned = ({ positionOf, services }: Project): readonly Diagnostic[] =>
  Object.entries(services)
    .filter(([, service]) => service["x-image-policy"] === undefined)
    .filter(([, { image = "" }]) => image !== "" && !/@sha256:[0-9a-f]{64}$/.test(image))
    .map(([name]) => ({
      ...positionOf(["services", name, "image"]),
      severity: "warning",
      code: "not-pinned",
      path: `services.${name}.image`,
      message: "is not pinned: whoever moves its tag changes what runs, and nothing deploys it",
      help: "write name:tag@sha256:…, or give the service an x-image-policy",
    }));
