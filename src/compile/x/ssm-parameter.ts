import { getAtt, join, ref, type Value } from "../../model/template.ts";
import { arn } from "../iam.ts";
import { propertiesIn } from "../scope.ts";
import { parameterValue } from "./parameter-value.ts";
import { type Given, kept, on, type XResource } from "./x-resource.ts";

const read = ["ssm:GetParameter", "ssm:GetParameterHistory", "ssm:GetParameters"];
const write = ["ssm:PutParameter"];

/** `x-ssm_parameter`: parameters of the Parameter Store. A value that is secret is no part of a file. */
export const ssmParameter: XResource = {
  key: "x-ssm_parameter",
  suffix: "Parameter",
  reads: ["MacroParameters"],

  returnValues: {
    Name: (id) => ref(id),
    Arn: (id, given) => arn("ssm", ["parameter", slashed(id, given)]),
    Type: (id) => getAtt(id, "Type"),
    Value: (id) => getAtt(id, "Value"),
  },
  alsoCalled: { ParameterName: "Name", ParameterArn: "Arn" },

  access: {
    RO: on(...read),
    ROStrict: on("ssm:GetParameter", "ssm:GetParameters"),
    RW: on(...read, ...write),
    RWStrict: on("ssm:GetParameter", "ssm:GetParameters", ...write),
    SSMParameterReadPolicy: on("ssm:GetParameter", "ssm:GetParameters"),
  },

  lookup: {
    type: "AWS::SSM::Parameter",
    standIn: (name, { account, region }) => ({
      Name: `/${name}`,
      Arn: `arn:aws:ssm:${region}:${account}:parameter/${name}`,
    }),
  },

  resources: (parameter, scope) => {
    const own = { ...parameter.properties, ...parameterValue(parameter, scope.report) };
    const properties = { Type: "String", ...own };
    return [{ id: parameter.id, type: "AWS::SSM::Parameter", properties, ...kept }];
  },
};

/** In an ARN a slash stands before the name, which may begin with that slash itself. */
function slashed(id: string, given: Given): Value {
  const name = propertiesIn(given).Name;
  return typeof name === "string" && name.startsWith("/") ? ref(id) : join(["/", ref(id)]);
}
