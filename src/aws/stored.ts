import type { StoredValue, StoredValues } from "../ports/ports.ts";
import { isDenied } from "./answers.ts";
import type { Call } from "./call.ts";

/** How many parameters may be asked for at once. */
const most = 10;

/** Parameter Store of the controller's account and region. Nothing is ever decrypted. */
export const storedIn = (call: Call): StoredValues => ({
  async read(names) {
    const found = new Map<string, StoredValue>();
    for (let from = 0; from < names.length; from += most) {
      for (const [name, value] of await readSome(names.slice(from, from + most), call))
        found.set(name, value);
    }
    return found;
  },
});

type Named = readonly [name: string, value: StoredValue];

/** One that whoever asks may not read has AWS refuse all that are asked for with it. */
async function readSome(names: readonly string[], call: Call): Promise<readonly Named[]> {
  try {
    const { Parameters = [] } = await call("ssm:GetParameters", { Names: [...names] });
    return Parameters.map(({ Name = "", Type, Value = "" }) => [
      Name,
      Type === "SecureString" ? { isSecret: true } : { text: Value },
    ]);
  } catch (error) {
    if (!isDenied(error)) throw error;
    const [name = "", ...others] = names;
    if (others.length === 0) return [[name, { refused: (error as Error).message }]];
    const found: Named[] = [];
    for (const one of names) found.push(...(await readSome([one], call)));
    return found;
  }
}
