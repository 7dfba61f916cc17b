import type { Data } from "../../compose/project.ts";
import { boolean, integer, object, oneOf, text } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { ServiceKey } from "./service-key.ts";

const severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW"] as const;

const readScan = object({
  IgnoreFailure: boolean,
  TreatFailedAs: oneOf("Success", "Failure"),
  Thresholds: object({ CRITICAL: integer, HIGH: integer, MEDIUM: integer, LOW: integer }),
  RoleArn: text,
});

const readEcr = object({
  InterpolateWithDigest: boolean,
  VulnerabilitiesScan: (data, path, report) =>
    data === null ? undefined : readScan(data, path, report),
  RoleArn: text,
});

/** `x-ecr`: what the registry knows of a service's image. */
export const ecr: ServiceKey = (data, path, family, scope, member) => {
  const { InterpolateWithDigest, RoleArn, VulnerabilitiesScan } =
    readEcr(data, path, scope.report) ?? {};
  if (InterpolateWithDigest === true) ecsInterpolates([...path, "InterpolateWithDigest"], scope);
  if (RoleArn !== undefined) warnOfRole(path, scope.report);
  if (VulnerabilitiesScan === undefined || Object.keys(VulnerabilitiesScan).length === 0) return;
  const at = [...path, "VulnerabilitiesScan"];
  if (VulnerabilitiesScan.RoleArn !== undefined) warnOfRole(at, scope.report);
  if (VulnerabilitiesScan.IgnoreFailure === true) {
    const message = "does nothing: what a scan finds would hold nothing back";
    scope.report.warn({ code: "no-effect", path: [...at, "IgnoreFailure"], message });
    return;
  }
  if (!isInEcr(member.service.image)) {
    const message = "the image is not in ECR, so nobody scans it";
    const help = "Push it to a repository of ECR, or remove this.";
    scope.report.error({ code: "cannot-honour", path: at, message, help });
    return;
  }
  const { Thresholds, TreatFailedAs = "Failure" } = VulnerabilitiesScan;
  family.scans.set(member.container, {
    Most: Thresholds ?? Object.fromEntries(severities.map((severity) => [severity, 0])),
    TreatFailedAs,
  });
};

const isInEcr = (image: Data | undefined): boolean =>
  /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\//.test(String(image));

function warnOfRole(path: Path, report: Report): void {
  const message = "does nothing: the controller asks ECR itself";
  const help = "Let it in by the policy of the repository.";
  report.warn({ code: "no-effect", path: [...path, "RoleArn"], message, help });
}

const readDockerOptions = object({ InterpolateWithDigest: boolean });

/** `x-docker_opts`: the same for images of any registry. */
export const dockerOptions: ServiceKey = (data, path, _family, scope) => {
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
