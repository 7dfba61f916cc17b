import type { Node } from "../compile/graph.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Value } from "../model/template.ts";

/** Bytes of a task definition: a quota of ECS that nobody can raise. */
const mostBytes = 65_536;

/** Of a character in UTF-8. */
const mostOfOne = 3;

/**
 * Says of a task definition that ECS would take no definition so big. What CloudFormation puts in is
 * not known yet: said is what is too big by its own text already. `text`: all of it, as printed.
 */
export function tooBig({ origin, properties, type }: Node, text: string): readonly Diagnostic[] {
  const mayBe = type === "AWS::ECS::TaskDefinition" && text.length * mostOfOne > mostBytes;
  const bytes = mayBe ? textIn(properties.ContainerDefinitions) : 0;
  if (bytes <= mostBytes) return [];
  return [
    {
      ...origin,
      severity: "error",
      code: "too-big",
      message: `the task has ${Math.ceil(bytes / 1024)} KiB of text, and ECS takes a definition of 64 KiB`,
      help: "Put what is long into the image, a file system or a bucket.",
    },
  ];
}

function textIn(value: Value | undefined): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, one: Value) => sum + textIn(one), 0);
}
