import type { DesiredStack, Origin, Target } from "../model/bundle.ts";
import type { ScanLimits } from "../model/image.ts";
import { own } from "../model/own.ts";
import { dnsSuffix, partitionOf } from "../model/partition.ts";
import type { Change } from "../model/plan.ts";
import type { Properties, Resource, Value } from "../model/template.ts";

/** What tasks cannot start without, and the line that asks for it. */
export interface TaskNeed {
  readonly kind: "image" | "secret";
  /** The container that needs it, and the logical id of the task definition that has it. */
  readonly container: string;
  readonly definition: string;
  /** As the task definition has it: an image's name, or an ARN or name of a secret or parameter. */
  readonly text: string;
  /** Of images: `linux/amd64` or `linux/arm64`. */
  readonly platform: string;
  readonly origin: Origin | undefined;
  /** Of images: what their scan may have found; undefined: whatever it did. */
  readonly limits?: ScanLimits | undefined;
}

/** One text for a need, the same for the same one, whoever has it. */
export const needKey = ({ kind, limits, platform, text }: TaskNeed): string =>
  `${kind} ${platform} ${text} ${JSON.stringify(limits)}`;

/** Whether a roll-out of a stack starts tasks. */
export const startsTasks = (stack: string, changes: readonly Change[]): boolean =>
  changes.some(
    (change) => change.stack === stack && change.action !== "remove" && starting.has(change.type),
  );

const starting: ReadonlySet<string> = new Set(["AWS::ECS::Service", "AWS::ECS::TaskDefinition"]);

/** What the tasks of a stack need that is there already, or is not; what the stack makes is not among it. */
export const needsOf = (stack: DesiredStack, target: Target): readonly TaskNeed[] =>
  Object.entries(stack.template.Resources).flatMap(([logicalId, resource]) => {
    const { Properties = {}, Type } = resource;
    if (Type !== "AWS::ECS::TaskDefinition") return [];
    const platform = platformOf(Properties);
    return membersOf(Properties.ContainerDefinitions).flatMap((container) => {
      const within = ["ContainerDefinitions", String(container.Name)];
      const line = (property: string): Origin | undefined =>
        stack.originOf?.(logicalId, [...within, property]) ?? stack.origins[logicalId];
      const limits = limitsOf(resource, container);
      const of = { container: String(container.Name), definition: logicalId, platform };
      const image = { kind: "image", ...of, origin: line("Image"), limits } as const;
      const secrets = membersOf(container.Secrets).map(({ ValueFrom }) => ({
        kind: "secret" as const,
        ...of,
        text: ValueFrom,
        origin: line("Secrets"),
      }));
      return [{ ...image, text: container.Image }, ...secrets].flatMap((need) => {
        const text = textOf(need.text, target);
        return text === undefined ? [] : [{ ...need, text }];
      });
    });
  });

/** As the compiler has left it with the task definition. */
function limitsOf({ Metadata }: Resource, { Name }: Properties): ScanLimits | undefined {
  const all = (Metadata?.ScanLimits ?? {}) as Readonly<Record<string, Properties>>;
  const found = own(all, String(Name));
  if (found === undefined) return undefined;
  const { Most, TreatFailedAs } = found;
  return { most: Most as ScanLimits["most"], failedIsFine: TreatFailedAs === "Success" };
}

/** What a value comes to, as far as only the target has to be known for it; undefined: more has. */
function textOf(value: Value | undefined, target: Target): string | undefined {
  if (typeof value !== "object") return value === undefined ? undefined : String(value);
  const { "Fn::Join": joined, Ref: name } = value as Properties;
  if (name === "AWS::AccountId") return target.account;
  if (name === "AWS::Region") return target.region;
  if (name === "AWS::Partition") return partitionOf(target.region);
  if (name === "AWS::URLSuffix") return dnsSuffix(target.region);
  const [separator, parts] = (joined ?? []) as readonly Value[];
  if (!Array.isArray(parts)) return undefined;
  const texts = (parts as readonly Value[]).map((part) => textOf(part, target));
  return texts.includes(undefined) ? undefined : texts.join(String(separator));
}

const membersOf = (value: Value | undefined): readonly Properties[] =>
  // Stryker disable next-line ArrayDeclaration: a word has no members
  Array.isArray(value) ? (value as readonly Properties[]) : [];

function platformOf({ RuntimePlatform }: Properties): string {
  const { CpuArchitecture } = (RuntimePlatform ?? {}) as Properties;
  return `linux/${CpuArchitecture === "ARM64" ? "arm64" : "amd64"}`;
}
