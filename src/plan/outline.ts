import type { Bundle, DesiredStack, Target } from "../model/bundle.ts";
import type { Outline, OutlinedStack } from "../model/outline.ts";
import { needsOf, type TaskNeed } from "./starts.ts";

/** What a bundle holds, as it is published for people who look. */
export const outlineOf = ({ digest, stacks, target }: Bundle, revision: string): Outline => ({
  v: 1,
  revision,
  bundle: digest,
  target: { account: target.account, region: target.region },
  stacks: stacks.map((stack) => outlined(stack, target)),
});

function outlined(stack: DesiredStack, target: Target): OutlinedStack {
  const { dependsOn, name, origins, template, unit } = stack;
  const images = needsOf(stack, target).filter(({ kind }) => kind === "image");
  return {
    name,
    unit,
    dependsOn,
    resources: Object.entries(template.Resources).map(([logicalId, { Type: type }]) => ({
      logicalId,
      type,
      cause: origins[logicalId],
    })),
    images: images.map((need) => ({
      container: need.container,
      image: need.text,
      // What is put beside a service, as for tracing, has no line of its own.
      cause: isOwn(need) ? need.origin : origins[need.definition],
    })),
  };
}

const isOwn = ({ container, origin }: TaskNeed): boolean =>
  origin?.path === `services.${container}.image`;
