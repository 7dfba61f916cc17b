import { distinct } from "../../model/same.ts";
import type { Value } from "../../model/template.ts";
import { allowing, arn, type Statement } from "../iam.ts";
import { literal } from "../names.ts";

/**
 * A repository of ECR: of its usual hosts, those for FIPS and those of two stacks. `…` is the account,
 * the region or the DNS suffix of the stack (https://docs.aws.amazon.com/general/latest/gr/ecr.html).
 */
const repository =
  /^(\d{12}|…)\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+|…)\.(?:amazonaws\.com(?:\.cn)?|…|on\.aws|on\.amazonwebservices\.com\.cn)\/([^:@]+)/;

/** The right to pull images that are kept in ECR: those repositories, no others. */
export function pull(images: readonly Value[]): readonly Statement[] {
  const repositories = images.flatMap((image) => {
    const match = repository.exec(literal(image));
    if (match === null) return [];
    const [, account = "", region = "", name = ""] = match;
    const path = `repository/${name.replaceAll("…", "*")}`;
    return [arn("ecr", [path], { ...own({ account }), ...own({ region }) })];
  });
  if (repositories.length === 0) return [];
  return [
    allowing(["ecr:GetAuthorizationToken"], "*"),
    allowing(
      ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      distinct(repositories),
    ),
  ];
}

/** Nothing where it is the stack's, which an ARN has anyhow. */
const own = <T extends Readonly<Record<string, string>>>(part: T): Partial<T> =>
  Object.values(part).includes("…") ? {} : part;
