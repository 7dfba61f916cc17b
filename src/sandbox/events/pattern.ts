import { comparison, type Filter, filterOf, InvalidPattern, isRecord } from "./filters.ts";

/** Whether an event matches a pattern: keys are ANDed, the entries of an array are ORed. */
export function matches(pattern: unknown, event: unknown): boolean {
  return isRecord(pattern) && matchesObject(pattern, event);
}

/** Throws `InvalidPattern` for what EventBridge would not take as a pattern. */
export function checkPattern(pattern: unknown): void {
  if (!isRecord(pattern)) throw new InvalidPattern("Filter is not an object");
  if (Object.keys(pattern).length === 0) throw new InvalidPattern("Empty event pattern");
  checkObject(pattern);
}

type Fields = Readonly<Record<string, unknown>>;

function checkObject(pattern: Fields): void {
  for (const [key, value] of Object.entries(pattern)) {
    if (key === "$or") checkChoices(value);
    else checkField(key, value);
  }
}

function checkChoices(choices: unknown): void {
  if (!Array.isArray(choices) || choices.length < 2 || !choices.every(isRecord)) {
    throw new InvalidPattern('"$or" must be an array of at least two objects');
  }
  choices.forEach(checkObject);
}

function checkField(key: string, value: unknown): void {
  if (Array.isArray(value)) {
    if (value.length === 0) throw new InvalidPattern("Empty arrays are not allowed");
    value.forEach(filterOf);
    return;
  }
  if (!isRecord(value)) throw new InvalidPattern(`"${key}" must be an object or an array`);
  if (Object.keys(value).length === 0) throw new InvalidPattern("Empty objects are not allowed");
  checkObject(value);
}

function matchesObject(pattern: Fields, event: unknown): boolean {
  // Of an array of objects, one of them has to match as a whole.
  if (Array.isArray(event)) return event.some((item) => matchesObject(pattern, item));
  const fields = isRecord(event) ? event : {};
  return Object.entries(pattern).every(([key, value]) => {
    if (key === "$or") {
      return (value as readonly Fields[]).some((choice) => matchesObject(choice, fields));
    }
    return Array.isArray(value)
      ? matchesLeaf(filtersOf(value), fields[key])
      : matchesObject(value as Fields, fields[key]);
  });
}

/** Patterns are never changed in place. */
const filters = new WeakMap<readonly unknown[], readonly Filter[]>();

function filtersOf(list: readonly unknown[]): readonly Filter[] {
  const known = filters.get(list) ?? list.map(filterOf);
  filters.set(list, known);
  return known;
}

function matchesLeaf(any: readonly Filter[], value: unknown): boolean {
  const values = (Array.isArray(value) ? value : [value]).filter((item) => !isRecord(item));
  const present = values.filter((item) => item !== undefined);
  return any.some((filter) =>
    filter.kind === "exists"
      ? filter.expected === present.length > 0
      : present.some((item) => comparison(filter, item)),
  );
}
