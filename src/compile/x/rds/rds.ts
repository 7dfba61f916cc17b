import { getAtt, ref } from "../../../model/template.ts";
import { on, type XResource } from "../x-resource.ts";
import { connect, wanted } from "./connect.ts";
import { databaseOf, engineOf, isCluster } from "./database.ts";
import { existingDatabase } from "./existing.ts";
import { withOwnLogs } from "./own-logs.ts";

const describe = on(
  "rds:DescribeDBClusterEndpoints",
  "rds:DescribeDBClusters",
  "rds:DescribeDBInstances",
  "rds:ListTagsForResource",
);

/**
 * `x-rds`: databases, Aurora clusters or instances by their engine. The password is made by Secrets
 * Manager and nobody sees it; who may connect is a rule of the network.
 */
export const rds: XResource = {
  key: "x-rds",
  suffix: (given) => (isCluster(engineOf(given)) ? "Database" : "DatabaseInstance"),
  reads: ["MacroParameters", "Settings"],
  uses: wanted,

  returnValues: {
    Identifier: (id) => ref(id),
    DBCluster: (id, given) => (isCluster(engineOf(given)) ? ref(id) : undefined),
    Arn: (id, given) => getAtt(id, isCluster(engineOf(given)) ? "DBClusterArn" : "DBInstanceArn"),
    DBClusterArn: (id, given) =>
      isCluster(engineOf(given)) ? getAtt(id, "DBClusterArn") : undefined,
    DBInstanceArn: (id, given) =>
      isCluster(engineOf(given)) ? undefined : getAtt(id, "DBInstanceArn"),
    "Endpoint.Address": (id) => getAtt(id, "Endpoint.Address"),
    "Endpoint.Port": (id) => getAtt(id, "Endpoint.Port"),
    "ReadEndpoint.Address": (id, given) =>
      isCluster(engineOf(given)) ? getAtt(id, "ReadEndpoint.Address") : undefined,
  },

  access: {
    "DBCluster.RO": describe,
    RO: [],
    RW: [],
  },

  find: existingDatabase,
  connect,
  resources: (definition, scope) =>
    databaseOf(withOwnLogs(definition, engineOf(definition.given), scope.report), scope),
};
