import { getAtt, type Properties, ref } from "../../model/template.ts";
import { asList, integer, mapOf, object, open, type Read, text } from "../read.ts";
import { propertiesIn, type Scope } from "../scope.ts";
import { securityGroup } from "../security-group.ts";
import { letIn } from "../services/rules.ts";
import { engineIn } from "./macros.ts";
import { storageSubnets } from "./storage-subnets.ts";
import type { Connection, Definition, Given, XResource } from "./x-resource.ts";

const readMacros = open({
  Engine: text,
  EngineVersion: text,
  CacheNodeType: text,
  NumCacheNodes: integer,
  ParameterGroup: object(
    { CacheParameterGroupFamily: text, Description: text, Properties: mapOf(text) },
    ["CacheParameterGroupFamily"],
  ),
});
const readSettings = open({ Subnets: text });

const addressed = (name: string, ...parts: readonly string[]): XResource["returnValues"] =>
  Object.fromEntries(
    parts.map((part) => [
      `${name}.${part}`,
      (id: string, given: Given) => endpoint(id, given, name, part),
    ]),
  );

/** `x-elasticache`: caches. Who may use one is a rule of the network; there is nothing to allow. */
export const elasticache: XResource = {
  key: "x-elasticache",
  suffix: (given) => (isGroup(given) ? "CacheGroup" : "Cache"),
  reads: ["MacroParameters", "Settings"],

  returnValues: {
    Identifier: (id) => ref(id),
    ...addressed("RedisEndpoint", "Address", "Port"),
    ...addressed("ConfigurationEndpoint", "Address", "Port"),
    ...addressed("PrimaryEndPoint", "Address", "Port"),
    ...addressed("ReadEndPoint", "Addresses", "Ports"),
    ...addressed("ReaderEndPoint", "Address", "Port"),
  },

  access: {},

  connect: ({ definition, families, path }: Connection, scope) => {
    const { name } = definition;
    const guarded = {
      name,
      group: ref(guardOf(definition, scope).id),
      port: portOf(definition.given),
    };
    for (const family of families) letIn(family, guarded, { path, report: scope.report });
  },

  resources: (cache, scope) => {
    const at = [...cache.path, "MacroParameters"];
    const macros = readMacros(cache.given.MacroParameters ?? null, at, scope.report) ?? {};
    const parameters = macros.ParameterGroup;
    return [
      guardOf(cache, scope),
      {
        id: `${cache.id}Subnets`,
        type: "AWS::ElastiCache::SubnetGroup",
        properties: { Description: `Cache ${cache.name}`, SubnetIds: subnetsOf(cache, scope) },
      },
      ...(parameters === undefined
        ? []
        : [
            {
              id: `${cache.id}Parameters`,
              type: "AWS::ElastiCache::ParameterGroup",
              properties: {
                Description: "Parameters",
                CacheParameterGroupFamily: "",
                ...parameters,
              },
            },
          ]),
      nodesOf(cache, macros, parameters !== undefined, scope),
    ];
  },
};

const engineOf = (given: Given): string => String(engineIn(given) ?? "redis");

const portOf = (given: Given): number => {
  const own = propertiesIn(given).Port;
  return own === undefined ? (engineOf(given) === "memcached" ? 11_211 : 6379) : Number(own);
};

/** Properties that only a replication group has. */
const replicated = [
  "AutomaticFailoverEnabled",
  "MultiAZEnabled",
  "NumCacheClusters",
  "NumNodeGroups",
  "ReplicasPerNodeGroup",
  "ReplicationGroupDescription",
];

const isGroup = (given: Given): boolean =>
  replicated.some((key) => propertiesIn(given)[key] !== undefined);

/** Each kind of cache is reached another way. */
function endpoint(id: string, given: Given, name: string, part: string) {
  const known = isGroup(given)
    ? ["ConfigurationEndpoint", "PrimaryEndPoint", "ReadEndPoint", "ReaderEndPoint"]
    : [engineOf(given) === "memcached" ? "ConfigurationEndpoint" : "RedisEndpoint"];
  if (!known.includes(name)) return undefined;
  // CloudFormation writes it so for groups, and only for them.
  const written = isGroup(given) ? name.replace("Endpoint", "EndPoint") : name;
  return getAtt(id, `${written}.${part}`);
}

