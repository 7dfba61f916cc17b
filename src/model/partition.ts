// A partition of AWS has regions, accounts and names of its own, and every region says whose it is.

/** The partition of a region, as ARNs name it: `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/**
 * What the names of a region's addresses end with: `AWS::URLSuffix`. Service principals, such as
 * `ecs-tasks.amazonaws.com`, are called the same in every partition.
 */
export const dnsSuffix = (region: string): string =>
  partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
