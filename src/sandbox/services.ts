import { codecommit } from "./codecommit/codecommit.ts";
import { events } from "./events/events.ts";
import { lambda } from "./lambda/lambda.ts";
import { s3 } from "./s3/s3.ts";
import { sqs } from "./sqs/sqs.ts";
import { ssm } from "./ssm/ssm.ts";
import { sts } from "./sts.ts";
import type { Service } from "./world.ts";

/** Every service that is emulated. */
export const services: readonly Service[] = [codecommit, events, lambda, s3, sqs, ssm, sts];
