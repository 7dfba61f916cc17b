import { readFileSync } from "node:fs";
import { type CollectionTag, parse, type ScalarTag } from "yaml";

type Fields = Readonly<Record<string, unknown>>;

const short = (name: string): ScalarTag => ({
  tag: `!${name}`,
  resolve: (value: string) => ({ [name]: value.replace(/\$\{([^}]+)\}/g, "<$1>") }),
});

const listed = (name: string): CollectionTag => ({
  tag: `!${name}`,
  collection: "seq",
  resolve: (value) => Object.assign(value, { name }),
});

interface Template {
  readonly Globals: { readonly Function: Fields };
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Type: string; readonly Metadata?: Fields; readonly Properties: Fields }
    >
  >;
}

/** A template, its short forms written as `{ Sub: … }`, with `<Name>` for names; choices as lists. */
export const templateIn = (path: string): Template =>
  parse(readFileSync(path, "utf8"), {
    customTags: [
      ...["Sub", "Ref", "GetAtt"].map(short),
      ...["Equals", "If", "Join", "Not", "Split"].map(listed),
    ],
  });

/** The controller's own. */
export const template = templateIn("template.yaml");

export const functionsOf = Object.entries(template.Resources)
  .filter(([, { Type }]) => Type === "AWS::Serverless::Function")
  .map(([name, { Metadata, Properties }]) => ({ name, Metadata, Properties }));

/** Every object of a value that has a certain key. */
export function having(key: string, value: unknown): readonly Fields[] {
  if (typeof value !== "object" || value === null) return [];
  const within = Object.values(value).flatMap((item) => having(key, item));
  return key in value ? [value as Fields, ...within] : within;
}

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : [value];
