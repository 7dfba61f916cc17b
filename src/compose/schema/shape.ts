/** What a value may be, and how the finished model spells it. */
export type Shape = ScalarShape | ListShape | MapShape | ObjectShape | EitherShape | AnyShape;

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

interface Common {
  /** Shown even when it is zero, empty or false: there is a difference to its absence. */
  readonly keep?: boolean;
  readonly nullable?: boolean;
}

export interface ScalarShape extends Common {
  readonly kind: "scalar";
  readonly kinds: readonly Kind[];
  readonly form: Form;
  readonly among?: readonly string[];
  readonly pattern?: RegExp;
  readonly range?: readonly [min: number, max: number];
}

export interface ListShape extends Common {
  readonly kind: "list";
  readonly of: Shape;
  readonly unique: boolean;
}

/** Keys of the author's choosing. */
export interface MapShape extends Common {
  readonly kind: "map";
  readonly of: Shape;
  /** What the keys look like; other keys are refused, or nobody's business. */
  readonly keys?: RegExp;
  readonly otherKeys: "refused" | "ignored";
}

/** Keys the specification names, and `x-*`. */
export interface ObjectShape extends Common {
  readonly kind: "object";
  readonly fields: Readonly<Record<string, Shape>>;
  /** One of each list must be there. */
  readonly required: readonly (readonly string[])[];
  /** Without `x-*`. */
  readonly closed?: boolean;
  /** Unknown keys are nobody's business. */
  readonly open?: boolean;
  /** Always there in the finished model, though nobody wrote it. */
  readonly always?: readonly string[];
}

/** The first that is of the value's kind applies. */
export interface EitherShape extends Common {
  readonly kind: "either";
  readonly shapes: readonly Shape[];
}

export interface AnyShape extends Common {
  readonly kind: "any";
}

export const scalar = (kinds: readonly Kind[], form: Form): ScalarShape => ({
  kind: "scalar",
  kinds,
  form,
});

export const any: AnyShape = { kind: "any" };
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

export const oneOf = (...among: readonly string[]): ScalarShape => ({ ...text, among });
export const list = (of: Shape): ListShape => ({ kind: "list", of, unique: false });
export const set = (of: Shape): ListShape => ({ kind: "list", of, unique: true });
export const map = (of: Shape, more: Partial<MapShape> = {}): MapShape => ({
  kind: "map",
  of,
  otherKeys: "refused",
  ...more,
});
export const either = (...shapes: readonly Shape[]): EitherShape => ({ kind: "either", shapes });
export const object = (
  fields: Readonly<Record<string, Shape>>,
  more: Partial<ObjectShape> = {},
): ObjectShape => ({ kind: "object", fields, required: [], ...more });

export const keep = <S extends Shape>(shape: S): S => ({ ...shape, keep: true });
export const nullable = <S extends Shape>(shape: S): S => ({ ...shape, nullable: true });

export const names = set(text);
export const nameOrNames = either(text, names);
/** `labels` and its like. */
export const pairs = either(map(simple), set(text));
export const driverOptions = map(scalar(["text", "number"], "text"), { otherKeys: "ignored" });
export const objectName = /^[a-zA-Z0-9._-]+$/;
