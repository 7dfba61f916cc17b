import type { Data } from "../../compose/project.ts";
import { inOrder } from "../../model/digest.ts";
import { join, type Properties, ref } from "../../model/template.ts";
import { warnBesideLookup } from "../beside-lookup.ts";
import { base } from "../graph.ts";
import { hashedId } from "../ids.ts";
import { lookUp } from "../lookups.ts";
import { asIs, asList, asMapping, isMapping, object, text } from "../read.ts";
import { type Cluster, extension, type Ground, type Scope } from "../scope.ts";
import { propertiesOf } from "../values.ts";
import { readSessions, sessionsOf } from "./sessions.ts";

const readCluster = object({
  Properties: asIs,
  Lookup: asIs,
  Use: text,
  MacroParameters: readSessions,
});

const path = ["x-cluster"];

/**
 * `x-cluster`: the cluster that tasks run on, looked up, named by `Use` and not looked up, or made.
 * Without the key, a new one with Fargate.
 */
export function clusterOf(scope: Ground): Cluster {
  const given = scope.settings.parameters?.ClusterName;
  if (given !== undefined) return there(given);
  const data = dataOf(scope);
  const { Properties, Lookup, Use, MacroParameters } = readCluster(data, path, scope.report) ?? {};
  const beside = asMapping(data);
  if (Lookup !== undefined) {
    warnBesideLookup(beside, path, scope.report);
    return there(lookedUp(Lookup, scope));
  }
  if (Use !== undefined) {
    warnBesideLookup({ ...beside, Use: null }, path, scope.report);
    return there(Use);
  }
  const own = propertiesOf(Properties, [...path, "Properties"], scope);
  const sessions = sessionsOf(own, MacroParameters ?? {}, scope);
  const properties = {
    CapacityProviders: ["FARGATE", "FARGATE_SPOT"],
    ...own,
    ...(Object.keys(sessions).length > 0
      ? {
          Configuration: {
            ...(own.Configuration as Properties | undefined),
            ExecuteCommandConfiguration: sessions,
          },
        }
      : {}),
  };
  const { ClusterName } = properties as { ClusterName?: string };
  const id = hashedId("Cluster", ClusterName === undefined ? {} : { ClusterName });
  scope.add({ id, type: "AWS::ECS::Cluster", layer: base, properties, path });
  return {
    name: ref(id),
    providers: textsIn(properties.CapacityProviders),
    waitsFor: insightsOf(id, own, scope),
    sessions,
  };
}

/** A cluster that others made. */
const there = (name: string): Cluster => ({
  name,
  providers: undefined,
  waitsFor: [],
  sessions: {},
});

/** Texts of a list that is known; undefined where CloudFormation alone knows. */
const textsIn = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((one) => typeof one === "string") ? value : undefined;

/**
 * The providers by which a cluster that is made here says what capacity tasks take; undefined: it
 * does not. What its properties refer to is not known yet when families ask.
 */
export function defaultProviders({
  project,
  settings,
}: Pick<Scope, "project" | "settings">): readonly string[] | undefined {
  const data = extension(project, "x-cluster");
  if (settings.parameters?.ClusterName !== undefined || !isMapping(data)) return undefined;
  const isMade = data.Lookup === undefined && data.Use === undefined;
  const own = asMapping(isMade ? data.Properties : undefined);
  const strategy = own.DefaultCapacityProviderStrategy;
  if (strategy === undefined) return undefined;
  return asList(strategy).flatMap((one) => {
    const name = asMapping(one).CapacityProvider;
    return typeof name === "string" ? [name] : [];
  });
}

/**
 * The log group that Container Insights makes by itself, declared, so that it goes with an
 * environment that is made to be deleted. It has to be there before the first task is.
 */
function insightsOf(id: string, own: Properties, scope: Ground): readonly string[] {
  const isOn = /"Name":"containerInsights","Value":"(?:enabled|enhanced)"/.test(
    JSON.stringify(inOrder(own.ClusterSettings ?? [])),
  );
  if (scope.settings.ephemeral !== true || !isOn) return [];
  const LogGroupName = join(["/aws/ecs/containerinsights/", ref(id), "/performance"]);
  const properties = { LogGroupName, RetentionInDays: 1 };
  const group = "ClusterInsightsLogGroup";
  scope.add({ id: group, type: "AWS::Logs::LogGroup", layer: base, properties, path });
  return [group];
}

/** `x-cluster`, or `x-aws-cluster`: so Docker's retired integration named a cluster that is there. */
function dataOf({ project, report }: Ground): Data {
  const own = extension(project, "x-cluster");
  // Left empty it asks for a new one, as without it.
  const alias = extension(project, "x-aws-cluster") ?? undefined;
  const at = ["x-aws-cluster"];
  if (own !== undefined && alias !== undefined) {
    const message = "x-cluster says which cluster it is, and only one of the two can";
    report.error({ code: "contradiction", path: at, message });
  }
  if (own !== undefined || alias === undefined) return own ?? null;
  const name = text(alias, at, report) ?? "";
  return { Lookup: name.startsWith("arn:") ? { Arn: name } : name };
}

/** `Lookup: name`, or `{ClusterName, RoleArn}`. */
function lookedUp(data: Data, scope: Ground): string {
  const at = [...path, "Lookup"];
  const { ClusterName, ...rest } = asMapping(data);
  const named = ClusterName === undefined ? rest : { ...rest, Identifier: ClusterName };
  const asked = isMapping(data) ? named : data;
  const standIn = { ClusterName: "placeholder" };
  const answer = lookUp("x-cluster", "AWS::ECS::Cluster", standIn)(asked, at, scope);
  return answer.ClusterName ?? standIn.ClusterName;
}
