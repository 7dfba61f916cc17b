import type { StoredValue, StoredValues } from "../ports/ports.ts";
import type { Call } from "./call.ts";

/** How many parameters may be asked for at once. */
const most = 10;

/** Parameter Store of the controller's account and region. Nothing is ever decrypted. */
export const storedIn = (call: Call): StoredValues => ({
  async read(names) {
    const found = new Map<string, StoredValue>();
    for (let from = 0; from < names.length; from += most) {
      const { Parameters = [] } = await call("ssm:GetParameters", {
        Names: names.slice(from, from + most),
      });
      for (const { Name = "", Type, Value = "" } of Parameters) {
        found.set(Name, Type === "SecureString" ? { isSecret: true } : { text: Value });
      }
    }
    return found;
  },
});
