import type { Operation } from "../../src/aws/call.ts";

// How reads can mislead: by what was so before, and a page at a time.

/** Reads that may be behind. Of S3 and CodeCommit's commits AWS says that they never are. */
export const mayBeStale: readonly Operation[] = [
  "cloudformation:DescribeChangeSet",
  "cloudformation:DescribeStacks",
  "codecommit:GetBranch",
  "ecr:DescribeImages",
  "ssm:GetParameters",
  "ssm:GetParametersByPath",
];

/** An answer or an error, as it was given. */
export type Told = () => unknown;

/** What reads were told: the newest four for the same input. */
export interface Past {
  keep(operation: Operation, input: unknown, told: Told): void;
  /** So many times before the newest, or the oldest that there is; undefined: it never was asked. */
  told(operation: Operation, input: unknown, back: number): Told | undefined;
}

export function pastReads(): Past {
  // Most are never asked for: which of them were for the same input is found out then.
  const kept = new Map<Operation, { readonly input: unknown; readonly told: Told }[]>(
    mayBeStale.map((operation) => [operation, []]),
  );
  return {
    keep: (operation, input, told) => {
      kept.get(operation)?.push({ input, told });
    },
    told: (operation, input, back) => {
      const text = JSON.stringify(input);
      const same = (kept.get(operation) ?? []).filter((one) => JSON.stringify(one.input) === text);
      return same.at(-Math.min(back, same.length, 4))?.told;
    },
  };
}

/** Members that hold the token asked with, the token answered, and the items. */
const lists: Readonly<Partial<Record<Operation, readonly [string, string, string]>>> = {
  "cloudformation:DescribeChangeSet": ["NextToken", "NextToken", "Changes"],
  "cloudformation:DescribeStackEvents": ["NextToken", "NextToken", "StackEvents"],
  "cloudformation:ListStackResources": ["NextToken", "NextToken", "StackResourceSummaries"],
  "codecommit:GetDifferences": ["NextToken", "NextToken", "differences"],
  "ecr:DescribeImages": ["nextToken", "nextToken", "imageDetails"],
  "s3:ListObjectsV2": ["ContinuationToken", "NextContinuationToken", "Contents"],
  "ssm:GetParametersByPath": ["NextToken", "NextToken", "Parameters"],
  "tagging:GetResources": ["PaginationToken", "PaginationToken", "ResourceTagMappingList"],
};

type Fields = Readonly<Record<string, unknown>>;

/** A list's answer one item a page, the first page empty; any other answer as it is. */
export function inSmallPages(
  operation: Operation,
  input: unknown,
  answer: (input: unknown) => unknown,
): unknown {
  const [tokenIn = "", tokenOut = "", items = ""] = lists[operation] ?? [];
  // Of images that are named ECR gives no pages.
  if (items === "" || "imageIds" in (input as Fields)) return answer(input);
  const { [tokenIn]: token = "page 0", ...rest } = input as Fields;
  const page = Number(/^page (\d+)$/.exec(String(token))?.[1]);
  const whole = answer(rest) as Fields;
  const all = (whole[items] ?? []) as readonly unknown[];
  const next = page < all.length ? { [tokenOut]: `page ${page + 1}` } : {};
  return { ...whole, [items]: page === 0 ? [] : all.slice(page - 1, page), ...next };
}
