import type { Properties } from "../../../model/template.ts";
import type { Scope } from "../../scope.ts";
import type { Definition } from "../x-resource.ts";

/** `ParametersGroups`: the parameters of a database, where they are not its engine's own. */
export interface Group {
  readonly Description?: string;
  readonly Family?: string;
  readonly Parameters?: Properties;
}

interface Said {
  readonly EngineVersion?: string;
  readonly ParametersGroups?: Group | undefined;
}

/** What the file says, and what else the database has to be told. Undefined: nothing. */
export function groupOf(
  { path, properties }: Definition,
  { EngineVersion, ParametersGroups: given }: Said,
  own: Properties,
  { report }: Scope,
): Group | undefined {
  if (Object.keys(own).length === 0) return given;
  if (given === undefined && properties.DBClusterParameterGroupName !== undefined) {
    const message = `nothing tells the database of its role: ${Object.keys(own).join(", ")} is not set`;
    const help = "Write its parameters as MacroParameters.ParametersGroups, where it is set.";
    const at = [...path, "Properties", "DBClusterParameterGroupName"];
    report.warn({ code: "by-hand", path: at, message, help });
    return undefined;
  }
  const version = String(properties.EngineVersion ?? EngineVersion ?? "");
  // As of Aurora MySQL 3, which is MySQL 8.0, unless the file says another.
  const [series = "8.0"] = /^\d+\.\d+/.exec(version) ?? [];
  const usual = { Description: "Parameters", Family: `aurora-mysql${series}` };
  return { ...usual, ...given, Parameters: { ...own, ...given?.Parameters } };
}

/** The resource that holds them. */
export function parametersOf(id: string, kind: "cluster" | "instance", group: Group | undefined) {
  if (group === undefined) return [];
  const { Description = "Parameters", Family = "", Parameters = {} } = group;
  const type =
    kind === "cluster" ? "AWS::RDS::DBClusterParameterGroup" : "AWS::RDS::DBParameterGroup";
  return [{ id: `${id}Parameters`, type, properties: { Description, Family, Parameters } }];
}
