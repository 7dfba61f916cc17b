import { distinct } from "../../model/same.ts";
import type { Properties, Value } from "../../model/template.ts";
import { allowing, arn, type Statement } from "../iam.ts";
import type { Family } from "./family.ts";

/**
 * A repository of ECR: of its usual hosts, those for FIPS and those of two stacks, in whatever account
 * and region, or in those of the stack (https://docs.aws.amazon.com/general/latest/gr/ecr.html).
 */
const repository =
  /^(\d{12}|\$\{AWS::AccountId\})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+|\$\{AWS::Region\})\.(?:amazonaws\.com(?:\.cn)?|\$\{AWS::URLSuffix\}|on\.aws|on\.amazonwebservices\.com\.cn)\/([^:@]+)/;

/** The right to pull what a task has of ECR: those repositories, no others. */
export function pull({ members, sidecars }: Family): readonly Statement[] {
  const images = [
    ...members.map(({ service }) => service.image ?? ""),
    ...sidecars.map(({ definition }) => written(definition.Image ?? "")),
  ];
  const repositories = new Map(
    images.flatMap((image) => {
      const match = repository.exec(image);
      if (match === null) return [];
      const [, account = "", region = "", name = ""] = match;
      const place = { ...own("account", account), ...own("region", region) };
      return [[image, arn("ecr", [`repository/${name}`], place)] as const];
    }),
  );
  if (repositories.size === 0) return [];
  return [
    allowing(["ecr:GetAuthorizationToken"], "*"),
    allowing(
      ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      distinct([...repositories.values()]),
    ),
  ];
}

/** Nothing where it is the stack's. */
const own = (key: "account" | "region", text: string): { account?: Value; region?: Value } =>
  text.startsWith("$") ? {} : { [key]: text };

/** A text with what CloudFormation puts in as files have it. */
function written(image: Value): string {
  if (typeof image !== "object") return String(image);
  const { Ref: name, "Fn::Join": join = [] } = image as Properties;
  if (name !== undefined) return `\${${name}}`;
  const [, parts = []] = join as readonly Value[];
  return (parts as readonly Value[]).map(written).join("");
}
