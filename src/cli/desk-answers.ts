import { takenFrom } from "../desired/handed-out.ts";
import { isRefused } from "../model/refused.ts";
import type { Ports } from "../ports/ports.ts";
import type { ReadStored } from "./said.ts";
import type { TakeParameters } from "./working-copy.ts";

// What a working copy asks, answered with a person's own credentials.

/** Values of Parameter Store; what is secret is as good as not there. Throws where any may not be read. */
export const storedBy =
  ({ stored }: Pick<Ports, "stored">): ReadStored =>
  async (names) => {
    const found = [...(await stored.read(names))];
    const refused = found.map(([, value]) => value).find(isRefused);
    if (refused !== undefined) throw new Error(refused.refused);
    return new Map(found.flatMap(([name, value]) => ("text" in value ? [[name, value.text]] : [])));
  };

/** What another environment hands out. */
export const takenBy =
  (ports: Ports): TakeParameters =>
  (from, taker) =>
    takenFrom(from, { ...taker, origin: here(taker.by) }, ports);

const here = (key: string) => ({
  file: "trueup.yaml",
  line: 1,
  column: 1,
  path: `environments.${key.split("/")[1]}.parameters.from`,
});
