import { isRecord } from "./protocol.ts";

/** An element of XML that was read: its text, or its children in order. */
export interface Element {
  readonly name: string;
  readonly children: readonly Element[];
  readonly text: string;
}

/**
 * Writes a value as an element: lists of `member`s, times in ISO 8601, blobs in base64. An empty
 * list is an empty element, which a reader takes for an empty list; what is undefined is left out.
 */
export function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value))
    return wrapped(
      name,
      value.map((item) => element("member", item)),
    );
  if (value instanceof Date) return wrapped(name, [value.toISOString()]);
  if (value instanceof Uint8Array) return wrapped(name, [Buffer.from(value).toString("base64")]);
  if (isRecord(value)) {
    return wrapped(
      name,
      Object.entries(value).map(([key, member]) => element(key, member)),
    );
  }
  return wrapped(name, [escaped(String(value))]);
}

export const wrapped = (name: string, inner: readonly string[]): string => {
  const text = inner.join("");
  return text === "" ? `<${name}/>` : `<${name}>${text}</${name.split(" ")[0]}>`;
};

/** Reads a small document: elements and text, no more than clients send. */
export function readXml(text: string): Element | undefined {
  const root = { name: "", children: [] as Element[], text: "" };
  const open = [root];
  for (const [, close, name = "", empty, content = ""] of text.matchAll(token)) {
    const parent = open.at(-1);
    if (parent === undefined) return undefined;
    if (name === "") parent.text += unescaped(content);
    else if (close) open.pop();
    else {
      const child = { name, children: [], text: "" };
      parent.children.push(child);
      if (!empty) open.push(child);
    }
  }
  return open.length === 1 ? root.children[0] : undefined;
}

/** A tag (closing, name, self-closing) or text; declarations and comments are passed over. */
const token = /<(?:[?!][^>]*|(\/?)([\w:.-]+)(?:\s[^>]*?)?(\/?))>|([^<]+)/g;

// A bare carriage return would be read back as a line feed.
const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");

const unescaped = (text: string): string =>
  text
    .replace(/&#(?:x([0-9a-fA-F]+)|(\d+));/g, (_, hex: string | undefined, decimal: string) =>
      String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
