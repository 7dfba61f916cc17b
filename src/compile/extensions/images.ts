import { asIs, boolean, isMapping, object } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { ServiceKey } from "./service-key.ts";

const readEcr = object({ InterpolateWithDigest: boolean, VulnerabilitiesScan: asIs });

/** `x-ecr`: what ComposeX did with an image as it rendered. */
export const ecr: ServiceKey = (data, member, _family, scope) => {
  const path = [...member.path, "x-ecr"];
  const { InterpolateWithDigest, VulnerabilitiesScan: scan } =
    readEcr(data, path, scope.report) ?? {};
  if (InterpolateWithDigest === true) ecsInterpolates([...path, "InterpolateWithDigest"], scope);
  if (scan === undefined || scan === null || (isMapping(scan) && Object.keys(scan).length === 0))
    return;
  scope.report.error({
    code: "not-supported-yet",
    path: [...path, "VulnerabilitiesScan"],
    message: "VulnerabilitiesScan is not supported yet: nothing would hold a vulnerable image back",
    help: "Remove it, and let the repository's build judge images before it pushes them.",
  });
};

const readDockerOptions = object({ InterpolateWithDigest: boolean });

/** `x-docker_opts`: the same for images of any registry. */
export const dockerOptions: ServiceKey = (data, member, _family, scope) => {
  const path = [...member.path, "x-docker_opts"];
  if (readDockerOptions(data, path, scope.report)?.InterpolateWithDigest === true)
    ecsInterpolates([...path, "InterpolateWithDigest"], scope);
};

/** Says why a tag stays a tag. */
export function ecsInterpolates(path: Path, { report }: Scope): void {
  const message =
    "does nothing here: ECS itself runs the digest that a tag has when a deployment begins";
  const help = "Write image: name@sha256:… to run one image and no other.";
  report.warn({ code: "no-effect", path, message, help });
}
