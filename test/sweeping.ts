/** Nothing is looked at any more but for a reason: rules that go off by the clock are disabled. */
export async function stopSweeping(
  ask: (operation: string, input: object) => unknown,
): Promise<void> {
  const { Rules } = (await ask("events:ListRules", {})) as {
    readonly Rules: readonly { readonly Name: string; readonly ScheduleExpression?: string }[];
  };
  for (const { Name, ScheduleExpression } of Rules)
    if (ScheduleExpression !== undefined) await ask("events:DisableRule", { Name });
}
