import type { Origin } from "../model/bundle.ts";
import type { OutlinedResource } from "../model/outline.ts";
import { noneRegistered } from "./applications.ts";
import type { ApplicationTree, EnvironmentTree, Forest, StackTree } from "./forest.ts";
import { renderBriefly, short } from "./show.ts";
import type { Io } from "./verb.ts";

/** Everything below what it belongs to, each a line. */
export const renderForest = ({ applications }: Forest, io: Io): string =>
  applications.length === 0
    ? noneRegistered
    : applications.flatMap((one) => printed(ofApplication(one, io))).join("\n");

interface Node {
  readonly text: string;
  readonly below: readonly Node[];
}

const printed = ({ below, text }: Node): readonly string[] => [
  text,
  ...below.flatMap((node, at) => {
    const isLast = at === below.length - 1;
    const [first = "", ...others] = printed(node);
    const rest = others.map((line) => `${isLast ? "    " : "│   "}${line}`);
    return [`${isLast ? "└── " : "├── "}${first}`, ...rest];
  }),
];

function ofApplication(tree: ApplicationTree, io: Io): Node {
  const { application, conditions, environments, revision } = tree;
  const said =
    conditions.length === 0 ? "nothing known yet" : `at ${short(revision)}  ${brief(tree, io)}`;
  const none = { text: "no environment is known", below: [] };
  return {
    text: `${application}  ${said}`,
    below:
      environments.length === 0
        ? [none]
        : environments.map((one) => ofEnvironment(application, one, io)),
  };
}

const brief = ({ conditions }: Pick<ApplicationTree, "conditions">, io: Io): string =>
  renderBriefly(conditions, io);

function ofEnvironment(application: string, tree: EnvironmentTree, io: Io): Node {
  const { environment, instances, linesOf: lines, revision, stacks, state, target } = tree;
  const said =
    revision === undefined
      ? [state ?? `nothing known yet: trueup explain ${application}/${environment}`]
      : [
          ...(target === undefined ? [] : [`${target.account} ${target.region}`]),
          // What has instances is deployed nowhere itself.
          instances.length > 0 && revision.desired === undefined ? "" : atOf(revision),
          brief(tree, io),
          ...(lines === undefined || lines === revision.desired
            ? []
            : [`lines as of ${short(lines)}`]),
        ];
  return {
    text: [environment, ...said.filter((word) => word !== "")].join("  "),
    below: [
      ...gapsOf(tree).map((text) => ({ text, below: [] })),
      ...stacks.map((stack) => ofStack(stack, stacks)),
      ...instances.map((instance) => ofEnvironment(application, instance, io)),
    ],
  };
}

/** What is missing below an environment, and why. */
function gapsOf({ linesOf: lines, refused, stacks }: EnvironmentTree): readonly string[] {
  if (refused !== undefined) return [`what is in it may not be read: ${refused}`];
  const isUntold = lines === undefined && stacks.length > 0;
  return isUntold ? ["what its stacks hold is told with the next commit"] : [];
}

function atOf({ deployed, desired }: NonNullable<EnvironmentTree["revision"]>): string {
  if (deployed !== undefined && deployed === desired) return `at ${short(deployed)}`;
  return `${short(desired)} desired, ${short(deployed)} deployed`;
}

function ofStack(stack: StackTree, all: readonly StackTree[]): Node {
  const { after, leaves, name, resources, status, unit, waitsFor } = stack;
  const others = after.filter((provider) => !waitsFor.includes(provider));
  const words = [
    ...(leaves ? ["leaves"] : []),
    ...(waitsFor.length === 0 ? [] : [`waits for ${waitsFor.join(", ")}`]),
    ...(others.length === 0 ? [] : [`after ${others.join(", ")}`]),
  ];
  const units = all.map((one) => one.unit ?? "?");
  const columns = [
    // Of what nobody knows there is no column.
    ...(units.every((one) => one === "?") ? [] : [(unit ?? "?").padEnd(widest(units))]),
    name.padEnd(widest(all.map((one) => one.name))),
    status ?? "status not told",
    ...words,
  ];
  return { text: columns.join("  "), below: (resources ?? []).map(ofResource(resources)) };
}

function ofResource(all: readonly OutlinedResource[] = []) {
  const ids = widest(all.map(({ logicalId }) => logicalId));
  const types = widest(all.map(({ type }) => type));
  return ({ cause, logicalId, type }: OutlinedResource): Node => ({
    text: [logicalId.padEnd(ids), type.padEnd(types), renderOrigin(cause)].join("  "),
    below: [],
  });
}

/** A compose line as people look it up. */
export const renderOrigin = (origin: Origin | undefined): string =>
  origin === undefined
    ? "no line of a compose file"
    : `${origin.file}:${origin.line}:${origin.column}  ${origin.path}`;

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((t) => t.length));
