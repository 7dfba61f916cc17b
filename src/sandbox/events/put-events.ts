import { breaks, refuseOthers } from "../inputs.ts";
import { AwsError, type Context } from "../world.ts";
import { deliver } from "./deliver.ts";
import { InvalidPattern } from "./filters.ts";
import { checkPattern, matches } from "./pattern.ts";
import { checkBus } from "./rules.ts";

interface Entry {
  readonly Time?: Date | number;
  readonly Source?: string;
  readonly Resources?: readonly string[];
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
}

const known: ReadonlySet<string> = new Set([
  "Detail",
  "DetailType",
  "EventBusName",
  "Resources",
  "Source",
  "Time",
]);

/** Answers per entry: the call as a whole succeeds even if every entry failed. */
export function putEvents(
  { Entries }: { readonly Entries: readonly Entry[] },
  context: Context,
): unknown {
  if (Entries.length === 0 || Entries.length > 10) {
    const bound = Entries.length === 0 ? "greater than or equal to 1" : "less than or equal to 10";
    throw breaks("[PutEventsRequestEntry]", "entries", `Member must have length ${bound}`);
  }
  const answers = Entries.map((entry) => {
    refuseOthers(entry, known);
    checkBus(entry.EventBusName);
    return faultOf(entry) ?? { EventId: put(entry, context) };
  });
  return {
    FailedEntryCount: answers.filter((answer) => "ErrorCode" in answer).length,
    Entries: answers,
  };
}

/** Whether an event would match a pattern. */
export function testEventPattern({
  Event,
  EventPattern,
}: {
  readonly Event: string;
  readonly EventPattern: string;
}): unknown {
  const pattern = parsePattern(EventPattern);
  const event = parsed(Event);
  const needed = ["id", "account", "source", "time", "region", "resources", "detail-type"];
  const missing = needed.find((name) => typeof event !== "object" || !(name in (event ?? {})));
  if (missing !== undefined) {
    throw new AwsError(
      "ValidationException",
      `Parameter Event is not valid. Reason: event must have field "${missing}".`,
    );
  }
  return { Result: matches(pattern, event) };
}

/** Reads a pattern's text as PutRule and TestEventPattern do. */
export function parsePattern(text: string): unknown {
  const pattern = parsed(text);
  const fault = (reason: string) =>
    new AwsError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);
  if (pattern === undefined) throw fault("Filter is not valid JSON");
  try {
    checkPattern(pattern);
  } catch (error) {
    throw error instanceof InvalidPattern ? fault(error.message) : error;
  }
  return pattern;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function put(entry: Entry, context: Context): string {
  const { account, region, world } = context;
  const event = {
    "detail-type": entry.DetailType ?? "",
    source: entry.Source ?? "",
    account,
    region,
    resources: entry.Resources ?? [],
    detail: parsed(entry.Detail ?? ""),
  };
  return deliver(event, context, entry.Time === undefined ? world.now : Number(entry.Time)).id;
}

function faultOf(
  entry: Entry,
): { readonly ErrorCode: string; readonly ErrorMessage: string } | undefined {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    if (!entry[name]) {
      return {
        ErrorCode: "InvalidArgument",
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
    }
  }
  const detail = parsed(entry.Detail ?? "");
  if (typeof detail !== "object" || detail === null || Array.isArray(detail)) {
    return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  }
  return entry.Source?.startsWith("aws.")
    ? {
        ErrorCode: "NotAuthorizedForSourceException",
        ErrorMessage: "Not authorized for the source.",
      }
    : undefined;
}
