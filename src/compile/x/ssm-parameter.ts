import { join, ref } from "../../model/template.ts";
import { arn } from "../iam.ts";
import { kept, on, type XResource } from "./x-resource.ts";

const read = ["ssm:GetParameter", "ssm:GetParameterHistory", "ssm:GetParameters"];
const write = ["ssm:PutParameter"];

/** `x-ssm_parameter`: parameters of the Parameter Store. A value that is secret is no part of a file. */
export const ssmParameter: XResource = {
  key: "x-ssm_parameter",
  suffix: "Parameter",

  returnValues: {
    Name: (id) => ref(id),
    Arn: (id) => arn("ssm", ["parameter", slashed(id)]),
  },

  access: {
    RO: on(...read),
    ROStrict: on("ssm:GetParameter", "ssm:GetParameters"),
    RW: on(...read, ...write),
    RWStrict: on("ssm:GetParameter", "ssm:GetParameters", ...write),
  },

  lookup: {
    type: "AWS::SSM::Parameter",
    standIn: (name, { account, region }) => ({
      Name: `/${name}`,
      Arn: `arn:aws:ssm:${region}:${account}:parameter/${name}`,
    }),
  },

  resources: ({ id, properties, path }, scope) => {
    if (properties.Value === undefined)
      scope.report.error({ code: "missing-key", path, message: "Properties.Value is missing" });
    return [
      { id, type: "AWS::SSM::Parameter", properties: { Type: "String", ...properties }, ...kept },
    ];
  },
};

/** A name that CloudFormation makes has no slash before it. */
const slashed = (id: string) => join(["/", ref(id)]);
