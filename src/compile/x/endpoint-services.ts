import { join, pseudo, type Value } from "../../model/template.ts";

/**
 * What a service is called where a VPC gets an endpoint to it. Files say `ecr.api`, as ECS ComposeX
 * has it, or the whole name.
 */
export const serviceName = (service: string, region: string): Value =>
  isWhole(service)
    ? service
    : join([
        `${isChinas(service, region) ? "cn." : ""}com.amazonaws.`,
        pseudo.region,
        `.${service}`,
      ]);

/** These are routes, and cost nothing; every other service is an address that costs by the hour. */
export const isGateway = (service: string): boolean =>
  /^(?:com\.amazonaws\.[a-z0-9-]+\.)?(?:dynamodb|s3)$/.test(service);

const isWhole = (service: string): boolean => /(?:^|\.)amazonaws\./.test(service);

const isChinas = (service: string, region: string): boolean =>
  region.startsWith("cn-") && !isGateway(service) && inChina.has(service);

/** Of the addresses in China only some have a name of China's, as AWS CDK knows them by region. */
const inChina: ReadonlySet<string> = new Set([
  ...["application-autoscaling", "appmesh-envoy-management", "athena", "autoscaling"],
  ...["awsconnector", "backup", "batch", "cassandra", "cloudcontrolapi", "cloudformation"],
  ...["codedeploy-commands-secure", "databrew", "dms", "ebs", "ec2", "ecr.api", "ecr.dkr", "eks"],
  ...["elasticache", "elasticbeanstalk", "elasticfilesystem", "elasticfilesystem-fips"],
  ...["emr-containers", "execute-api", "fsx", "imagebuilder", "iot.data", "kinesis-streams"],
  ...["lambda", "license-manager", "monitoring", "rds", "redshift", "redshift-data"],
  ...["sagemaker.api", "sagemaker.featurestore-runtime", "sagemaker.runtime", "securityhub"],
  ...["servicecatalog", "sms", "sqs", "states", "sts", "sync-states", "synthetics"],
  ...["transcribestreaming", "transfer", "xray"],
]);
