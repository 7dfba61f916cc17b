import type { Properties } from "../../../model/template.ts";
import type { Path, Report } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import type { Definition } from "../x-resource.ts";

/** How an Aurora cluster takes more or less load: by the capacity of serverless instances, or not. */
export interface Serverless {
  readonly is: boolean;
  /** Properties of the cluster. */
  readonly properties: Properties;
}

/**
 * Serverless v2 where the file asks for it, by macro or by its properties. Version 1 is no more:
 * what it was told of capacity is told to version 2.
 */
export function serverlessOf(
  { path, properties }: Definition,
  wanted: boolean | undefined,
  { report }: Scope,
): Serverless {
  const { EngineMode, ScalingConfiguration, ServerlessV2ScalingConfiguration: own } = properties;
  const isFirst = isFirstServerless(properties);
  if (isFirst) {
    const key = EngineMode === undefined ? "ScalingConfiguration" : "EngineMode";
    const message = "Aurora Serverless v1 has ended: the cluster is one of Serverless v2";
    report.warn({ code: "ended", path: [...path, "Properties", key], message });
  }
  if (own !== undefined) return { is: wanted !== false, properties: {} };
  if (!isFirst && wanted !== true) return { is: false, properties: {} };
  const { MinCapacity = 0.5, MaxCapacity = 2 } = (ScalingConfiguration ?? {}) as Properties;
  return {
    is: true,
    properties: { ServerlessV2ScalingConfiguration: { MinCapacity, MaxCapacity } },
  };
}

/** Properties that only Serverless v1 had. */
export const ofFirstServerless = (properties: Properties): readonly string[] =>
  isFirstServerless(properties) ? ["EngineMode", "ScalingConfiguration"] : [];

/** `UseServerless` beside bounds leaves the mode out: no other kind of cluster has such bounds. */
const isFirstServerless = ({ EngineMode, ScalingConfiguration }: Properties): boolean =>
  EngineMode === "serverless" || (EngineMode === undefined && ScalingConfiguration !== undefined);

const sizes = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];

/** Classes with much memory, and small ones for trying out. */
const auroras =
  /^db\.(?:serverless|r[4-9]\w*\.\w+|x\d\w*\.\w+|t3\.(?:medium|large)|t4g\.(?:medium|large))$/;

/** The class of an instance in an Aurora cluster: of a family that Aurora lacks, the nearest it has. */
export function auroraClass(given: string, path: Path, report: Report): string {
  if (auroras.test(given)) return given;
  const [, family = "", size = ""] = given.split(".");
  const large = `db.r6g.${sizes.includes(size) ? size : "large"}`;
  const used = family.startsWith("t") ? "db.t4g.medium" : large;
  const message = `Aurora has no instances of the class ${given}: ${used} is used`;
  report.warn({ code: "no-such-class", path, message, help: "Name a class that Aurora has." });
  return used;
}
