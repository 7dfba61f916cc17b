import { asyncDefaults, workOf } from "../../src/sandbox/lambda/work.ts";
import type { World } from "../../src/sandbox/world.ts";

export const arnOf = (name: string): string =>
  `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;

/** Makes a function known whose code a test has. */
export function aFunction(world: World, name: string): void {
  workOf(world).functions[arnOf(name)] = {
    name,
    arn: arnOf(name),
    description: "",
    handler: "index.handler",
    runtime: "nodejs24.x",
    role: "arn:aws:iam::123456789012:role/functions",
    memory: 128,
    timeout: 60,
    environment: {},
    async: asyncDefaults,
    modified: 0,
  };
}
