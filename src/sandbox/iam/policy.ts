import { AwsError, type Context, notEmulated } from "../world.ts";

/** Who asks, and for what. */
export interface Asked {
  readonly action: string;
  /** ARN; undefined where the policy stands on the one thing that it is about. */
  readonly resource?: string;
  /** A principal of some account, or a service of AWS such as `cloudformation.amazonaws.com`. */
  readonly caller: Caller | { readonly service: string };
  /** Condition keys that the request brings along. */
  readonly keys?: Readonly<Record<string, string | undefined>>;
}

/** A principal. */
export interface Caller {
  readonly account: string;
  /** As GetCallerIdentity answers it. */
  readonly arn: string;
  /** What `aws:PrincipalArn` is: of a session, the role's. */
  readonly principalArn: string;
}

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

/** Whether a resource's policy, its document as data or text, lets somebody do something. */
export function allows(document: unknown, asked: Asked): boolean {
  const applying = statementsOf(document).filter((statement) => applies(statement, asked));
  return (
    applying.some(({ Effect }) => Effect === "Allow") &&
    applying.every(({ Effect }) => Effect !== "Deny")
  );
}

/** The way IAM refuses. */
export const denied = ({ principal }: Context, action: string, resource: string): AwsError =>
  new AwsError(
    "AccessDenied",
    `User: ${principal} is not authorized to perform: ${action} on resource: ${resource}`,
    403,
  );

function statementsOf(document: unknown): readonly Statement[] {
  const { Statement: statements = [] } = (
    typeof document === "string" ? JSON.parse(document) : document
  ) as { readonly Statement?: Statement | readonly Statement[] };
  return [statements].flat() as readonly Statement[];
}

const known: ReadonlySet<string> = new Set([
  "Action",
  "Condition",
  "Effect",
  "Principal",
  "Resource",
  "Sid",
]);

function applies(statement: Statement, { action, caller, keys = {}, resource }: Asked): boolean {
  const strange = Object.keys(statement).find((key) => !known.has(key));
  if (strange !== undefined) throw notEmulated(`policies with ${strange}`);
  const { Action = [], Condition = {}, Principal, Resource = "*" } = statement;
  const given: Readonly<Record<string, string | undefined>> =
    "service" in caller
      ? keys
      : {
          "aws:PrincipalAccount": caller.account,
          "aws:PrincipalArn": caller.principalArn,
          ...keys,
        };
  return (
    isMeant(Principal, caller) &&
    [Action].flat().some((pattern) => globbed(pattern, "i").test(action)) &&
    (resource === undefined ||
      [Resource].flat().some((pattern) => globbed(pattern).test(resource))) &&
    Object.entries(Condition).every(([operator, wanted]) => holds(operator, wanted, given))
  );
}

function isMeant(principal: unknown, caller: Asked["caller"]): boolean {
  if (principal === "*") return true;
  const { AWS = [], Service = [] } = (principal ?? {}) as {
    readonly AWS?: string | readonly string[];
    readonly Service?: string | readonly string[];
  };
  if ("service" in caller) return [Service].flat().includes(caller.service);
  const { account, arn, principalArn } = caller;
  const names = ["*", account, `arn:aws:iam::${account}:root`, arn, principalArn];
  return [AWS].flat().some((one) => names.includes(one));
}

type Compare = (value: string, wanted: string) => boolean;

const like: Compare = (value, wanted) => globbed(wanted).test(value);
const equals: Compare = (value, wanted) => value === wanted;

const operators: Readonly<Record<string, { readonly compare: Compare; readonly not?: true }>> = {
  ArnEquals: { compare: like },
  ArnLike: { compare: like },
  ArnNotEquals: { compare: like, not: true },
  StringEquals: { compare: equals },
  StringLike: { compare: like },
  StringNotEquals: { compare: equals, not: true },
};

/** A key that the request does not bring meets what asks for it to be different, and nothing else. */
function holds(
  operator: string,
  wanted: Readonly<Record<string, string | readonly string[]>>,
  given: Readonly<Record<string, string | undefined>>,
): boolean {
  const { compare, not = false } = operators[operator] ?? {};
  if (compare === undefined) throw notEmulated(`the condition ${operator}`);
  return Object.entries(wanted).every(([key, values]) => {
    const value = given[key];
    const meets = value !== undefined && [values].flat().some((one) => compare(value, one));
    return meets !== not;
  });
}

const globbed = (pattern: string, flags = ""): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    flags,
  );
