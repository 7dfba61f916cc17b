import { detailOf, type Event, type Trigger, textOf } from "./trigger.ts";

/**
 * A build or a task that was started to verify something came to its end: look at whoever it was
 * told that it works for.
 */
export const checkEnded: Trigger = (event) => {
  const build = detailOf(event, "CodeBuild Build State Change");
  const task = detailOf(event, "ECS Task State Change");
  const variables = [
    ...listAt(build, "additional-information", "environment", "environment-variables"),
    ...listAt(task, "overrides", "containerOverrides").flatMap((container) =>
      listAt(container as Event, "environment"),
    ),
  ] as readonly Event[];
  const key = textOf(variables.find((variable) => variable?.name === "TRUEUP_KEY")?.value);
  return key === undefined ? undefined : { look: "key", key };
};

/** The list at a path of something that may have any shape. */
function listAt(from: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Event)[key] : undefined,
    from,
  );
  return Array.isArray(found) ? found : [];
}
