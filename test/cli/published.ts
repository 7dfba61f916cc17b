import { environmentKey } from "../../src/model/key.ts";
import { type Outline, type OutlinedStack, outlinePath } from "../../src/model/outline.ts";
import { type EnvironmentRecord, emptyRecord } from "../../src/model/record.ts";
import type { EnvironmentStatus } from "../../src/model/status.ts";
import { emptyStatus } from "../../src/plan/statuses.ts";
import type { Ports } from "../../src/ports/ports.ts";

/** A commit, a digest: one digit, as often as it takes. */
export const commit = (digit: string): string => digit.repeat(40);
export const digest = (digit: string): string => digit.repeat(64);

/** A stack of one queue and one container. */
export const stackOf = (
  name: string,
  unit: string,
  more: Partial<OutlinedStack> = {},
): OutlinedStack => ({ name, unit, dependsOn: [], resources: [], images: [], ...more });

export const cause = (path: string, line = 1) => ({ file: "c.yml", line, column: 3, path });

/** What the controller would have published. `outlines`: of which the last is what is wanted. */
export async function publish(
  place: { readonly application: string; readonly environment: string },
  said: {
    readonly status?: Partial<EnvironmentStatus>;
    readonly outlines?: readonly (readonly [revision: string, stacks: readonly OutlinedStack[]])[];
    readonly deployed?: string;
    readonly wanted?: EnvironmentRecord["wanted"];
  },
  ports: Ports,
): Promise<void> {
  const { application, environment } = place;
  const key = environmentKey(application, environment);
  const { deployed, outlines = [], status = {}, wanted } = said;
  const target = { account: "123456789012", region: "eu-west-1" };
  for (const [revision, stacks] of outlines) {
    const outline: Outline = { v: 1, revision, bundle: bundleOf(revision), target, stacks };
    await ports.artifacts.put(outlinePath(key, outline), JSON.stringify(outline));
  }
  const record = {
    ...emptyRecord,
    wanted,
    deployed:
      deployed === undefined ? undefined : { revision: deployed, bundle: bundleOf(deployed) },
  };
  const { version } = await ports.records.read(key);
  await ports.records.write(key, record, version);
  const desired = outlines.at(-1)?.[0];
  await ports.statuses.writeEnvironment(application, environment, {
    ...emptyStatus,
    revision: { desired, deployed, verified: undefined },
    digest: { bundle: desired && bundleOf(desired), plan: undefined },
    ...status,
  });
}

const bundleOf = (revision: string): string => `${revision}${"0".repeat(24)}`;
