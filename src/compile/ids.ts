import { digestOf } from "../model/digest.ts";
import type { Value } from "../model/template.ts";

/** A name as part of a logical id: `date-teller` → `DateTeller`. */
export const pascal = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

/**
 * The id of a node that other stacks refer to: it says what the node cannot change without being
 * replaced, so that a replacement is one node that comes and another that goes (design-aws 2).
 */
export const hashedId = (id: string, createOnly: Readonly<Record<string, Value>>): string =>
  `${id}${digestOf(createOnly).slice(0, 6)}`;

/**
 * The id of what there is one of in each subnet. Subnets of others come and go, and have no order
 * that stays: by its place in the list it would be moved to a subnet where another is already.
 */
export const idInSubnet = (id: string, subnet: Value, index: number): string =>
  typeof subnet === "string" ? hashedId(id, { subnet }) : `${id}${index + 1}`;
