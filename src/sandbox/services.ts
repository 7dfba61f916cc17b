import { cloudControl } from "./cloud-control.ts";
import { cloudformation } from "./cloudformation/cloudformation.ts";
import { codebuild } from "./codebuild.ts";
import { codecommit } from "./codecommit/codecommit.ts";
import { ecr } from "./ecr/ecr.ts";
import { ecs } from "./ecs.ts";
import { events } from "./events/events.ts";
import { http } from "./http.ts";
import { iam } from "./iam/iam.ts";
import { lambda } from "./lambda/lambda.ts";
import { s3 } from "./s3/s3.ts";
import { scheduler } from "./scheduler/scheduler.ts";
import { serviceQuotas } from "./service-quotas.ts";
import { sns } from "./sns.ts";
import { sqs } from "./sqs/sqs.ts";
import { ssm } from "./ssm/ssm.ts";
import { sts } from "./sts.ts";
import { tagging } from "./tagging.ts";
import type { Service } from "./world.ts";

/** Every service that is emulated. */
export const services: readonly Service[] = [
  cloudControl,
  cloudformation,
  codebuild,
  codecommit,
  ecr,
  ecs,
  events,
  http,
  iam,
  lambda,
  s3,
  scheduler,
  serviceQuotas,
  sns,
  sqs,
  ssm,
  sts,
  tagging,
];
