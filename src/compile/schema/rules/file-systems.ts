import { isOn, itemsIn, type Rule, textIn } from "../literal.ts";

const throughput: Rule = ({ PerformanceMode, ProvisionedThroughputInMibps, ThroughputMode }) => {
  const mode = ThroughputMode === undefined ? "bursting" : textIn(ThroughputMode);
  const path = [ThroughputMode === undefined ? "ProvisionedThroughputInMibps" : "ThroughputMode"];
  const isSaid = ProvisionedThroughputInMibps !== undefined;
  if (mode === "provisioned" && !isSaid)
    return [{ path, message: "provisioned says how much, in ProvisionedThroughputInMibps" }];
  if (mode !== undefined && mode !== "provisioned" && isSaid)
    return [
      {
        path: ["ProvisionedThroughputInMibps"],
        message: `a file system that is ${mode} provisions no throughput`,
        help: "Write ThroughputMode: provisioned, or remove it.",
      },
    ];
  return mode === "elastic" && textIn(PerformanceMode) === "maxIO"
    ? [{ path: ["PerformanceMode"], message: "maxIO is not for file systems that are elastic" }]
    : [];
};

/** Each policy is one step, and the last is for what is elastic. */
const lifecycle: Rule = (fileSystem) => {
  const { PerformanceMode, ThroughputMode } = fileSystem;
  const all = itemsIn(fileSystem, "LifecyclePolicies");
  const archived = all.filter(({ item }) => item.TransitionToArchive !== undefined);
  const isElastic =
    typeof ThroughputMode === "object" ||
    (textIn(ThroughputMode) === "elastic" && textIn(PerformanceMode) !== "maxIO");
  return [
    ...all
      .filter(({ item }) => Object.keys(item).length > 1)
      .map(({ path }) => ({
        path,
        message: "each of the LifecyclePolicies is one step",
        help: "Make a list of it: [{TransitionToIA: …}, {TransitionToArchive: …}].",
      })),
    ...(isElastic ? [] : archived).map(({ path }) => ({
      path: [...path, "TransitionToArchive"],
      message: "only file systems that are elastic have an archive",
      help: "Add ThroughputMode: elastic.",
    })),
  ];
};

const encryption: Rule = ({ Encrypted, KmsKeyId }) =>
  KmsKeyId !== undefined && !isOn(Encrypted) && typeof Encrypted !== "object"
    ? [{ path: ["KmsKeyId"], message: "a key goes with Encrypted: true" }]
    : [];

const oneZone: Rule = ({ AvailabilityZoneName, PerformanceMode }) =>
  AvailabilityZoneName !== undefined && textIn(PerformanceMode) === "maxIO"
    ? [{ path: ["PerformanceMode"], message: "maxIO is not for file systems of one zone" }]
    : [];

export const fileSystemRules: readonly Rule[] = [throughput, lifecycle, encryption, oneZone];
