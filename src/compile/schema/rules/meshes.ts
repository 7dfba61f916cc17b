import { below, itemsIn, type Rule, textIn } from "../literal.ts";

/** Where a service listens in its mesh: one name and port for each. */
const aliases: Rule = ({ ServiceConnectConfiguration: given }) => {
  const all = itemsIn(below(given), "Services");
  const called = all.map(({ item }) => {
    const { DnsName, Port } = itemsIn(item, "ClientAliases")[0]?.item ?? {};
    return textIn(DnsName) && `${textIn(DnsName)}:${textIn(Port)}`;
  });
  return all.flatMap(({ path }, at) =>
    called[at] !== undefined && called.indexOf(called[at]) < at
      ? [
          {
            path: ["ServiceConnectConfiguration", ...path, "ClientAliases"],
            message: `two ports of a task are ${called[at]} in the mesh`,
            help: "Give each an alias of its own.",
          },
        ]
      : [],
  );
};

export const meshRules: readonly Rule[] = [aliases];
