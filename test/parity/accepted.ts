/** A difference from ECS ComposeX that is meant, and why: printed to docs/composex-compatibility.md. */
export interface Accepted {
  /**
   * What ECS ComposeX makes and Trueup does not (`-`), the reverse (`+`), or what is refused (`!`).
   * `…` stands for any text.
   */
  readonly lines: readonly string[];
  readonly reason: string;
}

export const accepted: readonly Accepted[] = [
  {
    lines: ["- type AWS::EC2::DHCPOptions", "- type AWS::EC2::VPCDHCPOptionsAssociation"],
    reason: "A VPC has AWS's own DHCP options, which do the same; others are made where asked for.",
  },
  {
    lines: ["- type AWS::IAM::ManagedPolicy", "- action ec2:…", "- action elasticloadbalancing:…"],
    reason:
      "Network interfaces and targets are ECS's business, by its service-linked role: tasks need no right to them, and no policy is shared by all.",
  },
  {
    lines: ["- action ecs:DiscoverPollEndpoint", "- action ecs:Poll", "- action ecs:Submit*"],
    reason: "These are for the agent on a container instance, not for the tasks it starts.",
  },
  {
    lines: ["- action ecr:…"],
    reason:
      "Only a family with images in a private registry may pull, by the three actions that pulling takes and from its own repositories; the images here are public.",
  },
  {
    lines: ["- action logs:Describe*", "- action logs:CreateLogGroup"],
    reason:
      "Writing logs takes neither: each family's log group is a resource. A family that says awslogs-create-group may still create its group.",
  },
  {
    lines: ["- type AwsCommunity::ApplicationAutoscaling::ScheduledAction"],
    reason:
      "Scheduled actions are a property of AWS's own scalable target: no third-party type has to be activated.",
  },
  {
    lines: ["- type AWS::ApplicationAutoScaling::ScalableTarget"],
    reason:
      "Without x-scaling nothing scales: a target from N to N would only overwrite a count set by hand.",
  },
  {
    lines: ["+ action xray:…"],
    reason:
      "What X-Ray's daemon calls is written out, where ECS ComposeX attaches a managed policy of the partition aws.",
  },
  {
    lines: ["+ container … environment AWS_XRAY_DAEMON_ADDRESS"],
    reason: "Who is traced is told where the daemon listens.",
  },
  {
    lines: ["- container … after xray-daemon:START"],
    reason: "A service that says x-xray: false has no reason to wait for the daemon.",
  },
  {
    lines: [
      "- container … after …:HEALTHY",
      "+ container … after …:START",
      "- container … after …:START",
      "+ container … after …:SUCCESS",
    ],
    reason:
      "depends_on counts with its own condition, and the short form says service_started; ECS ComposeX goes by whether the other has a health check.",
  },
  {
    lines: ["+ container app02 environment QUEUEC"],
    reason:
      "A family named in Services gives to all its services; ECS ComposeX forgets the others where one is named too.",
  },
  {
    lines: ["- type AWS::SQS::QueuePolicy", "- action sqs:*"],
    reason:
      "A queue has a policy only where it lets others in: what the account's root user may do needs none.",
  },
  {
    lines: [
      "+ action sqs:ChangeMessageVisibility",
      "+ action sqs:DeleteMessage",
      "+ action sqs:GetQueueAttributes",
      "+ action sqs:GetQueueUrl",
      "+ action sqs:ReceiveMessage",
      "+ action sqs:SendMessage",
    ],
    reason:
      "RWMessages and Publish are the actions they name; ECS ComposeX allows everything but a list (and Publish everything but sending).",
  },
  {
    lines: ["- action sqs:ChangeMessageVisibilityBatch", "- action sqs:DeleteMessageBatch"],
    reason: "IAM knows no such actions: the batch calls are allowed by those of a single message.",
  },
  {
    lines: ["+ type AWS::ApplicationAutoScaling::ScalingPolicy", "+ type AWS::CloudWatch::Alarm"],
    reason: "scaling in lower case is read as Scaling; ECS ComposeX passes over it in silence.",
  },
  {
    lines: ["+ type AWS::KMS::Alias"],
    reason: "Settings.Alias is an alias as MacroParameters.Alias is.",
  },
  {
    lines: ["+ type AWS::S3::BucketPolicy"],
    reason: "Buckets refuse plain HTTP.",
  },
  {
    lines: [
      "- action s3:…ObjectVersionTagging",
      "- action s3:CreateMultipartUpload",
      "- action s3:PutObjectAcl",
      "- action s3:SetBucket*",
      "+ action s3:GetObjectVersion",
      "+ action s3:AbortMultipartUpload",
    ],
    reason:
      "Access to objects is reading (older versions too), writing and deleting them and their tags; not changing who may read them, nor the tags of older versions. IAM knows neither s3:CreateMultipartUpload nor s3:SetBucket….",
  },
  {
    lines: [
      "+ action s3:GetEncryptionConfiguration",
      "+ action s3:GetLifecycleConfiguration",
      "+ action s3:ListBucketMultipartUploads",
      "+ action s3:ListBucketVersions",
    ],
    reason:
      "PowerUser on a bucket is written out: all that can be read of it, and nothing that changes it.",
  },
  {
    lines: ["- action dynamodb:DescribeStream", "+ action dynamodb:ConditionCheckItem"],
    reason:
      "A table's RW holds what transactions need; describing a stream is an action on streams, which have levels of their own.",
  },
  {
    lines: [
      "- action kinesis:DescribeStreamConsumer",
      "- action kinesis:RegisterStreamConsumer",
      "+ action kinesis:GetShardIterator",
      "+ action kinesis:ListStreamConsumers",
    ],
    reason:
      "A stream's Consumer may read it, which takes an iterator; consumers with enhanced fan-out are resources of their own, to be registered by name.",
  },
  {
    lines: ["+ action dynamodb:BatchGetItem"],
    reason: "Who may read the items of a table one by one may read several at once.",
  },
  {
    lines: ["+ action kms:Decrypt", "+ action kms:DescribeKey", "+ action kms:GenerateDataKey"],
    reason:
      "Who uses what a key encrypts may use the key for that, and see what kind of key it is.",
  },
  {
    lines: [
      "- action ssm:DescribeParameters",
      "- action ssm:GetParameterHistory",
      "- action ssm:GetParametersByPath",
      "+ action ssm:GetParameters",
    ],
    reason:
      "Parameters are read by name, one or several: a path is of no parameter, and what one held before is for those who ask for more than ROStrict.",
  },
  {
    lines: ["- action secretsmanager:GetSecret"],
    reason: "IAM knows no such action.",
  },
  {
    lines: ["+ action rds:ListTagsForResource"],
    reason: "DBCluster: RO is written out, where ECS ComposeX has rds:Describe*.",
  },
  {
    lines: ["- type AWS::RDS::DBClusterParameterGroup", "- type AWS::RDS::DBParameterGroup"],
    reason:
      "Without ParametersGroups the engine's own default group serves; ECS ComposeX freezes a copy of it.",
  },
  {
    lines: [
      "+ type AWS::EFS::AccessPoint",
      "+ type AWS::EFS::FileSystem",
      "+ type AWS::EFS::MountTarget",
      "+ action elasticfilesystem:…",
    ],
    reason:
      "driver_opts for EFS make a file system, also without driver: efs; ECS ComposeX makes storage that is lost with the task.",
  },
  {
    lines: [
      "- action elasticfilesystem:ClientRootAccess",
      "- action elasticfilesystem:ClientWrite",
    ],
    reason: "Only who writes may write, and only who is root may be root.",
  },
  {
    lines: ["+ type AWS::ElasticLoadBalancingV2::ListenerRule"],
    reason:
      "Every target is a rule of its family's stack and the listener itself answers 404: whoever comes and goes leaves the listener alone.",
  },
  {
    lines: ["+ container … port …"],
    reason:
      "A port that a load balancer sends to is one of its container's, also where compose does not name it: ECS refuses the service without.",
  },
  {
    lines: ["! undefined-name services.….secrets… there is no secret …"],
    reason:
      "A secret that the file does not define is a mistake; ECS ComposeX starts the container without it.",
  },
  {
    lines: ["! no-source services.….secrets… the secret … says nothing of where it is on AWS"],
    reason:
      "A file or a secret of Docker is not on AWS; ECS ComposeX starts the container without it.",
  },
  {
    lines: [
      "! cannot-honour x-elbv2.… no load balancer reaches instances elsewhere …",
      "! cannot-honour volumes.… instances elsewhere mount no file system of AWS …",
    ],
    reason:
      "Tasks on external instances have no interface in the VPC; ECS ComposeX leaves out in silence what needs one.",
  },
  {
    lines: ["+ container … environment AWS_DEFAULT_REGION"],
    reason: "Outside AWS no instance tells containers their region.",
  },
  {
    lines: [
      "! cannot-honour services.….volumes… … is in the repository, of which container instances have no copy …",
    ],
    reason: "ECS mounts a directory of the instance that is empty.",
  },
  {
    lines: [
      "! cannot-honour services.….privileged privileged cannot be honoured: …",
      "! cannot-honour services.….volumes… … is on the machine compose runs on, …",
    ],
    reason:
      "Fargate has no host to reach; ECS ComposeX passes over the one and makes a task definition of the other that ECS refuses there.",
  },
  {
    lines: [
      "! unclear-order x-elbv2.… is more specific than a target above it …",
      "! same-priority x-elbv2.… has the same priority …",
    ],
    reason:
      "A rule's priority is its own, so that no rule that comes or goes moves another; where that is not the order of the file, the file has to say Priority. ECS ComposeX begins at a random number with every render.",
  },
  {
    lines: ["! too-big services.….deploy.resources …"],
    reason: "What is more than a task can have is never shrunk in silence.",
  },
  {
    lines: [
      "! unknown-service … there is no service or family …",
      "! unknown-key … unknown key …",
      "! unknown-access … has no access …",
      "! unknown-property … has no property …",
      "! unknown-resource … there is no … in x-…",
      "! unknown-value … has no value …",
    ],
    reason: "A misspelt name is an error with the nearest one; ECS ComposeX gives nobody anything.",
  },
  {
    lines: ["! missing-file … there is no file …"],
    reason: "Files are those of the repository, by their path from its root.",
  },
  {
    lines: [
      "! contradiction services.….x-ecs.CapacityProviderStrategy only one capacity provider may have a Base",
      "! contradiction services.….x-ecs.CapacityProviderStrategy… the tasks run on …, and … is not of that",
      "! unknown-value services.….x-ecs.CapacityProviderStrategy… there is no capacity provider …",
      "! differs services.….x-ecs.CpuArchitecture … is one task, and cannot run on … and …",
      "! same-port services.….ports … listens on … too, in the same task",
      "! missing-key services.….x-aws-role.… … is missing",
      "! missing-key services.….x-iam.… … is missing",
      "! out-of-bounds x-events.… … is no name of a rule: …",
      "! out-of-bounds x-….Properties.… …",
    ],
    reason:
      "ECS, IAM or another service refuses each of them; ECS ComposeX finds that out when it deploys.",
  },
  {
    lines: ["! no-listener x-elbv2.… no listener of … has … as a target"],
    reason: "ECS refuses a service whose target group no load balancer has.",
  },
  {
    lines: [
      "! cannot-honour x-alarms.….Services.… services scale on one metric that is greater than something",
    ],
    reason: "CloudWatch lets a composite alarm tell people, and scale nothing.",
  },
  {
    lines: ["! same-name x-….Properties.… … is that of … already"],
    reason: "AWS makes one thing of a kind by a name; ECS ComposeX finds that out when it deploys.",
  },
  {
    lines: ["! same-name x-rds.….Services.… gives … a secret …, and so does …"],
    reason: "A container has one secret of a name; ECS ComposeX takes whichever it comes by first.",
  },
  {
    lines: ["! cannot-honour x-rds.….GenerateConnectionStringSecret …"],
    reason:
      "Of a database that is there already CloudFormation would read the password with the deployer's rights and put it where whoever pushes may read it.",
  },
  {
    lines: ["! cannot-honour x-kinesis.….SetupIAMForKCL.… …"],
    reason: "Consumers that name no tables may use every table of DynamoDB with ECS ComposeX.",
  },
  {
    lines: [
      "- container log_router_preload",
      "+ container log_router_files",
      "- container … after log_router…",
      "+ container … after log_router…",
      "- container log_router …",
      "+ container log_router …",
    ],
    reason:
      "What the log router is told stands in the task definition, and a container writes it down and ends; ECS ComposeX keeps it in Parameter Store.",
  },
  {
    lines: ["! cannot-honour services.….x-logging.FireLens.Advanced.… …"],
    reason:
      "A container's logs go to one destination; a file that is not in the repository cannot be put before the router.",
  },
  {
    lines: ["+ type AWS::RDS::DBInstance"],
    reason: "Aurora Serverless v1 has ended: the cluster is one of v2, which has instances.",
  },
  {
    lines: ["+ action dynamodb:PartiQL…", "+ action dynamodb:UpdateTimeToLive"],
    reason: "PowerUser of a table is written out, where ECS ComposeX allows everything but a list.",
  },
  {
    lines: ["! yaml … not YAML: …"],
    reason: "Text that is not YAML is refused, also where a lenient parser guesses what is meant.",
  },
  {
    lines: [
      "- type AWS::SSM::Parameter",
      "+ container cloudwatch-agent environment …",
      "- container cloudwatch-agent secret …",
      "- action ssm:GetParameter*",
    ],
    reason:
      "What the CloudWatch agent is told stands in the task definition: another configuration is another deployment, and no secret.",
  },
  {
    lines: [
      "- action ecs:Describe…",
      "- action ecs:List…",
      "- action logs:GetLogEvents",
      "- action logs:PutRetentionPolicy",
    ],
    reason:
      "The CloudWatch agent collects from its own task by loopback, once, and into the family's log group: it looks for nothing in the cluster.",
  },
  {
    lines: ["+ container … environment AWS_EMF_LOG_GROUP_NAME"],
    reason: "Embedded metrics go to the family's log group, the one that the task may write to.",
  },
  {
    lines: ["+ action s3:PutObject", "+ action s3:GetBucketLocation"],
    reason:
      "Sessions in containers are recorded with the task's own rights; without these nothing would come to the bucket.",
  },
  {
    lines: ["+ action ecs:TagResource"],
    reason: "Tasks that an event starts have the tags of their family, which takes a right to tag.",
  },
];
