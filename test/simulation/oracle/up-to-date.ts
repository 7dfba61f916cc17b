import type { ChangeSet } from "../../../src/sandbox/cloudformation/state.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { type Shop, secret } from "../shop.ts";
import { isPatient, liveStacks, unitOf } from "./seen.ts";

/** Whether `web` is given what the file has for it and nothing that left, and is deployed in its way. */
export function uses({ configuration: { template, text } }: ChangeSet, shop: Shop): boolean {
  const other = shop.queue === "jobs" ? /Tasks/ : /Jobs/;
  return (
    /Orders/.test(text) === shop.table &&
    !other.test(text) &&
    text.includes(secret) === shop.secret &&
    isPatient(template) === shop.patient
  );
}

/** Whether what is handed over by `base` is handed over so still: another table has another name. */
export const takesWhatIs = ({ configuration }: ChangeSet, world: World): boolean => {
  const base = liveStacks(world).find(({ name }) => unitOf(name) === "base");
  return (base?.outputs ?? []).every(
    ({ key, value }) => (configuration.parameters[key]?.value ?? value) === value,
  );
};
