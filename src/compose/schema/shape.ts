/** What a value may be, by what it is in the text, and how the finished model spells it. */
export interface Shape {
  readonly leaf?: ScalarShape;
  readonly list?: ListShape;
  readonly dict?: MapShape | ObjectShape;
  /** Nobody's business. */
  readonly any?: boolean;
  /** Shown even when it is zero, empty or false: there is a difference to its absence. */
  readonly keep?: boolean;
  readonly nullable?: boolean;
}

/** The kinds of single value that YAML tells apart. */
export type Kind = "text" | "whole" | "number" | "switch" | "null";

/** How a single value is spelled in the finished model. */
export type Form =
  | "as-is"
  | "text"
  | "switch"
  | "whole"
  | "float32"
  | "duration"
  | "bytes"
  | "octal"
  | "count";

interface ScalarShape {
  /** A whole number is a number too: where that is one of them, so is `whole`. */
  readonly kinds: readonly Kind[];
  readonly form: Form;
  readonly bounds: Bounds | undefined;
}

/** What else a value must be; one of the three. */
export interface Bounds {
  readonly among?: readonly string[];
  readonly pattern?: RegExp;
  readonly range?: readonly [min: number, max: number];
}

export interface ListShape {
  readonly of: Shape;
  readonly unique: boolean;
}

/** Keys of the author's choosing. */
export interface MapShape {
  readonly kind: "map";
  readonly of: Shape;
  /** What the keys look like; other keys are refused, or nobody's business. */
  readonly keys?: RegExp;
  readonly otherKeys: "refused" | "ignored";
}

/** Keys the specification names, and `x-*`. */
export interface ObjectShape {
  readonly kind: "object";
  readonly fields: ReadonlyMap<string, Shape>;
  readonly required: readonly string[];
  /** Without `x-*`. */
  readonly closed?: boolean;
  /** Unknown keys are nobody's business. */
  readonly open?: boolean;
  /** Always there in the finished model, though nobody wrote it. */
  readonly always?: readonly string[];
}

/** The fields of an object as a table writes them. */
export type Fields = Readonly<Record<string, Shape>>;

export const scalar = (kinds: readonly Kind[], form: Form, bounds?: Bounds): Shape => ({
  leaf: { kinds: kinds.includes("number") ? [...kinds, "whole"] : kinds, form, bounds },
});

export const any: Shape = { any: true };
export const text = scalar(["text"], "text");
export const flag = scalar(["switch", "text"], "switch");
export const strictFlag = scalar(["switch"], "switch");
export const whole = scalar(["whole", "text"], "whole");
export const wholeNumber = scalar(["number", "text"], "whole");
export const amount = scalar(["number", "text"], "float32");
export const duration = scalar(["text"], "duration");
export const bytes = scalar(["number", "text"], "bytes");
export const mode = scalar(["number", "text"], "octal");
const simple = scalar(["text", "number", "switch", "null"], "as-is");

export const oneOf = (...among: readonly string[]): Shape => scalar(["text"], "text", { among });
export const like = (pattern: RegExp): Shape => scalar(["text"], "text", { pattern });
export const list = (of: Shape): Shape => ({ list: { of, unique: false } });
export const set = (of: Shape): Shape => ({ list: { of, unique: true } });
export const map = (of: Shape, more: Partial<MapShape> = {}): Shape => ({
  dict: { kind: "map", of, otherKeys: "refused", ...more },
});
export const object = (fields: Fields, more: Partial<Omit<ObjectShape, "fields">> = {}): Shape => ({
  dict: { kind: "object", fields: new Map(Object.entries(fields)), required: [], ...more },
});
/** Shapes of different kinds: a single value, a list, a mapping. */
export const either = (...shapes: readonly Shape[]): Shape => Object.assign({}, ...shapes);

export const keep = (shape: Shape): Shape => ({ ...shape, keep: true });
export const nullable = (shape: Shape): Shape => ({ ...shape, nullable: true });

export const names = set(text);
export const nameOrNames = either(text, names);
/** `labels` and its like. */
export const pairs = either(map(simple), set(text));
export const driverOptions = map(scalar(["text", "number"], "text"), { otherKeys: "ignored" });
export const objectName = /^[a-zA-Z0-9._-]+$/;
