import type { Data } from "../../../compose/project.ts";
import { shown } from "../../../compose/shown.ts";
import type { Value } from "../../../model/template.ts";
import { isMapping, list, object, orFunction, type Read, text } from "../../read.ts";
import type { Path, Report } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { dataValue } from "../../values.ts";

const readCertificate = object({
  "x-acm": text,
  CertificateArn: orFunction(text),
  Arn: orFunction(text),
});

/** `Certificates` of a listener: `{x-acm: name}`, `{CertificateArn: arn}`, or the ARN itself. */
export const readCertificates = list((data: Data, path: Path, report: Report) =>
  readCertificate(isMapping(data) ? data : { CertificateArn: data }, path, report),
);

/** Their ARNs, as far as they are known. */
export const certificatesOf = (
  given: Read<typeof readCertificates>,
  path: Path,
  scope: Scope,
): readonly Value[] =>
  given.flatMap((certificate, index) => arnOf(certificate, [...path, index], scope) ?? []);

function arnOf(
  { Arn, CertificateArn = Arn, "x-acm": name }: Read<typeof readCertificate>,
  path: Path,
  scope: Scope,
): Value | undefined {
  if (name !== undefined)
    return scope.resolve({ kind: "x-acm", name, returned: "Arn" }, [...path, "x-acm"]);
  if (CertificateArn === undefined) {
    const message = "x-acm or CertificateArn is missing";
    scope.report.error({ code: "missing-key", path, message });
    return undefined;
  }
  const arn = dataValue(CertificateArn, path, scope);
  if (typeof arn === "string") checkArn(arn, path, scope);
  return arn;
}

/** A certificate of ACM is of one region; those that IAM keeps are of all. */
function checkArn(arn: string, path: Path, { report, settings }: Scope): void {
  const [, service, where = ""] = /^arn:[^:]+:(acm|iam):([^:]*):/.exec(arn) ?? [];
  if (service === undefined) {
    const message = `${shown(arn)} is no ARN of a certificate`;
    const help = "Such as arn:aws:acm:eu-west-1:123456789012:certificate/ID, or x-acm: NAME.";
    report.error({ code: "wrong-type", path, message, help });
  }
  const { region } = settings.target;
  if (service !== "acm" || where === region) return;
  const message = `this certificate is of ${where}, the load balancer of ${region}`;
  report.error({ code: "wrong-region", path, message });
}
