import { services } from "../../src/sandbox/services.ts";
import { AwsError, type BusEvent, type Principal, World } from "../../src/sandbox/world.ts";

export const principal: Principal = {
  account: "123456789012",
  region: "eu-west-1",
  arn: "arn:aws:iam::123456789012:user/tester",
};

/** A world of every service, without git; `heard` collects the events that services send. */
export const aWorld = (heard: BusEvent[] = []): World =>
  new World({
    services,
    git: () => {
      throw new Error("no git here");
    },
    start: Date.parse("2026-01-05T12:00:00Z"),
    seed: 1,
    onEvent: (event) => heard.push(event),
  });

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
export const call = (world: World, operation: string, input: unknown): any =>
  world.call(operation, input, principal);

/** What a call is refused with: `code: message`. */
export function refusal(world: World, operation: string, input: unknown): string {
  try {
    call(world, operation, input);
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}
