import type { Lease } from "../model/lease.ts";
import type { Notice } from "../model/notice.ts";
import { isOverdue } from "./teardown.ts";

/** What people are told of an instance that is not deleted as it should be; undefined: all is well. */
export function leakNotice(lease: Lease, now: string): Notice | undefined {
  const { application, instance, revision } = lease;
  const environment = `${lease.environment}.${instance}`;
  const words = leftBehind(lease) ?? (isOverdue(lease, now) ? overdue : undefined);
  if (words === undefined) return undefined;
  const [reason, said] = words;
  const key = `${application}/${environment}`;
  const todo = `trueup get ${application}/${lease.environment}`;
  const text = `${key}: ${revision.slice(0, 8)} ${said}.\n${todo}`;
  return { v: 1, application, environment, revision, phase: "leaked", reason, text, at: now };
}

type Words = readonly [reason: string, said: string];

const overdue: Words = ["Overdue", "is over for ninety minutes and not deleted"];

/** Of what kind, not what it is called: that may say what a message should not. */
function leftBehind({ leaked: [first, ...more] }: Lease): Words | undefined {
  if (first === undefined) return undefined;
  const kind = first.type.replace("AWS::", "");
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  return ["LeftBehind", `left ${kind}${others} behind, which could not be deleted`];
}
