import { digestOf } from "./digest.ts";
import { TerminalError } from "./errors.ts";
import { parameterText } from "./parameter-text.ts";
import type {
  ApplicationStatus,
  Condition,
  EnvironmentStatus,
  PublishedError,
  PublishedImage,
} from "./status.ts";

type Status = ApplicationStatus | EnvironmentStatus;

/** A standard parameter holds 4,096 bytes. */
const mostBytes = 3500;

/** A status as it is published: JSON of at most 3,500 bytes, of what fits. */
export function statusText(status: Status): string {
  const text = parameterText(fitting(status));
  if (bytesOf(text) <= mostBytes) return text;
  throw new TerminalError("StatusTooLarge", `A status does not fit in ${mostBytes} bytes.`);
}

/**
 * As much of a status as can be published. What does not fit goes in a fixed order: errors but the
 * first (counted in `moreErrors`, and `more` says where they are), long texts, digits of digests, then
 * whole lists. Names of environments never go: they are where the controller looks.
 */
export function fitting<S extends Status>(status: S): S {
  // As it was published before: what it lacks is where it says.
  if (status.moreErrors > 0) return shortened(status);
  const { more: _, ...fresh } = status as Status;
  const short = shortened(fresh as S);
  return short.moreErrors > 0
    ? shortened({ ...(fresh as S), more: `errors/${digestOf(status.errors)}.json` })
    : short;
}

/** All errors of a status that has no room for some of them, and where they are to be kept. */
export function errorsBeside(
  status: Status,
): { readonly path: string; readonly text: string } | undefined {
  const { more } = fitting(status);
  return more === undefined || status.moreErrors > 0
    ? undefined
    : { path: more, text: JSON.stringify(status.errors) };
}

function shortened<S extends Status>(status: S): S {
  let shorter: Status = status;
  for (const shorten of steps) {
    if (fits(shorter)) break;
    shorter = shorten(shorter);
  }
  return shorter as S;
}

/** A published status; undefined for text that this version did not write. */
export function statusFrom<S extends Status>(text: string): S | undefined {
  try {
    const status: Partial<S> | null = JSON.parse(text);
    const { conditions, errors, v } = status ?? {};
    const isOurs = v === 1 && Array.isArray(conditions) && Array.isArray(errors);
    return isOurs ? (status as S) : undefined;
  } catch {
    return undefined;
  }
}

const steps: readonly ((status: Status) => Status)[] = [
  fewerErrors(1),
  shorterTexts(400),
  shorterTexts(160),
  shorterDigests,
  shorterTexts(60),
  fewerErrors(0),
  withoutLists,
];

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const fits = (status: Status): boolean => bytesOf(parameterText(status)) <= mostBytes;

/** As many errors as fit, but at least `least`; the others are counted. */
function fewerErrors(least: number): (status: Status) => Status {
  return (status) => {
    let fewer = status;
    while (fewer.errors.length > least && !fits(fewer)) {
      fewer = { ...fewer, errors: fewer.errors.slice(0, -1), moreErrors: fewer.moreErrors + 1 };
    }
    return fewer;
  };
}

function shorterTexts(most: number): (status: Status) => Status {
  const cut = (text: string): string => {
    const characters = [...text];
    return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
  };
  const condition = (c: Condition): Condition => ({ ...c, message: cut(c.message) });
  const error = (e: PublishedError): PublishedError => ({
    ...e,
    message: cut(e.message),
    help: cut(e.help),
    path: cut(e.path),
  });
  const image = (i: PublishedImage): PublishedImage => ({ ...i, message: cut(i.message) });
  return (status) => ({
    ...status,
    conditions: status.conditions.map(condition),
    errors: status.errors.map(error),
    ...("images" in status ? { images: status.images.map(image) } : {}),
  });
}

/** Twelve digits still tell one digest from another. */
function shorterDigests(status: Status): Status {
  if (!("stacks" in status)) return status;
  const stacks = status.stacks.map((stack) => ({ ...stack, digest: stack.digest.slice(0, 12) }));
  return { ...status, stacks };
}

/** A part of a list would pass for all of it: whoever reads `images` would skip the others. */
function withoutLists(status: Status): Status {
  if (!("stacks" in status)) return { ...status, images: [] };
  const { instances: _, ...others } = status;
  return { ...others, stacks: [] };
}
