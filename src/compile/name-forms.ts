import type { Path, Report } from "./report.ts";

interface Form {
  readonly form: RegExp;
  /** In words. */
  readonly takes: string;
}

const database: Form = {
  form: /^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,62}(?<!-)$/,
  takes: "up to 63 letters, digits and single hyphens, a letter first and no hyphen last",
};

/** What AWS takes for the name of a thing, by type: the API references of the services. */
const forms: Readonly<Record<string, Form>> = {
  "AWS::CloudWatch::Dashboard": {
    form: /^[\w-]{1,255}$/,
    takes: "up to 255 letters, digits, _ and -",
  },
  "AWS::DynamoDB::Table": {
    form: /^[\w.-]{3,255}$/,
    takes: "3 to 255 letters, digits, _, - and .",
  },
  "AWS::ECS::Cluster": { form: /^[\w-]{1,255}$/, takes: "up to 255 letters, digits, _ and -" },
  "AWS::ElastiCache::CacheCluster": {
    form: /^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,49}(?<!-)$/,
    takes: "up to 50 letters, digits and single hyphens, a letter first and no hyphen last",
  },
  "AWS::ElastiCache::ReplicationGroup": {
    form: /^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,39}(?<!-)$/,
    takes: "up to 40 letters, digits and single hyphens, a letter first and no hyphen last",
  },
  "AWS::ElasticLoadBalancingV2::LoadBalancer": {
    form: /^(?!-|internal-)[A-Za-z0-9-]{1,32}(?<!-)$/,
    takes: "up to 32 letters, digits and hyphens, no hyphen first or last, and not internal- first",
  },
  "AWS::IAM::Policy": {
    form: /^[\w+=,.@-]{1,128}$/,
    takes: "up to 128 letters, digits, _, +, =, comma, ., @ and -",
  },
  "AWS::KMS::Alias": {
    form: /^alias\/[\w/-]{1,250}$/,
    takes: "up to 250 letters, digits, _, / and -",
  },
  "AWS::Kinesis::Stream": {
    form: /^[\w.-]{1,128}$/,
    takes: "up to 128 letters, digits, _, - and .",
  },
  "AWS::Logs::LogGroup": {
    form: /^(?!aws\/)[\w./#-]{1,512}$/,
    takes: "up to 512 letters, digits, _, -, /, . and #, and not aws/ first",
  },
  "AWS::RDS::DBCluster": database,
  "AWS::RDS::DBInstance": database,
  "AWS::S3::Bucket": {
    form: /^(?!.*\.\.)(?!xn--|sthree-|amzn-s3-demo-)(?!(?:\d+\.){3}\d+$)(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    takes:
      "3 to 63 small letters, digits, hyphens and single dots, a letter or digit first and last, no address of IP, and nothing that S3 has for itself, as xn-- first or -s3alias last",
  },
  "AWS::SNS::Topic": {
    form: /^(?=.{1,256}$)[\w-]+(?:\.fifo)?$/,
    takes: "up to 256 letters, digits, _ and -, and .fifo last where it is one",
  },
  "AWS::SQS::Queue": {
    form: /^(?=.{1,80}$)[\w-]+(?:\.fifo)?$/,
    takes: "up to 80 letters, digits, _ and -, and .fifo last where it is one",
  },
  "AWS::SSM::Parameter": {
    form: /^[\w./-]{1,1011}$/,
    takes: "up to 1011 letters, digits, _, -, . and /",
  },
};

/** Says of a name what AWS would: that would be when the stack is made. `…` is what only CloudFormation knows. */
export function checkForm(
  {
    key,
    name,
    path,
    type,
  }: Readonly<Record<"key" | "name" | "type", string>> & {
    readonly path: Path;
  },
  report: Report,
): void {
  const { form, takes } = forms[type] ?? {};
  // What refers to nothing, or may not refer, is said to where references are read.
  if (form === undefined || /::|[{}]/.test(name)) return;
  if (form.test(name.replaceAll("…", "aaa"))) return;
  const message = `${key} ${name} is refused by AWS`;
  report.error({ code: "wrong-name", path, message, help: `It takes ${takes}.` });
}
