import { itemsIn, listIn, numberIn, type Rule, textIn } from "../literal.ts";

/** What tasks run on unless a service says otherwise. */
const strategy: Rule = (cluster) => {
  const { CapacityProviders } = cluster;
  const all = itemsIn(cluster, "DefaultCapacityProviderStrategy");
  const known = listIn(CapacityProviders).map((one) => textIn(one));
  const isKnown = CapacityProviders === undefined || Array.isArray(CapacityProviders);
  const others = all.filter(({ item: { CapacityProvider: name } }) => {
    const text = textIn(name);
    return isKnown && text !== undefined && !known.includes(undefined) && !known.includes(text);
  });
  const path = ["DefaultCapacityProviderStrategy"];
  const based = all.filter(({ item: { Base } }) => (numberIn(Base) ?? 0) > 0);
  const isIdle =
    all.length > 0 &&
    all.every(({ item: { Weight } }) => Weight !== undefined && numberIn(Weight) === 0);
  return [
    ...others.map(({ item, path: at }) => ({
      path: [...at, "CapacityProvider"],
      message: `${textIn(item.CapacityProvider)} is none of the cluster's CapacityProviders`,
      help: "Add it there.",
    })),
    ...(based.length > 1 ? [{ path, message: "only one capacity provider may have a Base" }] : []),
    ...(isIdle
      ? [
          {
            path,
            message: "no capacity provider has a Weight, so no task could start",
            help: "Add Weight: 1.",
          },
        ]
      : []),
  ];
};

export const capacityRules: readonly Rule[] = [strategy];