const guardOf = ({ id, name }: Definition, scope: Scope) =>
  securityGroup(`${id}SecurityGroup`, `Cache ${name}`, scope);

function subnetsOf({ given, path }: Definition, scope: Scope) {
  const settings = readSettings(given.Settings ?? null, [...path, "Settings"], scope.report);
  return storageSubnets(settings?.Subnets, path, scope);
}

/**
 * What was called `6.x` once, as the newest of its kind, has a version of its own; and `7.0` without
 * quotes is the number 7 to YAML.
 */
function versionOf({ given, path, properties }: Definition, macros: Macros, { report }: Scope) {
  const key = properties.EngineVersion === undefined ? "MacroParameters" : "Properties";
  const said = properties.EngineVersion ?? macros.EngineVersion;
  const isNumber = /^\d+$/.test(String(said)) && engineOf(given) !== "memcached";
  const meant = said === "6.x" ? "6.2" : isNumber ? `${String(said)}.0` : undefined;
  if (meant === undefined) return said === undefined ? {} : { EngineVersion: said };
  const message = `ElastiCache has no version ${String(said)}: ${meant} is used`;
  const help = `Write it in quotes: "${meant}".`;
  report.warn({ code: "no-such-version", path: [...path, key, "EngineVersion"], message, help });
  return { EngineVersion: meant };
}

type Macros = Read<typeof readMacros>;

/** Whether clients have to speak TLS is not guessed: ElastiCache wants to be told it for Valkey. */
function checkTransit({ given, path, properties }: Definition, { report }: Scope): void {
  if (engineOf(given) !== "valkey" || properties.TransitEncryptionEnabled !== undefined) return;
  const message = "TransitEncryptionEnabled is missing, without which ElastiCache makes no Valkey";
  const help = "true: clients speak TLS; false: they do not.";
  report.error({ code: "missing-key", path: [...path, "Properties"], message, help });
}

function nodesOf(cache: Definition, macros: Macros, hasParameters: boolean, scope: Scope) {
  const { id, given } = cache;
  const { EngineVersion: _, ...properties } = cache.properties;
  if (isGroup(given) && macros.NumCacheNodes !== undefined) {
    const message = "NumCacheNodes does nothing for a replication group";
    const help = "Properties.NumCacheClusters, or NumNodeGroups, says how many nodes it has.";
    const path = [...cache.path, "MacroParameters", "NumCacheNodes"];
    scope.report.warn({ code: "no-effect", path, message, help });
  }
  if (isGroup(given)) checkTransit(cache, scope);
  const groups = [ref(guardOf(cache, scope).id)];
  const common: Properties = {
    Engine: engineOf(given),
    ...versionOf(cache, macros, scope),
    CacheNodeType: macros.CacheNodeType ?? "cache.t4g.small",
    ...(hasParameters ? { CacheParameterGroupName: ref(`${id}Parameters`) } : {}),
    CacheSubnetGroupName: ref(`${id}Subnets`),
  };
  // Memcached keeps nothing that could be kept.
  const policies =
    engineOf(given) === "memcached"
      ? {}
      : ({ deletionPolicy: "Snapshot", updateReplacePolicy: "Snapshot" } as const);
  return isGroup(given)
    ? {
        id,
        type: "AWS::ElastiCache::ReplicationGroup",
        properties: {
          ReplicationGroupDescription: `Cache ${cache.name}`,
          AtRestEncryptionEnabled: true,
          ...common,
          ...properties,
          SecurityGroupIds: [...groups, ...asList(properties.SecurityGroupIds)],
        },
        ...policies,
      }
    : {
        id,
        type: "AWS::ElastiCache::CacheCluster",
        properties: {
          NumCacheNodes: macros.NumCacheNodes ?? 1,
          ...common,
          ...properties,
          VpcSecurityGroupIds: [...groups, ...asList(properties.VpcSecurityGroupIds)],
        },
        ...policies,
      };
}
