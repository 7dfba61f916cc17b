import type { Value } from "../../../model/template.ts";
import { isOn, numberIn, type Rule, textIn } from "../literal.ts";
import { longEnough } from "./windows.ts";

const windows: Rule = (cache) => [
  ...longEnough(cache, "SnapshotWindow", 60),
  ...longEnough(cache, "PreferredMaintenanceWindow", 60),
];

/** Whether it is written, or a function may say so. */
const mayBeOn = (value: Value | undefined): boolean => isOn(value) || typeof value === "object";

const zones: Rule = ({ AutomaticFailoverEnabled, MultiAZEnabled }) =>
  isOn(MultiAZEnabled) && !mayBeOn(AutomaticFailoverEnabled)
    ? [
        {
          path: ["MultiAZEnabled"],
          message: "nodes in several zones take over from each other, and these may not",
          help: "Add AutomaticFailoverEnabled: true.",
        },
      ]
    : [];

const shards: Rule = ({ AutomaticFailoverEnabled, NumNodeGroups }) => {
  const groups = numberIn(NumNodeGroups) ?? 1;
  return groups > 1 && !mayBeOn(AutomaticFailoverEnabled)
    ? [
        {
          path: [
            AutomaticFailoverEnabled === undefined ? "NumNodeGroups" : "AutomaticFailoverEnabled",
          ],
          message: `where there are ${groups} groups of nodes, one node takes over from another`,
          help: "Write AutomaticFailoverEnabled: true.",
        },
      ]
    : [];
};

/** Another node takes over where there is another. */
const alone: Rule = ({ AutomaticFailoverEnabled, NumCacheClusters, ...others }) =>
  isOn(AutomaticFailoverEnabled) &&
  numberIn(NumCacheClusters ?? 1) === 1 &&
  (others.NumNodeGroups ?? others.ReplicasPerNodeGroup ?? others.NodeGroupConfiguration) ===
    undefined
    ? [
        {
          path: ["AutomaticFailoverEnabled"],
          message: "there is one node, and none that could take over",
          help: "Add NumCacheClusters: 2, or more.",
        },
      ]
    : [];

const token: Rule = ({ AuthToken, TransitEncryptionEnabled: tls }) =>
  AuthToken !== undefined && !mayBeOn(tls)
    ? [
        {
          path: ["AuthToken"],
          message: "a password is for caches that speak TLS",
          help: "Add TransitEncryptionEnabled: true.",
        },
      ]
    : [];

export const replicationGroupRules: readonly Rule[] = [windows, zones, shards, alone, token];

const nodes: Rule = ({ AZMode, Engine, NumCacheNodes }) => {
  const [engine, count] = [textIn(Engine), numberIn(NumCacheNodes)];
  if (engine === "redis" && count !== undefined && count > 1)
    return [
      {
        path: ["NumCacheNodes"],
        message: "a cluster of Redis has one node",
        help: "Properties.NumCacheClusters instead makes a replication group.",
      },
    ];
  return textIn(AZMode) === "cross-az" && count === 1
    ? [{ path: ["AZMode"], message: "one node is in one zone", help: "Add NumCacheNodes: 2." }]
    : [];
};

export const cacheClusterRules: readonly Rule[] = [windows, nodes];
