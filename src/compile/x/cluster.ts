import { ref } from "../../model/template.ts";
import { base } from "../graph.ts";
import { hashedId } from "../ids.ts";
import { asIs, notBuilt, object } from "../read.ts";
import { type Cluster, extension, type Scope } from "../scope.ts";
import { propertiesOf } from "../values.ts";

const readCluster = object({ Properties: asIs, Lookup: notBuilt, MacroParameters: notBuilt });

/** `x-cluster`: the cluster that tasks run on. Without the key, a new one with Fargate. */
export function clusterOf(scope: Omit<Scope, "families">): Cluster {
  const path = ["x-cluster"];
  const data = extension(scope.project, "x-cluster") ?? null;
  const { Properties } = readCluster(data, path, scope.report) ?? {};
  const given = propertiesOf(Properties, [...path, "Properties"], scope);
  const properties = { CapacityProviders: ["FARGATE", "FARGATE_SPOT"], ...given };
  const { ClusterName } = properties as { ClusterName?: string };
  const id = hashedId("Cluster", ClusterName === undefined ? {} : { ClusterName });
  scope.add({ id, type: "AWS::ECS::Cluster", layer: base, properties, path });
  return {
    name: ref(id),
    hasDefaultStrategy: given.DefaultCapacityProviderStrategy !== undefined,
  };
}
