import type { Value } from "../../model/template.ts";
import type { Statement } from "../iam.ts";
import type { Path, Report } from "../report.ts";

/** The same rights in as few statements as say them: what may be done alike, to all of its resources. */
export function together(statements: readonly Statement[]): readonly Statement[] {
  const alike = Map.groupBy(statements, ({ Resource: _, ...rest }) => JSON.stringify(rest));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const resources = group.flatMap(({ Resource }) => Resource as Value | readonly Value[]);
    const own = new Map(resources.map((resource) => [JSON.stringify(resource), resource]));
    return [group.length === 1 ? first : { ...first, Resource: [...own.values()] }];
  });
}

/** Of all policies in a role together, spaces left out: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const mostOfRole = 10_240;

/** Says where the policies in a role may well be more than IAM takes, which it finds as it makes them. */
export function checkSize(documents: readonly Value[], path: Path, report: Report): void {
  const size = documents.reduce<number>((sum, document) => sum + sizeOf(document), 0);
  if (size <= mostOfRole) return;
  const message = `the policies of its role have about ${size} characters, and IAM takes ${mostOfRole}`;
  const help =
    "Run some of the services as a family of their own (the label ecs.task.family), or give rights by x-iam.ManagedPolicyArns.";
  report.warn({ code: "too-big", path, message, help });
}

/** What is known when it is made has the length that such names have: an ARN, the stack's name, its own. */
const sizeOf = (document: Value): number =>
  JSON.stringify(document, (_, value: Value) => {
    const [name] = namesIn(value);
    return name === undefined
      ? value
      : "-".repeat(name.startsWith("AWS::") ? 12 : 90 + name.length);
  }).length;

const namesIn = (value: Value): readonly string[] => {
  if (typeof value !== "object" || Array.isArray(value)) return [];
  const { Ref: whole, "Fn::GetAtt": part } = value as Readonly<Record<string, Value>>;
  return [whole, Array.isArray(part) ? part[0] : undefined].filter(
    (name) => typeof name === "string",
  );
};
