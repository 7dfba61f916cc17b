import type { Origin } from "./bundle.ts";

/** Something that is there already and is looked for: what a `Lookup:` asks of AWS, as data. */
export interface Lookup {
  /** Where it stands in the model, e.g. `x-sqs.jobs`: the key of its answer. */
  readonly id: string;
  /** CloudFormation's name for what is looked for. */
  readonly type: string;
  readonly by: By;
  /** Who looks; none: the deployer. */
  readonly role?: string;
  readonly region?: string;
}

/** What tells it from others: the first that is given counts. */
interface By {
  readonly arn?: string;
  /** Its name or id. */
  readonly identifier?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A lookup, and the line that asks for it. */
export interface OpenLookup {
  readonly lookup: Lookup;
  readonly origin: Origin;
}

/** What was found: attribute → value; lists are joined with commas. */
export type Answer = Readonly<Record<string, string>>;

/** What a lookup looks for, in words. */
export const describeLookup = ({ type, by: { arn, identifier, tags } }: Lookup): string => {
  const pairs = Object.entries(tags ?? {})
    .map((pair) => pair.join("="))
    .sort();
  return `${type} ${arn ?? identifier ?? `with tags ${pairs.join(", ")}`}`;
};
