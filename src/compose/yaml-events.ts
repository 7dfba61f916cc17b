import {
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from "js-yaml";
import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type ParsedNode,
  Parser,
  type YAMLMap,
  type YAMLParseError,
  type YAMLSeq,
} from "yaml";
import { limits } from "./limits.ts";
import { requote } from "./yaml-quotes.ts";

/** One node of YAML text, in the order in which they are written; collections end with `end`. */
export type YamlEvent =
  | (Properties & { readonly kind: "scalar"; readonly value: string; readonly plain: boolean })
  | (Properties & { readonly kind: "mapping" | "sequence" })
  | { readonly kind: "alias"; readonly anchor: string; readonly offset: number }
  | { readonly kind: "end" };

interface Properties {
  /** Undefined: there is no text for it. */
  readonly offset: number | undefined;
  /** Empty: it has none. */
  readonly anchor: string;
  /** As written (`!reset`), or in full for YAML's own (`tag:yaml.org,2002:str`). */
  readonly tag: string;
}

export const tooDeep = `mappings and lists are nested more than ${limits.depth} deep`;

/** Why a text is no YAML. */
export interface Broken {
  readonly offset: number;
  readonly message: string;
  readonly help: string;
}

/** Events in their order, each made when it is asked for: they are many, and looked at once. */
export interface YamlEvents {
  /** The next one; undefined after the last. */
  peek(): YamlEvent | undefined;
  skip(): void;
}

/**
 * A text's events, documents one after the other, each closed by `end`. Two readers: the first is
 * quick and strict, and what it refuses the second decides, which also says what is wrong.
 */
export function yamlEvents(text: string): YamlEvents | Broken {
  try {
    const events = parseEvents(text, { maxDepth: limits.depth });
    return eventsFrom(events.filter(isContent), (event) => quickEvent(text, event));
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const events = patientEvents(text);
    if (!("message" in events)) return eventsFrom(events, (event) => event);
    return requotedEvents(text, events) ?? events;
  }
}

/** Where all that is wrong is how quoted text is indented, the reference reads on, and so do we. */
function requotedEvents(text: string, broken: Broken): YamlEvents | undefined {
  if (!isUnclosed(broken)) return undefined;
  const requoted = requote(text, (tried) => {
    const events = patientEvents(tried);
    return "message" in events ? events.offset : undefined;
  });
  if (requoted === undefined) return undefined;
  const events = patientEvents(requoted.text);
  if ("message" in events) return undefined;
  return eventsFrom(events, (event) =>
    "offset" in event && event.offset !== undefined
      ? { ...event, offset: requoted.originalOffset(event.offset) }
      : event,
  );
}

const isUnclosed = ({ message }: Broken): boolean => /Missing closing ['"]quote/.test(message);

function eventsFrom<T>(items: readonly T[], eventOf: (item: T) => YamlEvent): YamlEvents {
  let at = 0;
  let next: YamlEvent | undefined;
  return {
    peek: () => {
      const item = items[at];
      if (next === undefined && item !== undefined) next = eventOf(item);
      return next;
    },
    skip: () => {
      at += 1;
      next = undefined;
    },
  };
}

type Content = Exclude<Event, { readonly type: typeof EVENT_ID.DOCUMENT }>;

const isContent = (event: Event): event is Content => event.type !== EVENT_ID.DOCUMENT;

const end: YamlEvent = { kind: "end" };

function quickEvent(text: string, event: Content): YamlEvent {
  if (event.type === EVENT_ID.POP) return end;
  const anchor = slice(text, event.anchorStart, event.anchorEnd);
  if (event.type === EVENT_ID.ALIAS)
    return { kind: "alias", anchor, offset: event.anchorStart - 1 };
  const tag = slice(text, event.tagStart, event.tagEnd).replace(/^!!/, "tag:yaml.org,2002:");
  if (event.type === EVENT_ID.SEQUENCE)
    return { kind: "sequence", offset: event.start, anchor, tag };
  if (event.type === EVENT_ID.MAPPING) return { kind: "mapping", offset: event.start, anchor, tag };
  const quote =
    event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  const absent = event.valueStart < 0;
  return {
    kind: "scalar",
    value: absent ? "" : getScalarValue(text, event),
    plain: event.style === SCALAR_STYLE.PLAIN,
    offset: absent ? undefined : event.valueStart - (quote ? 1 : 0),
    anchor,
    tag,
  };
}

const slice = (text: string, start: number, end: number): string =>
  start < 0 ? "" : text.slice(start, end);

function patientEvents(text: string): readonly YamlEvent[] | Broken {
  const composer = new Composer({
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  try {
    const documents = [...composer.compose(new Parser().parse(text), false, text.length)];
    // What comes after the first error is mostly its consequence.
    const [first] = documents.flatMap(({ errors }) => errors);
    if (first === undefined) return documents.flatMap(eventsOf);
    return broken(first);
  } catch (error) {
    // It recurses: what is nested deep enough is beyond its stack, and our limit.
    if (!(error instanceof RangeError)) throw error;
    return { offset: 0, message: tooDeep, help: "" };
  }
}

function broken({ message, pos: [offset] }: YAMLParseError): Broken {
  if (message.includes("call stack")) return { offset, message: tooDeep, help: "" };
  const help = message.includes("Tabs") ? "indent with spaces" : "";
  return { offset, message: `not YAML: ${message.replace(/\s+/g, " ")}`, help };
}

const eventsOf = (document: Document.Parsed<ParsedNode>): readonly YamlEvent[] => [
  ...nodeEvents(document.contents),
  { kind: "end" },
];

function* nodeEvents(node: ParsedNode | null): Generator<YamlEvent> {
  const at = { offset: node?.range[0], anchor: node?.anchor ?? "", tag: node?.tag ?? "" };
  if (isAlias(node)) yield { kind: "alias", anchor: node.source, offset: node.range[0] };
  else if (isMap(node) || isSeq(node)) {
    yield { kind: isMap(node) ? "mapping" : "sequence", ...at };
    for (const child of childrenOf(node)) yield* nodeEvents(child);
    yield { kind: "end" };
  } else yield { kind: "scalar", ...scalarOf(node), ...at };
}

/** A mapping's keys and values in turn, or a list's items. */
const childrenOf = (node: YAMLMap | YAMLSeq): readonly (ParsedNode | null)[] =>
  node.items.flatMap((item) =>
    isPair(item) ? [item.key as ParsedNode, item.value as ParsedNode] : [item as ParsedNode],
  );

const scalarOf = (node: ParsedNode | null) =>
  isScalar(node)
    ? { value: String(node.value), plain: node.type === "PLAIN" }
    : { value: "", plain: true };
