import {
  isMap,
  isScalar,
  LineCounter,
  type Pair,
  type ParsedNode,
  parseDocument,
  type Scalar,
  visit,
} from "yaml";
import { pathText } from "../compose/project.ts";
import { plainScalar } from "../compose/scalar.ts";
import type { Diagnostic, Position } from "../model/diagnostic.ts";

/** Values as YAML has them. */
export type Data =
  | null
  | boolean
  | number
  | string
  | readonly Data[]
  | { readonly [key: string]: Data };

/** What an application's own repository says of its services, to be merged into the common file. */
export interface Contribution {
  readonly services: Readonly<Record<string, { readonly [key: string]: Data }>>;
  /** Where the value at a path stands; for one that is not there, the nearest above it. */
  readonly positionOf: (path: readonly string[]) => Position;
}

export type ContributionRead =
  | { readonly kind: "read"; readonly contribution: Contribution }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] };

/** Reads a contribution: a compose file with services and nothing else. */
export function readContribution(file: string, text: string): ContributionRead {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const at = (offset: number): Position => {
    const { col, line } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const wrong = (offset: number, path: string, message: string, help: string): Diagnostic => ({
    ...at(offset),
    severity: "error",
    code: "contribution",
    path,
    message,
    help,
  });
  const broken = document.errors.map(({ message, pos: [offset] }) =>
    wrong(offset, "", message.split(/ at line |\n/)[0] ?? message, "correct the YAML"),
  );
  if (broken.length > 0) return failed(broken);
  const top = isMap(document.contents) ? pairsOf(document.contents) : [];
  const others = top.filter(({ key }) => nameOf(key) !== "services");
  const services = top.find(({ key }) => nameOf(key) === "services")?.value;
  if (!isMap(services) || services.items.length === 0)
    return failed([wrong(0, "", "has no services", "write services: and the service below it")]);

  const diagnostics = [
    ...others.map(({ key }) => {
      const message = "is not merged: a contribution is of services alone";
      return wrong(key.range[0], nameOf(key), message, "put it into the compose repository");
    }),
    ...pairsOf(services)
      .filter(({ value }) => !isMap(value))
      .map(({ key }) => {
        const path = pathText(["services", nameOf(key)]);
        return wrong(key.range[0], path, "is not a mapping", "write its settings below it");
      }),
    ...tagged(document).map((node) => {
      const message = `has the tag ${node.tag}, which the common file would not have`;
      return wrong(node.range?.[0] ?? 0, "", message, "write the value itself");
    }),
    ...ambiguous(document).map(({ range, source }) => {
      const message = `${source} is not to all who read YAML what it is to compose`;
      return wrong(range?.[0] ?? 0, "", message, "write it in decimal digits, or in quotes");
    }),
  ];
  if (diagnostics.length > 0) return failed(diagnostics);
  const positionOf = (path: readonly string[]) => at(offsetOf(document.contents, path));
  try {
    const data = document.toJS({ maxAliasCount: 1_000 }) as Pick<Contribution, "services">;
    return { kind: "read", contribution: { services: data.services, positionOf } };
  } catch (error) {
    const message = `has aliases that cannot be followed: ${(error as Error).message}`;
    return failed([wrong(0, "", message, "write the values out")]);
  }
}

const failed = (diagnostics: readonly Diagnostic[]): ContributionRead => ({
  kind: "failed",
  diagnostics,
});

const pairsOf = (node: ParsedNode): readonly Pair<ParsedNode, ParsedNode | null>[] =>
  isMap(node) ? (node.items as Pair<ParsedNode, ParsedNode | null>[]) : [];

const nameOf = (key: ParsedNode): string => (isScalar(key) ? String(key.value) : "");

function tagged(document: ReturnType<typeof parseDocument>): readonly ParsedNode[] {
  const found: ParsedNode[] = [];
  visit(document, {
    Node: (_, node) => {
      const { tag } = node as ParsedNode;
      if (tag?.startsWith("!")) found.push(node as ParsedNode);
    },
  });
  return found;
}

/** Numbers that would be written otherwise than compose reads them here: `0440` is octal to it. */
function ambiguous(document: ReturnType<typeof parseDocument>): readonly Scalar[] {
  const found: Scalar[] = [];
  visit(document, {
    Scalar: (_, node) => {
      const { source, tag, type, value } = node;
      if (type !== "PLAIN" || tag !== undefined || typeof value === "symbol") return;
      const word = plainScalar(source ?? "");
      if (word.as !== "date" && !Object.is(word.value, value)) found.push(node);
    },
  });
  return found;
}

function offsetOf(node: ParsedNode | null, [step, ...rest]: readonly string[]): number {
  const pair = node ? pairsOf(node).find(({ key }) => nameOf(key) === step) : undefined;
  if (pair === undefined) return node?.range[0] ?? 0;
  return rest.length === 0 || pair.value === null ? pair.key.range[0] : offsetOf(pair.value, rest);
}
