import { isScalar, type ParsedNode } from "yaml";
import { canonicalJson } from "../model/digest.ts";
import { type Form, readForm, type Variables } from "./form.ts";
import { entriesOf, type Page, type Path, resolved } from "./page.ts";
import { type Policy, type ReadPolicy, readPolicy } from "./policy.ts";

/** A file whose documents have been read. */
export interface ReadFile {
  readonly path: string;
  readonly text: string;
  readonly pages: readonly Page[];
}

/** One service's image, where the text that decides it stands. */
export interface Reference {
  readonly service: string;
  /** As it is written. */
  readonly image: string;
  readonly place: TextPlace;
  readonly follows: Follows;
  /** Where its marker stands in its file: the offset of its name. */
  readonly marker: { readonly file: string; readonly offset: number } | undefined;
}

interface TextPlace {
  readonly file: string;
  readonly document: number;
  /** Of the scalar itself, no alias and no merge key followed. */
  readonly path: Path;
  /** The same text for the same scalar. */
  readonly key: string;
}

/** Whether a policy moves an image, and if one should but cannot, why. */
type Follows =
  | { readonly kind: "policy"; readonly policy: Policy; readonly form: Form }
  | { readonly kind: "stalled"; readonly reason: string }
  | { readonly kind: "none" };

/** The images of all services of some files merged in this order. */
export function referencesIn(
  files: readonly ReadFile[],
  variables: Variables,
): readonly Reference[] {
  const services = new Map<string, Written>();
  const policies = new Map<string, unknown>();
  for (const file of files)
    for (const [document, page] of file.pages.entries()) {
      readPolicies(page, policies);
      readServices({ file, document, page }, services);
    }
  return [...services].flatMap(([service, written]) =>
    toReference(service, written, { policies, variables }),
  );
}

interface At {
  readonly file: ReadFile;
  readonly document: number;
  readonly page: Page;
}

/** A value as it was found: the node that stands there, which may be an alias. */
interface Found {
  readonly at: At;
  readonly node: ParsedNode;
}

/** What the files say of one service, later ones over earlier ones. */
interface Written {
  readonly image: Found | undefined;
  readonly policy: Found | undefined;
  readonly extended: boolean;
}

const unwritten: Written = { image: undefined, policy: undefined, extended: false };

function readPolicies(page: Page, policies: Map<string, unknown>): void {
  const named = entriesOf(page, page.document.contents).get("x-image-policies");
  for (const [name, node] of entriesOf(page, named)) policies.set(name, node && dataOf(page, node));
}

function readServices(at: At, services: Map<string, Written>): void {
  const { page } = at;
  const all = entriesOf(page, page.document.contents).get("services");
  if (replaces(all)) services.clear();
  for (const [name, service] of entriesOf(page, all)) {
    // Any other name is an error of the compose file, and no text for a commit's message.
    if (!/^[\w.-]+$/.test(name)) continue;
    const before = replaces(service) ? unwritten : (services.get(name) ?? unwritten);
    const entries = entriesOf(page, service);
    const read = (key: string, earlier: Found | undefined): Found | undefined => {
      const node = entries.get(key) ?? undefined;
      if (node === undefined) return earlier;
      return node.tag === "!reset" ? undefined : { at, node };
    };
    services.set(name, {
      image: read("image", before.image),
      policy: read("x-image-policy", before.policy),
      extended: before.extended || entries.has("extends"),
    });
  }
}

/** A policy's data; undefined: it has more aliases than a policy can need. */
function dataOf(page: Page, node: ParsedNode): unknown {
  try {
    return resolved(page, node).toJS(page.document);
  } catch {
    return undefined;
  }
}

/** Compose's own tags: what earlier files say of this does not count. */
const replaces = (node: ParsedNode | null | undefined): boolean =>
  node?.tag === "!override" || node?.tag === "!reset";

interface Context {
  readonly policies: ReadonlyMap<string, unknown>;
  readonly variables: Variables;
}

function toReference(service: string, written: Written, context: Context): readonly Reference[] {
  const { image, policy, extended } = written;
  if (image === undefined)
    return policy === undefined ? [] : [withoutImage(service, policy, extended)];

  const { at, node } = image;
  const scalar = resolved(at.page, node);
  const marker = markerOf(image) ?? markerOf({ at, node: scalar });
  const text = isScalar(scalar) && typeof scalar.value === "string" ? scalar.value : "";
  const asked = policyOf(policy, marker?.text, context.policies);
  return [
    {
      service,
      image: text,
      place: placeOf(at, scalar),
      follows: asked === undefined ? { kind: "none" } : follow(asked, text, context.variables),
      marker: marker && { file: at.file.path, offset: marker.offset },
    },
  ];
}

function withoutImage(service: string, { at, node }: Found, extended: boolean): Reference {
  const reason = extended
    ? "its image comes through `extends`: write `image` at the service itself"
    : "it has a policy and no image";
  const place = placeOf(at, resolved(at.page, node));
  return { service, image: "", place, follows: { kind: "stalled", reason }, marker: undefined };
}

function placeOf({ file, document, page }: At, node: ParsedNode): TextPlace {
  const path = page.paths.get(node) ?? [];
  return { file: file.path, document, path, key: canonicalJson([file.path, document, path]) };
}

function follow(asked: ReadPolicy, text: string, variables: Variables): Follows {
  if (asked.kind === "refused") return { kind: "stalled", reason: asked.reason };
  if (text === "") return { kind: "stalled", reason: "its image is not text" };
  const read = readForm(text, variables);
  return read.kind === "refused"
    ? { kind: "stalled", reason: read.reason }
    : { kind: "policy", policy: asked.policy, form: read.form };
}

interface Marker {
  readonly text: string;
  readonly offset: number;
}

/** The comment behind a value that names its policy, as Flux writes it. */
function markerOf({ at, node }: Found): Marker | undefined {
  const text = node.comment;
  if (!text?.includes(markerName)) return undefined;
  return { text, offset: at.file.text.indexOf(markerName, node.range[0]) };
}

export const markerName = '"$imagepolicy"';

/** Undefined: nothing asks for this image to be moved. */
function policyOf(
  own: Found | undefined,
  marker: string | undefined,
  policies: ReadonlyMap<string, unknown>,
): ReadPolicy | undefined {
  const refused = (reason: string): ReadPolicy => ({ kind: "refused", reason });
  if (own !== undefined && marker !== undefined)
    return refused("it has both `x-image-policy` and a marker: keep one");
  if (own !== undefined) return readPolicy(dataOf(own.at.page, own.node));
  if (marker === undefined) return undefined;

  const [, name, part] =
    /^\s*\{\s*"\$imagepolicy"\s*:\s*"([^":]+)(?::([^"]*))?"\s*\}\s*$/.exec(marker) ?? [];
  if (name === undefined) return refused(`its marker is not {${markerName}: "NAME"}`);
  if (part !== undefined)
    return refused(`\`:${part}\` is of part of an image, but \`image\` is all of it: take it out`);
  return policies.has(name)
    ? readPolicy(policies.get(name))
    : refused(`there is no \`${name}\` in the top-level \`x-image-policies\``);
}
