import { distinct } from "../../model/same.ts";
import type { Value } from "../../model/template.ts";
import type { Statement } from "../iam.ts";
import type { Path, Report } from "../report.ts";

/** The same rights in as few statements as say them: what may be done alike, to all of its resources. */
export function together(all: readonly Statement[]): readonly Statement[] {
  // What several services of a family ask for is often the same statement.
  const statements = [...new Set(all)];
  const alike = Map.groupBy(statements, ({ Action, Condition, Effect, Sid }) =>
    Condition === undefined && Sid === undefined
      ? `${Effect} ${Action}`
      : JSON.stringify([Effect, Action, Condition, Sid]),
  );
  if (alike.size === statements.length) return statements;
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const resources = group.flatMap(({ Resource }) => Resource as Value | readonly Value[]);
    return [group.length === 1 ? first : { ...first, Resource: distinct(resources) }];
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

/** A reference in a document's text: to a whole resource, or to something of one. */
const reference = /\{"(?:Ref":"([^"]*)"|Fn::GetAtt":\["([^"]*)","[^"]*"\])\}/g;

/** What is known when it is made has the length that such names have: an ARN, the stack's name, its own. */
function sizeOf(document: Value): number {
  const text = JSON.stringify(document);
  let size = text.length;
  for (const [written, whole, part = ""] of text.matchAll(reference)) {
    const name = whole ?? part;
    size += (name.startsWith("AWS::") ? 14 : 92 + name.length) - written.length;
  }
  return size;
}
