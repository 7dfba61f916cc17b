import type { Properties } from "../../../model/template.ts";
import { type Breach, below, isOn, numberIn, type Rule, textIn } from "../literal.ts";
import { longEnough, overlap } from "./windows.ts";

const windows: Rule = (database) => {
  const { PreferredBackupWindow: daily, PreferredMaintenanceWindow: weekly } = database;
  return [
    ...longEnough(database, "PreferredBackupWindow", 30),
    ...longEnough(database, "PreferredMaintenanceWindow", 30),
    ...(overlap(textIn(daily), textIn(weekly))
      ? [
          {
            path: ["PreferredBackupWindow"],
            message: "backups are made while the database is maintained: RDS wants two times",
            help: "Move PreferredBackupWindow or PreferredMaintenanceWindow.",
          },
        ]
      : []),
  ];
};

/** Metrics of the operating system are written by a role. */
const monitoring: Rule = ({ MonitoringInterval, MonitoringRoleArn }) => {
  const interval = numberIn(MonitoringInterval ?? 0);
  if (interval === undefined || interval > 0 === (MonitoringRoleArn !== undefined)) return [];
  return interval > 0
    ? [
        {
          path: ["MonitoringInterval"],
          message: "MonitoringRoleArn is missing: the role that RDS writes metrics with",
          help: "Add it, or remove MonitoringInterval.",
        },
      ]
    : [
        {
          path: ["MonitoringRoleArn"],
          message: "a role for metrics goes with a MonitoringInterval that is not 0",
        },
      ];
};

/** Names that an engine has for itself. */
const reserved: readonly (readonly [engine: RegExp, names: RegExp])[] = [
  [/postgres/, /^(?:admin|rdsadmin|pg_.*)$/i],
  [/./, /^rdsadmin$/i],
];

const user: Rule = ({ Engine, MasterUsername }) => {
  const [engine, name] = [textIn(Engine) ?? "", textIn(MasterUsername)];
  if (name === undefined) return [];
  const path = ["MasterUsername"];
  const most = /^(?:mysql|mariadb|aurora-mysql)$/.test(engine) ? 16 : 63;
  if (!/^[A-Za-z]\w*$/.test(name) || name.length > most)
    return [
      { path, message: `MasterUsername is 1 to ${most} letters, digits and _, a letter first` },
    ];
  return reserved.some(([form, names]) => form.test(engine) && names.test(name))
    ? [{ path, message: `${name} is a name that ${engine} has for itself` }]
    : [];
};

const capacity: Rule = ({ ServerlessV2ScalingConfiguration: given }) => {
  const { MaxCapacity, MinCapacity, SecondsUntilAutoPause } = below(given);
  const path = ["ServerlessV2ScalingConfiguration"];
  const [least, most] = [numberIn(MinCapacity), numberIn(MaxCapacity)];
  const uneven = [MinCapacity, MaxCapacity].find((one) => ((numberIn(one) ?? 0) * 2) % 1 !== 0);
  if (uneven !== undefined)
    return [{ path, message: `capacity comes in steps of 0.5, and not as ${String(uneven)}` }];
  if (least !== undefined && most !== undefined && least > most)
    return [{ path, message: `MinCapacity ${least} is more than MaxCapacity ${most}` }];
  return SecondsUntilAutoPause !== undefined && least !== undefined && least > 0
    ? [
        {
          path: [...path, "SecondsUntilAutoPause"],
          message: "only a database that may have no capacity pauses",
          help: "Write MinCapacity: 0.",
        },
      ]
    : [];
};

const backtrack: Rule = ({ BacktrackWindow, Engine }) =>
  (numberIn(BacktrackWindow) ?? 0) > 0 && textIn(Engine) === "aurora-postgresql"
    ? [{ path: ["BacktrackWindow"], message: "only Aurora MySQL goes back in time" }]
    : [];

export const clusterRules: readonly Rule[] = [windows, monitoring, user, capacity, backtrack];

const isOpenSource = ({ Engine }: Properties): boolean =>
  /^(?:mysql|mariadb|postgres)$/.test(textIn(Engine) ?? "");

/** How much an instance stores, and how fast. */
const storage: Rule = (database) => {
  const { AllocatedStorage, Iops, MaxAllocatedStorage, StorageThroughput, StorageType } = database;
  const [size, type] = [numberIn(AllocatedStorage), textIn(StorageType) ?? "gp2"];
  if (!isOpenSource(database) || size === undefined || typeof StorageType === "object") return [];
  const isFast = /^io[12]$/.test(type);
  const least = isFast ? 100 : 20;
  const most = numberIn(MaxAllocatedStorage);
  const breaches: readonly (Breach | false)[] = [
    type !== "standard" &&
      (size < least || size > 65_536) && {
        path: ["AllocatedStorage"],
        message: `AllocatedStorage is ${least} to 65536 GiB of ${type}`,
      },
    most !== undefined &&
      most <= size && {
        path: ["MaxAllocatedStorage"],
        message: `MaxAllocatedStorage has to be more than AllocatedStorage, which is ${size}`,
      },
    isFast && Iops === undefined && { path: ["StorageType"], message: `${type} needs Iops` },
    type === "gp3" &&
      size < 400 &&
      (Iops ?? StorageThroughput) !== undefined && {
        path: [Iops === undefined ? "StorageThroughput" : "Iops"],
        message: "gp3 has Iops and StorageThroughput of its own choice from 400 GiB on",
        help: "Remove it, or make AllocatedStorage 400.",
      },
    type === "gp2" && Iops !== undefined && { path: ["Iops"], message: "gp2 takes no Iops" },
  ];
  return breaches.filter((one): one is Breach => one !== false);
};

const zone: Rule = ({ AvailabilityZone, MultiAZ }) =>
  AvailabilityZone !== undefined && isOn(MultiAZ)
    ? [
        {
          path: ["AvailabilityZone"],
          message: "a database in several zones (MultiAZ) is in none by name",
          help: "Remove AvailabilityZone.",
        },
      ]
    : [];

/** An instance of a cluster has all but its class from there. */
const ofNoCluster =
  (rule: Rule): Rule =>
  (database) =>
    database.DBClusterIdentifier === undefined ? rule(database) : [];

export const instanceRules: readonly Rule[] = [
  ofNoCluster(windows),
  monitoring,
  ofNoCluster(user),
  ofNoCluster(storage),
  zone,
];
